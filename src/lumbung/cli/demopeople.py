"""Invents the demo's fund: employers, people and wages, from a seed, the same every time. Nobody in it is real."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from faker import Faker

from lumbung.law.month import Month

SEED = 2757
# No province has the code 99, so an invented NIK is nobody's.
INVENTED_AREA = "990101"
GUIDE_NUMBER = "123456789012"
GUIDE_NAME = "Budi Contoh Santosa"


@dataclass(frozen=True, slots=True)
class InventedEmployer:
    """An employer of the demo, its share of the members, and the shape of its payroll files."""

    full_number: str
    name: str
    risk_class: str
    size: str
    share: float
    file_format: str
    labour_intensive: bool = False


EMPLOYERS = (
    InventedEmployer(
        "00000001-000", "PT Contoh Tenun Nusantara", "II", "large", 0.60, "xlsx", labour_intensive=True
    ),
    InventedEmployer("00000002-000", "CV Contoh Rasa Bersama", "II", "medium", 0.30, "semicolon"),
    InventedEmployer("00000003-001", "Toko Contoh Abadi", "I", "small", 0.10, "comma"),
)
# A builder without a payroll of its own: it insures its projects as a whole.
BUILDER = InventedEmployer("00000004-000", "PT Contoh Karya Bangun", "V", "medium", 0, "comma")
PROJECT = "Jembatan Contoh Kali Jernih"
PROJECT_VALUE = 2_750_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """Work under one member number, from the first month to the last one, both counted (None: still there)."""

    employer: InventedEmployer
    member_number: str
    first: Month
    last: Month | None
    wage: int
    raise_percent: int

    def covers(self, month: Month) -> bool:
        """Whether the job stands in the month."""
        return self.first <= month and (self.last is None or month <= self.last)

    def wage_in(self, month: Month) -> int:
        """The month's wage: raised each January, in whole thousands of rupiah."""
        wage = self.wage
        for _ in range(month.year - self.first.year):
            wage += wage * self.raise_percent // 100
        return wage // 1000 * 1000


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """A person of the demo with the jobs that make its history."""

    name: str
    nik: str = field(repr=False)
    birth_date: date = field(repr=False)
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    jobs: tuple[Job, ...]


def people(count: int, first: Month, last: Month) -> list[InventedPerson]:
    """So many persons who worked for the employers between the two months. The first is the guide's own."""
    random = Random(SEED)  # noqa: S311  invented people, no secrets
    faker = Faker("id_ID")
    faker.seed_instance(SEED)
    numbers = _member_numbers(random)
    invented = [_guide(first)]
    for employer in EMPLOYERS:
        wanted = round(count * employer.share) - (1 if employer is EMPLOYERS[0] else 0)
        for _ in range(wanted):
            jobs = _jobs(random, employer, numbers, first, last)
            invented.append(_person(random, faker, jobs, len(invented)))
    return invented


@dataclass(frozen=True, slots=True)
class Trade:
    """Somebody who works for himself from a month on, and how he pays: so many months at once, until he stops."""

    person: InventedPerson
    member_number: str
    income: int = field(repr=False)
    old_age: bool
    sector: str
    first: Month
    months_at_once: int
    last_paid: Month | None

    def pays(self, month: Month) -> bool:
        """Whether he pays in the month, for it and for what he pays with it."""
        begun = self.first <= month and (self.last_paid is None or month <= self.last_paid)
        return begun and (month - self.first) % self.months_at_once == 0


@dataclass(frozen=True, slots=True)
class Stay:
    """A person who works abroad, with the month in which he pays for it before he leaves."""

    person: InventedPerson
    member_number: str
    paid_in: Month
    contract_months: int
    extension_months: int
    agency: bool
    old_age: int

    @property
    def departs_on(self) -> date:
        """The tenth of the month after he paid."""
        return (self.paid_in + 1).first_day.replace(day=10)

    @property
    def old_age_months(self) -> int:
        """How many months of old age he pays for at once."""
        return 3 if self.old_age else 0


# The months that are paid at once, and whether who pays like this stops: in both sectors, with and without JHT.
_WAYS_TO_PAY = ((1, False), (1, False), (6, False), (1, True), (1, False), (3, True))


