"""Open a person's record with a reason, part numbers in it, lock and unlock. The member reads of each."""

from datetime import datetime

from django.db import transaction

from lumbung.accounts.actions import note_access
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.locking import actions as locking
from lumbung.accounts.models import User
from lumbung.accounts.numbers import actions as numbers
from lumbung.accounts.numbers.errors import NotYours
from lumbung.casework.actions import checked_reason
from lumbung.casework.models import Reading
from lumbung.casework.records import queries
from lumbung.casework.records.errors import NobodyThere
from lumbung.registry.models import Person


@transaction.atomic
def open_record(number: str, officer: User, *, reason: str, now: datetime) -> Reading:
    """Show an officer, for some hours, the record of who has this number. Raises ReasonNeeded, NobodyThere."""
    reason = checked_reason(reason)
    person = queries.person_with(number)
    if person is None:
        raise NobodyThere
    user = User.objects.filter(person=person).first()
    note_access("record_read", person=person, user=user, actor=officer, place="office", reason=reason, now=now)
    return Reading.objects.create(officer=officer, person=person, at=now)


@transaction.atomic
def part(reading: Reading, join_id: int, *, reason: str, now: datetime) -> None:
    """Hang a number back where it was before it was joined to the person of this record, and tell the member.

    Raises ReasonNeeded, NotYours when it is no join of this person, TooLateToPart when it was parted before.
    """
    reason = checked_reason(reason)
    if join_id not in {row.key for row in queries.joined(reading.person)}:
        raise NotYours
    numbers.part(join_id, actor=reading.officer, place="office", now=now, reason=reason)
    user = User.objects.filter(person=reading.person).first()
    if user is not None:
        contacts.tell_user(user, known.channels(user), "numbers_parted", now=now, at=now)


@transaction.atomic
def turn_lock(person: Person, officer: User, *, locks_now: bool, reason: str, now: datetime) -> None:
    """Lock or unlock the person at the office. The member reads the reason. Raises ReasonNeeded."""
    reason = checked_reason(reason)
    turn = locking.lock if locks_now else locking.unlock
    turn(person, actor=officer, place="office", reason=reason, now=now)
