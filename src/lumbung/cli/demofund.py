"""Builds the demo's fund by writing payroll and bank files and feeding them through the actions of real input."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from lumbung import law
from lumbung.cli import demobills, demofeed, demofiles, demonews, demonotices, demopeople, demoprofiles
from lumbung.cli.demobills import Independent
from lumbung.cli.demofeed import Feed, Plan, Report
from lumbung.cli.demopeople import EMPLOYERS, InventedEmployer, InventedPerson
from lumbung.cli.home import write_private
from lumbung.law.month import Month


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
    for part in ("payroll", "bank", "try", "fed"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if (folder / "complete").exists():
        return
    plan = _plan(folder, members, months, today)
    invented = demopeople.people(plan.members, plan.first, plan.last)
    independent = _independent(plan, invented)
    _register(invented, independent, report)
    feed = Feed(folder, plan, invented, independent, now)
    _make_log_ins(folder, feed.morning(plan.first.first_day))  # so that the member is told from the beginning
    demofeed.run(feed, report)
    _write_faults(feed)
    _write_files_to_try(feed)
    demoprofiles.plant(now)
    demonews.publish(now=now, today=plan.built_on)
    demonotices.read_old(now)
    _write_newcomer(folder, invented)
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
        _register_older_number(invented)
        demobills.register(independent)
        for employer in EMPLOYERS:
            actions.start_employments(employers[employer.full_number], _employments(invented, employer))
    report("Registering employers and members", len(invented), len(invented))


def _register_older_number(invented: list[InventedPerson]) -> None:
    """A second row of one person, without a NIK, as an old employer made it."""
    from lumbung.registry import actions

    try:
        who = demopeople.newcomer(invented)
    except LookupError:
        return  # a demo of a few people
    older = actions.NewPerson(who.name, who.birth_date, (who.older_number,), phone=who.phone)
    actions.register_persons([older])


def _employments(invented: list[InventedPerson], employer: InventedEmployer) -> list:  # type: ignore[type-arg]
    from lumbung.registry.actions import NewEmployment

    return [
        NewEmployment(job.member_number, job.first.first_day, job.last.last_day if job.last else None)
        for person in invented
        for job in person.jobs
        if job.employer is employer
    ]


def _write_files_to_try(feed: Feed) -> None:
    """A payroll file of each employer for the month after, not fed yet, and one with mistakes in it."""
    folder, workers, month = feed.folder, feed.workers, feed.plan.last + 1
    for employer in EMPLOYERS:
        lines = feed.faults.as_reported(demofiles.payroll(workers, employer, month), employer, month)
        path = folder / "try" / demofiles.file_name(employer, month)
        demofiles.write_once(path, demofiles.content(lines, employer, month))
    small = EMPLOYERS[-1]
    good = demofiles.content(demofiles.payroll(workers, small, month)[:5], small, month).decode().splitlines()
    wrong = ["12345,Contoh Salah,5000000", f"{demopeople.GUIDE_NUMBER},Contoh Lain,5.000", "00000000000,=1+1,-3"]
    demofiles.write_once(
        folder / "try" / f"dengan-kesalahan-{small.full_number}-{month}.csv",
        "\n".join([*good, *wrong, ""]).encode(),
    )


def _make_log_ins(folder: Path, now: datetime) -> None:
    """One user of each kind. The pass phrases are made here, once, and kept where only this user can read them."""
    from django.db import transaction

    from lumbung.accounts import actions
    from lumbung.accounts.contacts import queries as contacts
    from lumbung.accounts.contacts.actions import take_contact
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
        member = actions.make_member_user(person, username=log_ins[0].user, password=log_ins[0].password)
        for kind, value in ((contacts.PHONE, person.phone), (contacts.EMAIL, person.email)):
            assert value is not None, "the guide's member has both"
            take_contact(member, kind, value, now=now)
        actions.make_employer_user(employer, username=log_ins[1].user, password=log_ins[1].password)
        actions.make_officer(username=log_ins[2].user, password=log_ins[2].password)
        program = actions.make_program("demo payroll")
        log_ins.append(LogIn("program", "/api/", program.client_id, program.secret))
        rows = [{"kind": x.kind, "path": x.path, "user": x.user, "password": x.password} for x in log_ins]
        write_private(folder / "log-ins.json", json.dumps(rows, indent=1))


def _write_faults(feed: Feed) -> None:
    """All that is wrong in the demo, for who wants to find it."""
    found = feed.faults.all(feed.independent, feed.late_month, feed.plan.built_on)
    rows = [{**asdict(fault), "month": str(fault.month)} for fault in found]
    write_private(feed.folder / "faults.json", json.dumps(rows, indent=1))


def books_since(home: Path) -> str | None:
    """The first month of the demo's books, once there is a plan."""
    path = home / "demo" / "plan.json"
    return str(json.loads(path.read_text())["first"]) if path.exists() else None


def _write_newcomer(folder: Path, invented: list[InventedPerson]) -> None:
    """What the demo says that can be typed to register."""
    try:
        who = demopeople.newcomer(invented)
    except LookupError:
        return
    facts = asdict(who) | {"birth_date": f"{who.birth_date:%d-%m-%Y}"}
    write_private(folder / "newcomer.json", json.dumps(facts, indent=1))


def newcomer(home: Path) -> dict[str, str] | None:
    """What an invented person without an account types to register; None in a demo of a few people."""
    path = home / "demo" / "newcomer.json"
    return json.loads(path.read_text()) if path.exists() else None


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
