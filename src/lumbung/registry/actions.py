"""Register who is insured, as what and by whom. Every action takes sets: one is a set of one."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from lumbung.encryption import blind_index
from lumbung.law import job_loss
from lumbung.registry import identity
from lumbung.registry.address import Address
from lumbung.registry.errors import (
    AlreadyRegistered,
    BadFact,
    BadIdentity,
    NoSuchMember,
    OverlappingEmployment,
    OverlappingEnrolment,
)
from lumbung.registry.likeness import likeness_index
from lumbung.registry.models import (
    LONGEST_STAY_MONTHS,
    MOST_RUPIAH,
    Employer,
    Employment,
    MemberNumber,
    MigrantContract,
    Person,
    Project,
    SelfEmployment,
)

LONGEST_NAME = 200
# An enrolment, a project or a contract has its days in between; further away a year is mistyped.
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)


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
        likeness_index=likeness_index(new.name, new.birth_date),
        phone=phone,
        phone_index=None if phone is None else blind_index(phone, context="phone"),
        email=new.email,
        email_index=None if new.email is None else blind_index(new.email.casefold(), context="email"),
        language=new.language,
    )


@transaction.atomic
def correct_person(
    person: Person, *, name: str | None = None, birth_date: date | None = None, nik: str | None = None
) -> None:
    """Correct what is given. Raises BadIdentity, AlreadyRegistered when another person has the NIK."""
    if nik is not None and not identity.NIK.fullmatch(nik):
        raise BadIdentity(what="identity number", shape="16 digits")
    row = Person.objects.select_for_update().get(pk=person.pk)
    row.name = name or row.name
    row.birth_date = birth_date or row.birth_date
    row.likeness_index = likeness_index(row.name, row.birth_date)
    if nik is not None:
        row.nik, row.nik_index = nik, blind_index(nik, context="nik")
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "birth_date", "nik", "nik_index", "likeness_index"])
    except IntegrityError:
        raise AlreadyRegistered(what="identity number") from None


def _warnings(new: NewPerson) -> tuple[str, ...]:
    if new.nik is not None and not identity.nik_agrees(new.nik, new.birth_date):
        return (NIK_DATE_DIFFERS,)
    return ()


@transaction.atomic
def put_on_file(person: Person, *, phone: str | None = None, email: str | None = None) -> None:
    """Make these the contacts that the fund uses, `phone` in E.164; what is not given stays as it is."""
    kept = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    for kind, value in (("phone", phone), ("email", email)):
        if value is not None:
            set_contact(kept, kind, value)


@transaction.atomic
def move_numbers(numbers: Iterable[str], *, source: Person, target: Person) -> None:
    """Hang member numbers of one person on another: all or none. No money moves, since accounts belong to numbers.

    Raises NoSuchMember when one of them is not the source's.
    """
    wanted = set(numbers)
    if MemberNumber.objects.filter(pk__in=wanted, person=source).update(person=target) < len(wanted):
        raise NoSuchMember


@transaction.atomic
def set_contact(person: Person, kind: str, value: str | None) -> None:
    """Put a person's phone (E.164) or e-mail address on file, or take it off (None); `kind` is the column."""
    assert kind in {"phone", "email"}, kind
    index = None if value is None else blind_index(value.casefold(), context=kind)
    setattr(person, kind, value)
    setattr(person, f"{kind}_index", index)
    person.save(update_fields=[kind, f"{kind}_index"])


@transaction.atomic
def set_address(person: Person, address: Address) -> None:
    """Put on file where letters reach a person."""
    person.address = address.as_text()
    person.save(update_fields=["address"])


