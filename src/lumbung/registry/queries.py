"""Look up employers, members and employments."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from lumbung.encryption import blind_index
from lumbung.registry import identity
from lumbung.registry.errors import NoSuchContract, NoSuchEmployer, NoSuchMember, NoSuchProject
from lumbung.registry.models import (
    Employer,
    Employment,
    MemberNumber,
    MigrantContract,
    Project,
    SelfEmployment,
)


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


def self_employed_between(member_number: str, first: date, last: date) -> list[SelfEmployment]:
    """The enrolments as self-employed of a member number that touch the days first…last, the oldest first."""
    rows = SelfEmployment.objects.filter(member_number=member_number, starts__lte=last)
    return list(rows.filter(Q(ends__isnull=True) | Q(ends__gte=first)).order_by("starts"))


def self_employments_on(person_id: int, day: date) -> QuerySet[SelfEmployment]:
    """A person's enrolments as self-employed on a day, over all his member numbers, the newest first."""
    rows = SelfEmployment.objects.filter(member_number__person_id=person_id, starts__lte=day)
    return rows.filter(Q(ends__isnull=True) | Q(ends__gte=day)).order_by("-starts", "-pk")


def migrant_contracts_on(person_id: int, day: date) -> QuerySet[MigrantContract]:
    """A person's contracts as a migrant worker that have not ended by a day, the newest departure first."""
    rows = MigrantContract.objects.filter(member_number__person_id=person_id, ends__gte=day)
    return rows.order_by("-departs_on", "-pk")


def project(number: int) -> Project:
    """The construction project with its employer. Raises NoSuchProject."""
    found = Project.objects.select_related("employer").filter(pk=number).first()
    if found is None:
        raise NoSuchProject(number=number)
    return found


def migrant_contract(number: int) -> MigrantContract:
    """The migrant worker's contract. Raises NoSuchContract."""
    found = MigrantContract.objects.filter(pk=number).first()
    if found is None:
        raise NoSuchContract(number=number)
    return found
