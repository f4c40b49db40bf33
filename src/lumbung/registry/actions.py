"""Register persons, numbers, employers and employments. Every action takes sets: one is a set of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction

from lumbung.encryption import blind_index
from lumbung.registry import identity
from lumbung.registry.errors import AlreadyRegistered, BadIdentity, OverlappingEmployment
from lumbung.registry.models import Employer, Employment, MemberNumber, Person


@dataclass(frozen=True, slots=True)
class NewPerson:
    """The facts about a person to register; what is personal stays out of its repr."""

    name: str
    birth_date: date = field(repr=False)
    member_numbers: tuple[str, ...]
    nik: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Registered:
    """A person as registered, and the codes of what an officer should look at (never a bar)."""

    person: Person
    warnings: tuple[str, ...]


NIK_DATE_DIFFERS = "nik_date_differs"


@transaction.atomic
def register_persons(persons: Sequence[NewPerson]) -> list[Registered]:
    """Register persons with their member numbers, all or none.

    A NIK whose embedded date is not the birth date is a warning, never a refusal. Raises BadIdentity for a
    number that can't be one, AlreadyRegistered when a NIK or a member number is there already.
    """
    rows = [_person_row(new) for new in persons]
    try:
        with transaction.atomic():
            Person.objects.bulk_create(rows)
            MemberNumber.objects.bulk_create(
                MemberNumber(number=number, person=row)
                for row, new in zip(rows, persons, strict=True)
                for number in new.member_numbers
            )
    except IntegrityError:
        raise AlreadyRegistered(what="member number or identity number") from None
    return [Registered(row, _warnings(new)) for row, new in zip(rows, persons, strict=True)]


def _person_row(new: NewPerson) -> Person:
    for number in new.member_numbers:
        if not identity.MEMBER_NUMBER.fullmatch(number):
            raise BadIdentity(what="member number", shape="10 to 12 digits")
    if new.nik is not None and not identity.NIK.fullmatch(new.nik):
        raise BadIdentity(what="identity number", shape="16 digits")
    phone = None
    if new.phone is not None:
        phone = identity.phone_in_e164(new.phone)
        if phone is None:
            raise BadIdentity(what="phone number", shape="like 0812 0000 0001")
    return Person(
        name=new.name,
        birth_date=new.birth_date,
        nik=new.nik,
        nik_index=None if new.nik is None else blind_index(new.nik, context="nik"),
        phone=phone,
        phone_index=None if phone is None else blind_index(phone, context="phone"),
        email=new.email,
        email_index=None if new.email is None else blind_index(new.email.casefold(), context="email"),
        language=new.language,
    )


def _warnings(new: NewPerson) -> tuple[str, ...]:
    if new.nik is not None and not identity.nik_agrees(new.nik, new.birth_date):
        return (NIK_DATE_DIFFERS,)
    return ()


@transaction.atomic
def register_employer(*, full_number: str, name: str, risk_class: str, size: str) -> Employer:
    """Register an employer's division; `full_number` is like 00000001-000."""
    parts = identity.EMPLOYER_NUMBER.fullmatch(full_number)
    if parts is None:
        raise BadIdentity(what="employer number", shape="like 00000001-000")
    if risk_class not in Employer.RiskClass.values:
        raise BadIdentity(what="risk class", shape=", ".join(Employer.RiskClass.values))
    if size not in Employer.Size.values:
        raise BadIdentity(what="size", shape=", ".join(Employer.Size.values))
    number, division = parts.groups()
    employer, is_new = Employer.objects.get_or_create(
        number=number, division=division, defaults={"name": name, "risk_class": risk_class, "size": size}
    )
    if not is_new:
        raise AlreadyRegistered(what="employer")
    return employer


@dataclass(frozen=True, slots=True)
class NewEmployment:
    """Who works for an employer from when; `ended` is the last day, None while it lasts."""

    member_number: str
    started: date
    ended: date | None = None


@transaction.atomic
def start_employments(employer: Employer, employments: Sequence[NewEmployment]) -> list[Employment]:
    """Note that these member numbers work for the employer, all or none.

    Raises OverlappingEmployment when one of them already does in that time (the database refuses it).
    """
    rows = [
        Employment(employer=employer, member_number_id=new.member_number, started=new.started, ended=new.ended)
        for new in employments
    ]
    try:
        with transaction.atomic():
            return Employment.objects.bulk_create(rows)
    except IntegrityError as refused:
        if "employment_no_overlap" not in str(refused):
            raise
        raise OverlappingEmployment(employer=employer.full_number) from None


@transaction.atomic
def end_employment(employment_id: int, *, ended: date) -> Employment:
    """Note the last day of an employment."""
    employment = Employment.objects.select_for_update().get(pk=employment_id)
    if ended < employment.started:
        raise BadIdentity(what="last day", shape="not before the first day of the employment")
    employment.ended = ended
    employment.save(update_fields=["ended"])
    return employment
