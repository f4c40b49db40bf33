"""Builds the demo's fund by writing payroll and bank files and feeding them through the actions of real input."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from lumbung import law
from lumbung.cli import demobills, demofiles, demopeople
from lumbung.cli.demobills import Independent, Payment
from lumbung.cli.demopeople import EMPLOYERS, SEED, InventedEmployer, InventedPerson, Job
from lumbung.cli.home import write_private
from lumbung.law.month import Month

Report = Callable[[str, int, int], None]
DECREE = "Demo: invented rate"
_MARCH, _APRIL = 3, 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What the demo holds: settled when it is first built, so that a later start goes on with the same data."""

    members: int
    first: Month
    last: Month
    built_on: date


@dataclass(frozen=True, slots=True)
class LogIn:
    """How one kind of user gets into the demo."""

    kind: str
    path: str
    user: str
    password: str


def build(home: Path, *, members: int, months: int, now: datetime, today: date, report: Report) -> None:
    """Bring the demo's fund to its full state; what is there already stays, so it may be interrupted anywhere.

    `report(what, done, of)` is called as it goes. Django must be set up.
    """
    folder = home / "demo"
    folder.mkdir(mode=0o700, exist_ok=True)
    for part in ("payroll", "bank", "try"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if (folder / "complete").exists():
        return
    plan = _plan(folder, members, months, today)
    invented = demopeople.people(plan.members, plan.first, plan.last)
    independent = _independent(plan, invented)
    _register(invented, independent, report)
    _feed(Feed(folder, plan, invented, independent, now), report)
    _write_files_to_try(folder, plan, invented)
    _make_log_ins(folder)
    (folder / "complete").touch()


def _plan(folder: Path, members: int, months: int, today: date) -> Plan:
    """The plan kept at the first start, else one up to the last complete month for which the law is known."""
    path = folder / "plan.json"
    if path.exists():
        kept = json.loads(path.read_text())
        return Plan(
            kept["members"],
            Month.parse(kept["first"]),
            Month.parse(kept["last"]),
            date.fromisoformat(kept["built_on"]),
        )
    last = Month.of(today) - 1
    known = law.last_known_month()
    if known is not None:
        last = min(last, known)
    plan = Plan(members, last - (months - 1), last, today)
    facts = {"members": members, "first": str(plan.first), "last": str(last), "built_on": today.isoformat()}
    write_private(path, json.dumps(facts))
    return plan


def _independent(plan: Plan, invented: list[InventedPerson]) -> Independent:
    """Who insures himself. The money for a month of wages comes in the next month, and so does theirs."""
    first, last = plan.first + 1, plan.last + 1
    trades = demopeople.trades(plan.members, first, last, invented)
    stays = demopeople.stays(first, last, len(invented) + len(trades))
    return Independent(trades, stays, project_paid_in=first + (last - first) // 2)


def _register(invented: list[InventedPerson], independent: Independent, report: Report) -> None:
    """Employers, persons and what insures them, in one transaction: all of them or none."""
    from django.db import transaction

    from lumbung.registry import actions
    from lumbung.registry.models import Employer

    if Employer.objects.exists():
        return
    report("Registering employers and members", 0, len(invented))
    with transaction.atomic():
        employers = {
            employer.full_number: actions.register_employer(
                full_number=employer.full_number,
                name=employer.name,
                risk_class=employer.risk_class,
                size=employer.size,
            )
            for employer in EMPLOYERS
        }
        for employer in EMPLOYERS:
            actions.note_reliefs(
                employers[employer.full_number], labour_intensive=employer.labour_intensive, relief_covid=False
            )
        numbered = [
            (person, tuple(dict.fromkeys(job.member_number for job in person.jobs))) for person in invented
        ]
        numbered += [(person, (number,)) for person, number in independent.people]
        actions.register_persons(
            [
                actions.NewPerson(
                    name=person.name,
                    birth_date=person.birth_date,
                    member_numbers=numbers,
                    nik=person.nik,
                    phone=person.phone,
                    email=person.email,
                )
                for person, numbers in numbered
            ]
        )
        demobills.register(independent)
        for employer in EMPLOYERS:
            actions.start_employments(employers[employer.full_number], _employments(invented, employer))
    report("Registering employers and members", len(invented), len(invented))


def _employments(invented: list[InventedPerson], employer: InventedEmployer) -> list:  # type: ignore[type-arg]
    from lumbung.registry.actions import NewEmployment

    return [
        NewEmployment(job.member_number, job.first.first_day, job.last.last_day if job.last else None)
        for person in invented
        for job in person.jobs
        if job.employer is employer
    ]


@dataclass(frozen=True, slots=True)
class Feed:
    """What is fed: where its files lie, for whom, and the present, which nothing is booked after."""

    folder: Path
    plan: Plan
    invented: list[InventedPerson]
    independent: Independent
    now: datetime

    @property
    def workers(self) -> list[tuple[InventedPerson, Job]]:
        return [(person, job) for person in self.invented for job in person.jobs]

    @property
    def late_month(self) -> Month:
        """The month whose contributions the smallest employer pays a month late."""
        return self.plan.last - 6

    def paid_on(self, month: Month) -> date:
        """When the contributions of a month are paid: early in the next one, in time for who pays ahead too."""
        random = Random(f"{SEED} {month}")  # noqa: S311  an invented day, no secret
        return min((month + 1).first_day + timedelta(days=random.randrange(2, 12)), self.plan.built_on)

    def morning(self, day: date) -> datetime:
        """Nine in the morning in Jakarta."""
        return min(datetime.combine(day, time(2, 0), UTC), self.now)


def _feed(feed: Feed, report: Report) -> None:
    """Month after month: each employer's payroll file, then the bank's file; in March the year's result."""
    months = [feed.plan.first + step for step in range(feed.plan.last - feed.plan.first + 1)]
    for done, month in enumerate(months):
        report("Feeding payroll and bank files", done, len(months))
        if month.month == _MARCH:
            _credit(feed, month.year - 1)
        _feed_month(feed, month)
    report("Feeding payroll and bank files", len(months), len(months))


def _credit(feed: Feed, year: int) -> None:
    """Credit a year in which money came, on 20 March of the next: after February's money, before March's."""
    from lumbung.development import actions

    day = date(year + 1, _MARCH, 20)
    if year >= (feed.plan.first + 1).year and day <= feed.plan.built_on:
        actions.credit(year=year, rate=f"5.{year % 10}0", decree=DECREE, now=feed.morning(day))


def _feed_month(feed: Feed, month: Month) -> None:
    """A month's returns, the bills of who pays by himself, the bank's file with their money, and its settling."""
    from lumbung.contributions import actions as contributions
    from lumbung.payments import actions as payments

    paid_on = feed.paid_on(month)
    reported_at = feed.morning(paid_on)
    returned = {employer: _report(feed, employer, month, paid_on) for employer in EMPLOYERS}
    due = [payment for employer, payment in returned.items() if payment and not _pays_late(feed, employer, month)]
    late = _report(feed, EMPLOYERS[-1], month - 1, paid_on) if _pays_late(feed, EMPLOYERS[-1], month - 1) else None
    due += [late] if late else []
    due += demobills.payments(feed.independent, Month.of(paid_on), reported_at)
    rows = [payment.line(paid_on) for payment in due]
    if month == feed.plan.last and rows:
        rows += _payments_that_match_nothing(due[0], paid_on)
    text = "payment_code,amount,received_on,bank_reference\n" + "".join(f"{row}\n" for row in rows)
    content = demofiles.write_once(feed.folder / "bank" / f"bank-{month}.csv", text.encode())
    paid = payments.take_in_bank_file(content, today=paid_on, now=reported_at + timedelta(minutes=1))
    assert paid.known in {0, content.count(b"\n") - 1}, "a bank file is taken in whole"
    for payment in due:
        contributions.settle(payment.code, now=reported_at + timedelta(minutes=2))
    demobills.settle(reported_at + timedelta(minutes=2))


def _pays_late(feed: Feed, employer: InventedEmployer, month: Month) -> bool:
    """Whether this employer's money for the month comes with the next month's, and not before."""
    return employer is EMPLOYERS[-1] and month == feed.late_month and month >= feed.plan.first


def _report(feed: Feed, employer: InventedEmployer, month: Month, day: date) -> Payment | None:
    """An employer's return for a month, taken in once however often, as it is to be paid; None without workers."""
    from lumbung.contributions import actions as contributions
    from lumbung.registry import queries as registry

    lines = demofiles.payroll(feed.workers, employer, month)
    if not lines:
        return None
    path = feed.folder / "payroll" / demofiles.file_name(employer, month)
    content = demofiles.write_once(path, demofiles.content(lines, employer, month))
    taken = contributions.take_in_return(
        registry.employer(employer.full_number), month, content, file_name=path.name, today=day,
        now=feed.morning(day),
    )  # fmt: skip
    code = taken.returned.payment_code
    assert code is not None, "what was taken in from a file has a code"
    return Payment(code.code, code.amount, f"DEMO-{month}-{employer.full_number}")


def _payments_that_match_nothing(paid: Payment, day: date) -> list[str]:
    """Money that is held, to have something to look at: paid twice, and under a code that nobody was given."""
    return [
        Payment(paid.code, paid.amount, "DEMO-TWICE-1").line(day),
        Payment("999999999993", 750_000, "DEMO-STRAY-1").line(day),
    ]


def _write_files_to_try(folder: Path, plan: Plan, invented: list[InventedPerson]) -> None:
    """A payroll file of each employer for the month after, not fed yet, and one with mistakes in it."""
    workers = [(person, job) for person in invented for job in person.jobs]
    month = plan.last + 1
    for employer in EMPLOYERS:
        lines = demofiles.payroll(workers, employer, month)
        path = folder / "try" / demofiles.file_name(employer, month)
        demofiles.write_once(path, demofiles.content(lines, employer, month))
    small = EMPLOYERS[-1]
    good = demofiles.content(demofiles.payroll(workers, small, month)[:5], small, month).decode().splitlines()
    wrong = ["12345,Contoh Salah,5000000", f"{demopeople.GUIDE_NUMBER},Contoh Lain,5.000", "00000000000,=1+1,-3"]
    demofiles.write_once(
        folder / "try" / f"dengan-kesalahan-{small.full_number}-{month}.csv",
        "\n".join([*good, *wrong, ""]).encode(),
    )


def _make_log_ins(folder: Path) -> None:
    """One user of each kind. The pass phrases are made here, once, and kept where only this user can read them."""
    from django.db import transaction

    from lumbung.accounts import actions
    from lumbung.accounts.models import User
    from lumbung.registry import queries

    if User.objects.exists():
        return
    person = queries.member_number(demopeople.GUIDE_NUMBER).person
    employer = queries.employer(EMPLOYERS[0].full_number)
    with transaction.atomic():
        log_ins = [
            LogIn("member", "/", "budi", _pass_phrase()),
            LogIn("employer", "/employer/", "hrd", _pass_phrase()),
            LogIn("officer", "/office/", "petugas", _pass_phrase()),
        ]
        actions.make_member_user(person, username=log_ins[0].user, password=log_ins[0].password)
        actions.make_employer_user(employer, username=log_ins[1].user, password=log_ins[1].password)
        actions.make_officer(username=log_ins[2].user, password=log_ins[2].password)
        program = actions.make_program("demo payroll")
        log_ins.append(LogIn("program", "/api/", program.client_id, program.secret))
        rows = [{"kind": x.kind, "path": x.path, "user": x.user, "password": x.password} for x in log_ins]
        write_private(folder / "log-ins.json", json.dumps(rows, indent=1))


def log_ins(home: Path) -> list[LogIn]:
    """The demo's users with their pass phrases."""
    return [LogIn(**row) for row in json.loads((home / "demo" / "log-ins.json").read_text())]


WORDS = (
    *("padi", "jagung", "sagu", "kelapa", "kopi", "cengkeh", "pala", "lada", "kunyit", "jahe", "salak", "duku"),
    *("nangka", "manggis", "rambutan", "durian", "mangga", "pepaya", "pisang", "tebu", "bambu", "rotan", "jati"),
    *("sungai", "danau", "gunung", "pantai", "ombak", "angin", "hujan", "embun", "pelangi", "bintang", "bulan"),
    *("mentari", "perahu", "dayung", "layar", "jala", "tenun", "batik", "anyam", "gerabah", "gamelan", "lesung"),
)


def _pass_phrase() -> str:
    """Four words and a number: long enough for the rule, easy to type on a phone."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), str(secrets.randbelow(9000) + 1000)])
