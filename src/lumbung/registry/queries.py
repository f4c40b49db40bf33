"""Look up employers, members and employments."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from lumbung.encryption import blind_index
from lumbung.registry import identity
from lumbung.registry.errors import NoSuchEmployer, NoSuchMember
from lumbung.registry.models import Employer, Employment, MemberNumber


def employer(full_number: str) -> Employer:
    """The employer with that number and division (00000001-000). Raises NoSuchEmployer."""
    parts = identity.EMPLOYER_NUMBER.fullmatch(full_number.strip().upper())
    found = parts and Employer.objects.filter(number=parts[1], division=parts[2]).first()
    if not found:
        raise NoSuchEmployer(number=full_number)
    return found


def member_number(number: str) -> MemberNumber:
    """The member number with its person. Raises NoSuchMember."""
    found = MemberNumber.objects.select_related("person").filter(pk=number).first()
    if found is None:
        raise NoSuchMember
    return found


def member_numbers(numbers: Collection[str]) -> dict[str, MemberNumber]:
    """Those of the numbers that exist, with their persons, in one query."""
    found = MemberNumber.objects.select_related("person").filter(number__in=list(numbers))
    return {row.number: row for row in found}


def member_numbers_by_nik(niks: Collection[str]) -> dict[str, list[MemberNumber]]:
    """NIK → the member numbers of its person, in one query."""
    index = {blind_index(nik, context="nik"): nik for nik in niks}
    rows = MemberNumber.objects.select_related("person").filter(person__nik_index__in=list(index))
    found: dict[str, list[MemberNumber]] = {}
    for row in rows.order_by("number"):
        assert row.person.nik_index is not None
        found.setdefault(index[bytes(row.person.nik_index)], []).append(row)
    return found


def employed_between(employer: Employer, first: date, last: date) -> QuerySet[Employment]:
    """The employer's employments that touch the days first…last, both counted."""
    return Employment.objects.filter(employer=employer, started__lte=last).filter(
        Q(ended__isnull=True) | Q(ended__gte=first)
    )


def employments_on(person_id: int, day: date) -> QuerySet[Employment]:
    """A person's employments on a day, over all his member numbers, the newest first."""
    return (
        Employment.objects.select_related("employer")
        .filter(member_number__person_id=person_id, started__lte=day)
        .filter(Q(ended__isnull=True) | Q(ended__gte=day))
        .order_by("-started", "-pk")
    )
