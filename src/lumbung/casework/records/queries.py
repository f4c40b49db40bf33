"""What an officer sees of a record that he opened with a reason."""

from dataclasses import dataclass
from datetime import datetime

from lumbung.accounts.models import NumberJoin, User
from lumbung.casework.models import Reading
from lumbung.casework.queries import READ_FOR
from lumbung.registry.models import MemberNumber, Person


def person_with(number: str) -> Person | None:
    """Whose member number this is."""
    row = MemberNumber.objects.select_related("person").filter(pk=number).first()
    return None if row is None else row.person


def opened(reading_id: int, officer: User, now: datetime) -> Reading | None:
    """The record that this officer opened a short while ago."""
    readings = Reading.objects.select_related("person").filter(case__isnull=True, at__gt=now - READ_FOR)
    return readings.filter(pk=reading_id, officer=officer).first()


@dataclass(frozen=True, slots=True)
class Joined:
    """A number that hangs on the person since it was joined, and whether an officer or the member did it."""

    key: int
    number: str
    joined_at: datetime
    by_officer: bool


def numbers(person: Person) -> list[str]:
    """All member numbers of the person."""
    return list(person.member_numbers.order_by("number").values_list("number", flat=True))


def joined(person: Person) -> list[Joined]:
    """The numbers that were joined to the person and can be parted, the newest first."""
    rows = NumberJoin.objects.filter(target=person, parted_at__isnull=True).select_related("joined_by")
    return [
        Joined(row.pk, row.number_id, row.joined_at, _is_officer(row.joined_by))
        for row in rows.order_by("-joined_at", "-pk")
    ]


def _is_officer(user: User | None) -> bool:
    return user is not None and user.kind == User.Kind.OFFICER
