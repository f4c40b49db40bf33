"""Change how a user is called at log-in."""

from django.db import transaction

from lumbung.accounts import usernames
from lumbung.accounts.errors import UsernameChangedToday, UsernameTaken
from lumbung.accounts.models import User
from lumbung.accounts.notices.actions import tell_change
from lumbung.accounts.notices.changes import USERNAME
from lumbung.accounts.notices.circumstances import Circumstances
from lumbung.accounts.passwords.queries import username_changes_again


@transaction.atomic
def change_username(user: User, username: str, circumstances: Circumstances) -> None:
    """Give the user another name; the old one is free at once.

    Raises ValidationError, UsernameTaken, UsernameChangedToday.
    """
    kept = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if username_changes_again(kept, circumstances.now) is not None:
        raise UsernameChangedToday
    for validator in usernames.validators:
        validator(username)
    if User.objects.filter(username=username).exists():
        raise UsernameTaken
    kept.username = user.username = username
    kept.save(update_fields=["username"])
    tell_change(user, USERNAME, circumstances)
