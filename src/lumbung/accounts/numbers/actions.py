"""Join member numbers to the person who logs in, and part them again."""

from datetime import datetime

from django.db import transaction

from lumbung.accounts.actions import note_access
from lumbung.accounts.locking.queries import require_open
from lumbung.accounts.models import NumberJoin, User
from lumbung.accounts.numbers import queries
from lumbung.accounts.numbers.errors import NotYours, OnlyShown, TooLateToPart
from lumbung.accounts.queries import read_only_until
from lumbung.registry.actions import move_numbers
from lumbung.registry.errors import NoSuchMember
from lumbung.registry.models import MemberNumber, Person


@transaction.atomic
def join(user: User, found: MemberNumber | None, *, place: str, now: datetime) -> NumberJoin:
    """Hang a number on the user's person, as queries.claimed or queries.tapped found it for him.

    The door has asked for the password again. Raises NotYours (for None too), OnlyShown.
    """
    if read_only_until(user, now) is not None:
        raise OnlyShown
    assert user.person is not None
    if found is None or User.objects.filter(person=found.person).exists():
        raise NotYours
    try:
        move_numbers([found.number], source=found.person, target=user.person)
    except NoSuchMember:
        raise NotYours from None  # it was joined to somebody in the same moment
    row = NumberJoin.objects.create(
        number=found, source=found.person, target=user.person, joined_at=now, joined_by=user
    )
    note_access("numbers_joined", user=user, actor=user, place=place, now=now)
    return row


@transaction.atomic
def part(join_id: int, *, actor: User, place: str, now: datetime, reason: str | None = None) -> NumberJoin:
    """Hang a joined number back where it was: the member within a time and his own only, an officer at any time.

    Raises NotYours for another's join, TooLateToPart, OnlyShown, PersonLocked.
    """
    row = NumberJoin.objects.select_for_update(of=("self",)).select_related("source", "target").filter(pk=join_id)
    found = row.first()
    if found is None or not _may_part(found, actor):
        raise NotYours
    require_open(found.target)
    if actor.kind == User.Kind.MEMBER and read_only_until(actor, now) is not None:
        raise OnlyShown
    is_late = actor.kind == User.Kind.MEMBER and now >= found.joined_at + queries.UNDONE_FOR
    if found.parted_at is not None or is_late:
        raise TooLateToPart
    move_numbers([found.number_id], source=found.target, target=found.source)
    found.parted_at, found.parted_by = now, actor
    found.save(update_fields=["parted_at", "parted_by"])
    _note_parted(found.target, actor, place, now, reason)
    return found


def _may_part(row: NumberJoin, actor: User) -> bool:
    return actor.kind == User.Kind.OFFICER or actor.person_id == row.target_id


def _note_parted(person: Person, actor: User, place: str, now: datetime, reason: str | None) -> None:
    user = User.objects.filter(person=person).first()
    note_access("numbers_parted", user=user, person=person, actor=actor, place=place, now=now, reason=reason)
