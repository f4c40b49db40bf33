"""Note that a member took his data away; close his account."""

from datetime import datetime, timedelta

from django.db import transaction

from lumbung.accounts import queries as accounts
from lumbung.accounts.actions import note_access
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts.queries import channels
from lumbung.accounts.locking.queries import require_open
from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.sessions import actions as sessions
from lumbung.casework import actions as casework
from lumbung.casework import queries as cases
from lumbung.contributions.payslips import actions as payslips
from lumbung.mydata.errors import AlreadyClosed, ClosingWaits
from lumbung.profiles.consents import actions as consents
from lumbung.profiles.consents.purposes import PURPOSES
from lumbung.registry.models import MemberNumber

TOLD_EVERY = timedelta(hours=1)


@transaction.atomic
def note_taken(user: User, *, place: str, now: datetime) -> None:
    """Write into the access log that everything was taken away, and tell every channel, once an hour at most."""
    was_told = AccessEvent.objects.filter(user=user, what="data_taken", at__gt=now - TOLD_EVERY).exists()
    note_access("data_taken", user=user, actor=user, place=place, now=now)
    if not was_told:
        contacts.tell_user(user, channels(user), "data_taken", now=now, at=now)


@transaction.atomic
def close_account(user: User, *, place: str, now: datetime) -> None:
    """End a member's account: whatever belongs to logging in is deleted, what the law keeps stays with the person.

    Every channel is told. Requests that wait are taken back, consents too; payslips that he kept for himself go.
    The person can register again. Raises ClosingWaits while a change of contact or bank account cools off,
    PersonLocked, and AlreadyClosed.
    """
    there = User.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    found = there.filter(pk=user.pk).first()
    if found is None:  # another of his windows was quicker
        raise AlreadyClosed
    user, person = found, found.person
    assert person is not None
    require_open(person)
    if accounts.cooling_off(user, now) is not None:
        raise ClosingWaits
    for purpose in PURPOSES:
        consents.withdraw(user, purpose, place=place, now=now)
    for case in cases.open_asked_by(user):
        casework.withdraw(case.pk, user, place=place, now=now)
    numbers = MemberNumber.objects.filter(person=user.person_id).values_list("number", flat=True)
    payslips.forget(list(numbers))
    contacts.tell(channels(user), "account_closed", language=user.language, now=now, at=now)
    note_access("account_closed", user=user, actor=user, place=place, now=now)
    sessions.end_all(user, place=place, now=now)
    User.objects.filter(pk=user.pk).delete()