def trades(count: int, first: Month, last: Month, invented: list[InventedPerson]) -> list[Trade]:
    """The self-employed among the members, besides those who have jobs; they pay between the two months."""
    random = Random(f"{SEED} trades")  # noqa: S311  invented people, no secrets
    faker = Faker("id_ID")
    faker.seed_instance(SEED + 1)
    taken = {job.member_number for person in invented for job in person.jobs}
    numbers = (number for number in _member_numbers(random) if number not in taken)
    made = []
    for serial in range(max(len(_WAYS_TO_PAY), count // 60)):
        at_once, stops = _WAYS_TO_PAY[serial % len(_WAYS_TO_PAY)]
        begins = first + random.randrange((last - first) // 2 + 1)
        trade = Trade(
            person=_person(random, faker, (), len(invented) + serial),
            member_number=next(numbers),
            income=random.randrange(11, 80) * 100_000,
            old_age=serial % 3 != 1,
            sector="transport" if serial % 2 else "other",
            first=begins,
            months_at_once=at_once,
            last_paid=begins + max((last - begins) // 2, 0) if stops else None,
        )
        made.append(trade)
    return made


# What Permenaker 4/2023 knows: a contract of each length, one beyond it, one without an agency.
_STAYS = ((24, 0, True, 100_000), (12, 4, True, 0), (6, 0, False, 50_000))
_FIRST_STAY = Month(2023, 3)


def stays(first: Month, last: Month, serial: int) -> list[Stay]:
    """Three migrant workers who pay between the two months; `serial` tells their identity numbers from others."""
    random = Random(f"{SEED} stays")  # noqa: S311  invented people, no secrets
    faker = Faker("id_ID")
    faker.seed_instance(SEED + 2)
    begins = max(first, _FIRST_STAY)
    made = []
    for position, (months, extension, agency, old_age) in enumerate(_STAYS):
        person = _person(random, faker, (), serial + position)
        number = f"99{random.randrange(10**8):08d}{position}"
        paid_in = begins + (last - begins) * position // len(_STAYS)
        made.append(Stay(person, number, paid_in, months, extension, agency, old_age))
    return made


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person of the demo who has no account yet, and so can register: what he types, and his older number."""

    name: str
    member_number: str
    nik: str = field(repr=False)
    birth_date: date = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    older_number: str = ""


OLDER_NUMBER = "99000000001"


def newcomer(invented: list[InventedPerson]) -> Newcomer:
    """The first person after the guide's who has a phone, an e-mail address and one member number.

    An old employer registered him under another number, without a NIK; it is found once he has an account.
    """
    for person in invented[1:]:
        if person.phone and person.email and len(person.jobs) == 1:
            number = person.jobs[0].member_number
            return Newcomer(
                person.name, number, person.nik, person.birth_date, person.phone, person.email, OLDER_NUMBER
            )
    raise LookupError("no invented person has both contacts")


def first_newcomer(invented: list[InventedPerson]) -> str:
    """The newcomer's member number, "" when nobody is one."""
    try:
        return newcomer(invented).member_number
    except LookupError:
        return ""


def _guide(first: Month) -> InventedPerson:
    """The guide's member. The date inside the NIK (01-01-01) is not the birth date: a warning, never a bar."""
    job = Job(EMPLOYERS[0], GUIDE_NUMBER, first - 24, None, 5_200_000, 6)
    return InventedPerson(
        name=GUIDE_NAME,
        nik="3171010101010001",
        birth_date=date(1990, 1, 1),
        phone="0812 0000 0001",
        email="budi@contoh.test",
        jobs=(job,),
    )


def _member_numbers(random: Random) -> Iterator[str]:
    """Distinct numbers of 11 digits, some with leading zeros, as real ones have."""
    given: set[str] = set()
    while True:
        number = f"{random.randrange(10**11):011d}"
        if number not in given:
            given.add(number)
            yield number


def _jobs(
    random: Random, employer: InventedEmployer, numbers: Iterator[str], first: Month, last: Month
) -> tuple[Job, ...]:
    span = last - first
    begins = first - random.randrange(1, 96) if random.random() < 0.8 else first + random.randrange(span + 1)
    ends = None
    if random.random() < 0.15:
        ends = min(max(begins, first) + random.randrange(1, span + 2), last)
    wage = min(int(random.lognormvariate(15.3, 0.4)), 40_000_000)
    job = Job(employer, next(numbers), begins, ends, max(wage, 2_500_000), random.randrange(3, 9))
    if ends is None or ends >= last - 2 or random.random() < 0.5:
        return (job,)
    # A new employer often registers its worker anew, so that one person has two member numbers.
    other = random.choice([e for e in EMPLOYERS if e is not employer])
    return job, Job(other, next(numbers), ends + random.randrange(1, 3), None, job.wage_in(ends), 5)


def _person(random: Random, faker: Faker, jobs: tuple[Job, ...], serial: int) -> InventedPerson:
    woman = random.random() < 0.5
    # At most 52 at the end of the demo's months: nobody reaches pension age in it.
    born = date(1974, 1, 1) + timedelta(days=random.randrange(29 * 365))
    day = born.day + (40 if woman else 0)
    name = f"{faker.first_name_female() if woman else faker.first_name_male()} {faker.last_name()}"
    return InventedPerson(
        name=name,
        nik=f"{INVENTED_AREA}{day:02d}{born:%m%y}{serial % 10000:04d}",
        birth_date=born,
        phone=f"0812 0000 {serial % 9000 + 1000:04d}" if random.random() < 0.95 else None,
        email=f"peserta{serial}@contoh.test" if random.random() < 0.5 else None,
        jobs=jobs,
    )
