"""Note that a member took his data away."""

from datetime import datetime, timedelta

from django.db import transaction

from lumbung.accounts.actions import note_access
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts.queries import channels
from lumbung.accounts.models import AccessEvent, User

TOLD_EVERY = timedelta(hours=1)


@transaction.atomic
def note_taken(user: User, *, place: str, now: datetime) -> None:
    """Write into the access log that everything was taken away, and tell every channel, once an hour at most."""
    was_told = AccessEvent.objects.filter(user=user, what="data_taken", at__gt=now - TOLD_EVERY).exists()
    note_access("data_taken", user=user, actor=user, place=place, now=now)
    if not was_told:
        contacts.tell_user(user, channels(user), "data_taken", now=now, at=now)