@transaction.atomic
def set_language(person: Person, language: str) -> None:
    """Note in which language the fund writes to a person."""
    person.language = language
    person.save(update_fields=["language"])


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

    Who is a citizen and young enough on the first day is insured against job loss from then on. Citizenship is not
    registered: who has a NIK counts as a citizen (docs/decisions/0013). Raises OverlappingEmployment when one of
    them already works there in that time (the database refuses it).
    """
    born: dict[str, Any] = dict(
        MemberNumber.objects.filter(
            pk__in={new.member_number for new in employments}, person__nik_index__isnull=False
        ).values_list("pk", "person__birth_date")
    )
    rows = [
        Employment(
            employer=employer,
            member_number_id=new.member_number,
            started=new.started,
            ended=new.ended,
            job_loss_insured=new.member_number in born
            and job_loss.may_join(born=born[new.member_number], day=new.started),
        )
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


@transaction.atomic
def note_reliefs(employer: Employer, *, labour_intensive: bool, relief_covid: bool) -> Employer:
    """Note which reliefs the employer has a right to; what was assessed before stays."""
    noted = Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    noted.labour_intensive, noted.relief_covid = labour_intensive, relief_covid
    noted.save(update_fields=["labour_intensive", "relief_covid"])
    return noted


@transaction.atomic
def note_size(employer: Employer, size: str) -> Employer:
    """Note how large the employer is, on which his programmes depend; what was assessed before stays."""
    if size not in Employer.Size.values:
        raise BadIdentity(what="size", shape=", ".join(Employer.Size.values))
    noted = Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    noted.size = size
    noted.save(update_fields=["size"])
    return noted


@dataclass(frozen=True, slots=True)
class NewSelfEmployment:
    """Who insures himself from when, on which monthly income in rupiah, and for what."""

    member_number: str
    income: int = field(repr=False)
    old_age: bool
    sector: str
    starts: date
    ends: date | None = None
    relief_covid: bool = False
    paid_by_state: bool = False


@transaction.atomic
def enrol_self_employed(enrolments: Sequence[NewSelfEmployment]) -> list[SelfEmployment]:
    """Note that these member numbers insure themselves, all or none.

    Raises BadFact for an income, a sector or days that can't be, NoSuchMember, and OverlappingEnrolment when one
    of them is insured as self-employed in that time (the database refuses it).
    """
    for new in enrolments:
        if not 0 < new.income <= MOST_RUPIAH:
            raise BadFact(what="income", shape=f"whole rupiah from 1 to {MOST_RUPIAH}")
        if new.sector not in SelfEmployment.Sector.values:
            raise BadFact(what="sector", shape=", ".join(SelfEmployment.Sector.values))
        _refuse_odd_days(new.starts, new.ends)
        if new.ends is not None and new.ends < new.starts:
            raise BadFact(what="last day", shape="not before the first day")
    _refuse_strangers(new.member_number for new in enrolments)
    rows = [
        SelfEmployment(
            member_number_id=new.member_number,
            income=new.income,
            old_age=new.old_age,
            sector=new.sector,
            paid_by_state=new.paid_by_state,
            relief_covid=new.relief_covid,
            starts=new.starts,
            ends=new.ends,
        )
        for new in enrolments
    ]
    with _overlap_refused("self_employment_no_overlap"):
        return SelfEmployment.objects.bulk_create(rows)


@transaction.atomic
def end_self_employment(enrolment_id: int, *, ends: date) -> SelfEmployment:
    """Note the last day of insurance as self-employed. Raises BadFact for one too early, or later than noted."""
    _refuse_odd_days(ends)
    enrolment = SelfEmployment.objects.select_for_update(no_key=True).get(pk=enrolment_id)
    if ends < enrolment.starts:
        raise BadFact(what="last day", shape="not before the first day")
    if enrolment.ends is not None and ends > enrolment.ends:
        raise BadFact(what="last day", shape="not after the one that is noted already")
    enrolment.ends = ends
    enrolment.save(update_fields=["ends"])
    return enrolment


@dataclass(frozen=True, slots=True)
class NewProject:
    """A construction project: the contract's value in rupiah without VAT, its first and its last day."""

    name: str
    contract_value: int
    starts: date
    ends: date
    relief_covid: bool = False


@transaction.atomic
def register_projects(employer: Employer, projects: Sequence[NewProject]) -> list[Project]:
    """Register an employer's construction projects, all or none.

    Raises BadFact for a value, a name or days that can't be, AlreadyRegistered when the employer has a project of
    that name and first day.
    """
    for new in projects:
        if not 0 < new.contract_value <= MOST_RUPIAH:
            raise BadFact(what="contract value", shape=f"whole rupiah from 1 to {MOST_RUPIAH}")
        _refuse_odd_days(new.starts, new.ends)
        if new.ends < new.starts:
            raise BadFact(what="last day", shape="not before the first day")
        if not new.name.strip() or len(new.name) > LONGEST_NAME or not new.name.isprintable():
            raise BadFact(what="name", shape=f"one line of at most {LONGEST_NAME} characters")
    rows = [
        Project(
            employer=employer,
            name=new.name.strip(),
            contract_value=new.contract_value,
            starts=new.starts,
            ends=new.ends,
            relief_covid=new.relief_covid,
        )
        for new in projects
    ]
    try:
        with transaction.atomic():
            return Project.objects.bulk_create(rows)
    except IntegrityError as refused:
        if "project_once" not in str(refused):
            raise
        raise AlreadyRegistered(what="project") from None


@dataclass(frozen=True, slots=True)
class NewMigrantContract:
    """A migrant worker's contract: day of departure, its months, and the monthly sum chosen for old age, or 0."""

    member_number: str
    departs_on: date
    contract_months: int
    agency: bool
    extension_months: int = 0
    old_age: int = 0


@transaction.atomic
def register_migrant_contracts(contracts: Sequence[NewMigrantContract]) -> list[MigrantContract]:
    """Register migrant workers' contracts, all or none.

    Raises BadFact for months that can't be, NoSuchMember, OverlappingEnrolment when one of them has a contract in
    that time. Whether the law insures such a contract is asked when it is billed.
    """
    for new in contracts:
        _refuse_odd_days(new.departs_on)
        if not (
            0 < new.contract_months <= LONGEST_STAY_MONTHS and 0 <= new.extension_months <= LONGEST_STAY_MONTHS
        ):
            raise BadFact(what="length of the contract", shape=f"1 to {LONGEST_STAY_MONTHS} months")
        if not 0 <= new.old_age <= MOST_RUPIAH:
            raise BadFact(
                what="monthly sum for old age", shape=f"whole rupiah from 0 to {MOST_RUPIAH}, 0 for none"
            )
    _refuse_strangers(new.member_number for new in contracts)
    rows = [
        MigrantContract(
            member_number_id=new.member_number,
            departs_on=new.departs_on,
            contract_months=new.contract_months,
            extension_months=new.extension_months,
            agency=new.agency,
            old_age=new.old_age,
        )
        for new in contracts
    ]
    with _overlap_refused("migrant_contract_no_overlap"):
        return MigrantContract.objects.bulk_create(rows)


def _refuse_odd_days(*days: date | None) -> None:
    for day in days:
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise BadFact(what=f"day {day}", shape=f"from {FIRST_DAY} to {LAST_DAY}")


def _refuse_strangers(numbers: Iterable[str]) -> None:
    wanted = set(numbers)
    if MemberNumber.objects.filter(pk__in=wanted).count() < len(wanted):
        raise NoSuchMember


@contextmanager
def _overlap_refused(constraint: str) -> Iterator[None]:
    """Say in a sentence what an exclusion constraint refuses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if constraint not in str(refused):
            raise
        raise OverlappingEnrolment from None
