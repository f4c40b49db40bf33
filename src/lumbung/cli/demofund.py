"""Builds the demo's fund by writing payroll and bank files and feeding them through the actions of real input."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from lumbung import law
from lumbung.cli import demofiles, demopeople
from lumbung.cli.demopeople import EMPLOYERS, SEED, InventedEmployer, InventedPerson, Job
from lumbung.cli.home import write_private
from lumbung.law.month import Month

Report = Callable[[str, int, int], None]
MEMBERS = 1_000
MONTHS = 36


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
    _register(invented, report)
    _feed(folder, plan, invented, now, report)
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


def _register(invented: list[InventedPerson], report: Report) -> None:
    """Employers, persons and employments, in one transaction: all of them or none."""
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
        actions.register_persons(
            [
                actions.NewPerson(
                    name=person.name,
                    birth_date=person.birth_date,
                    member_numbers=tuple(dict.fromkeys(job.member_number for job in person.jobs)),
                    nik=person.nik,
                    phone=person.phone,
                    email=person.email,
                )
                for person in invented
            ]
        )
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


def _feed(folder: Path, plan: Plan, invented: list[InventedPerson], now: datetime, report: Report) -> None:
    """Month after month: each employer's payroll file, then the bank's file with their payments."""
    workers = [(person, job) for person in invented for job in person.jobs]
    months = [plan.first + step for step in range(plan.last - plan.first + 1)]
    for done, month in enumerate(months):
        report("Feeding payroll and bank files", done, len(months))
        _feed_month(folder, plan, workers, month, now)
    report("Feeding payroll and bank files", len(months), len(months))


def _feed_month(
    folder: Path, plan: Plan, workers: list[tuple[InventedPerson, Job]], month: Month, now: datetime
) -> None:
    from lumbung.contributions import actions as contributions
    from lumbung.payments import actions as payments
    from lumbung.registry import queries as registry

    random = Random(f"{SEED} {month}")  # noqa: S311  an invented day, no secret
    paid_on = min((month + 1).first_day + timedelta(days=random.randrange(2, 12)), plan.built_on)
    reported_at = min(_morning(paid_on), now)
    payments_made = []
    for employer in EMPLOYERS:
        lines = demofiles.payroll(workers, employer, month)
        if not lines:
            continue
        path = folder / "payroll" / demofiles.file_name(employer, month)
        content = demofiles.write_once(path, demofiles.content(lines, employer, month))
        taken = contributions.take_in_return(
            registry.employer(employer.full_number), month, content, file_name=path.name, today=paid_on,
            now=reported_at,
        )  # fmt: skip
        payments_made.append((taken.returned.payment_code.code, taken.returned.total, employer))
    rows = [
        f"{code},{amount},{paid_on.isoformat()},DEMO-{month}-{employer.full_number}"
        for code, amount, employer in payments_made
    ]
    if month == plan.last and payments_made:
        rows += _payments_that_match_nothing(payments_made[0], paid_on)
    text = "payment_code,amount,received_on,bank_reference\n" + "".join(f"{row}\n" for row in rows)
    content = demofiles.write_once(folder / "bank" / f"bank-{month}.csv", text.encode())
    paid = payments.take_in_bank_file(content, today=paid_on, now=reported_at + timedelta(minutes=1))
    for code, _, _ in payments_made:
        contributions.settle(code, now=reported_at + timedelta(minutes=2))
    assert paid.known in {0, len(rows)}, "a bank file is taken in whole"


def _payments_that_match_nothing(paid: tuple[str, int, InventedEmployer], day: date) -> list[str]:
    """Money that is held, to have something to look at: paid twice, and under a code that nobody was given."""
    code, amount, _ = paid
    return [
        f"{code},{amount},{day.isoformat()},DEMO-TWICE-1",
        f"999999999993,750000,{day.isoformat()},DEMO-STRAY-1",
    ]


def _morning(day: date) -> datetime:
    """Nine in the morning in Jakarta."""
    return datetime.combine(day, time(2, 0), UTC)


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
