"""Every fault that the demo's generator plants is found by the rule over the whole demo, and nothing else is."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import LazySettings

from lumbung.accounts import queries as accounts
from lumbung.cli import demofaults, demofund, demopeople, demoprofiles
from lumbung.contributions.gaps import queries
from lumbung.contributions.gaps.facts import PU, State, Verdict, Why
from lumbung.law.month import Month
from lumbung.profiles.models import BankAccount, Heir
from lumbung.registry import queries as registry
from lumbung.registry.models import MemberNumber

TODAY = date(2025, 11, 20)
NOW = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
MONTHS = 14
FIRST = Month(2024, 9)
FINE = {(State.PAID, ""), (State.NOT_DUE, "")}
# What the rule says of each kind that is planted.
FOUND = {
    demofaults.MISSING: (State.MISSING, ""),
    demofaults.UNPAID: (State.UNPAID, ""),
    demofaults.SHORT: (State.PARTLY, Why.AMOUNT),
    demofaults.OWED: (State.PARTLY, Why.DIFFERENCE),
    demofaults.TOO_LOW: (State.UNDER_REPORTED, ""),
    demofaults.WRONG_MONTH: (State.WRONG_MONTH, ""),
    demofaults.GONE: (State.WITHOUT_WORK, ""),
    demofaults.PROGRAMMES: (State.PARTLY, Why.PROGRAMMES),
    demofaults.LATE: (State.PAID_LATE, ""),
}


def build(home: Path, members: int = 40) -> list[dict[str, str]]:
    demofund.build(home, members=members, months=MONTHS, now=NOW, today=TODAY, report=lambda what, done, of: None)
    return list(json.loads((home / "demo" / "faults.json").read_text()))


def test_all_that_is_planted_is_found_and_nothing_else(clone: object, tmp_path: Path, settings: LazySettings):
    planted = build(tmp_path)
    settings.LUMBUNG_BOOKS_SINCE = demofund.books_since(tmp_path)
    assert demofund.books_since(tmp_path) == str(FIRST)
    numbers = list(MemberNumber.objects.values_list("pk", flat=True))
    judged = queries.verdicts(numbers, first=FIRST, last=Month.of(TODAY), today=TODAY)
    assert len(judged) > 40 * MONTHS
    found = {key(one): (one.state, one.why) for one in judged if (one.state, one.why) not in FINE}
    wanted = {(row["member_number"], row["employer"], row["month"]): FOUND[row["kind"]] for row in planted}
    assert found == wanted
    assert {row["kind"] for row in planted} == set(FOUND)
    assert {row["employer"] for row in planted if row["kind"] == demofaults.MISSING} > {""}, "and by himself"
    (wrong,) = [one for one in judged if one.state is State.WRONG_MONTH]
    assert wrong.other == wrong.month + 1
    heirs_and_account_are_the_guides_alone()


def heirs_and_account_are_the_guides_alone() -> None:
    """What else is planted, seen in the same fund: the building of another takes a minute."""
    person = MemberNumber.objects.get(pk=demopeople.GUIDE_NUMBER).person
    kept = demoprofiles.invented(person.name.split()[-1])
    assert kept == demoprofiles.invented(person.name.split()[-1]), "the same every time"
    rows = Heir.objects.order_by("rank", "pk")
    assert [(row.name, row.relation, row.rank, row.birth_date) for row in rows] == list(kept.heirs)
    assert {row.person for row in rows} == {person}
    account = BankAccount.objects.get()
    assert (account.person, account.number, account.until) == (person, kept.account_number, None)
    assert accounts.cooling_off(person.user, NOW) is None, "nothing bars the demo's money"
    demoprofiles.plant(NOW)
    assert (Heir.objects.count(), BankAccount.objects.count()) == (3, 1), "twice is once"


def key(one: Verdict) -> tuple[str, str, str]:
    employer = registry.Employer.objects.get(pk=one.payer).full_number if one.segment == PU else ""
    return one.member_number, employer, str(one.month)


def test_a_small_or_short_demo_holds_fewer(tmp_path: Path):
    for members, months in ((20, 14), (20, 1), (60, 5)):
        last = Month(2025, 10)
        people = demopeople.people(members, last - (months - 1), last)
        workers = [(person, job) for person in people for job in person.jobs]
        faults = demofaults.Faults(workers, last - (months - 1), last, frozenset())
        assert all(fault.month - 3 >= last - (months - 1) for fault in faults.planted)
        assert len({fault.member_number for fault in faults.planted}) == len(faults.planted)
        assert demopeople.GUIDE_NUMBER not in {fault.member_number for fault in faults.planted}
