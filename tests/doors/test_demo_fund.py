"""The demo's fund comes to the same end wherever its building was broken off, and agrees with the law."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lumbung.accounts.models import Message, User
from lumbung.billing.models import Bill
from lumbung.cli import demobills, demofund, demopeople, demoslips
from lumbung.contributions import actions as contributions
from lumbung.contributions import queries as reported
from lumbung.contributions.corrections import actions as corrections
from lumbung.development import actions as development
from lumbung.law import contributions as law
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.ledger.models import Entry
from lumbung.messaging.outbox.queries import standing
from lumbung.payments import actions as payments

TODAY = date(2025, 11, 20)
NOW = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
LAST = Month(2025, 10)
MONTHS = 14
SELF_EMPLOYED_MONTHS = 60
# A month of the smallest employer, and the line that came in a month late without its pension.
LATE_FINES = 2
DEEDS = [
    (contributions, "take_in_return"),
    (contributions, "settle_codes"),
    (corrections, "correct"),
    (payments, "take_in_bank_file"),
    (development, "credit"),
    (demobills, "payments"),
    (demobills, "settle"),
]


class BrokenOff(Exception):
    """As when the process is killed, after what it did was committed."""


def build(home: Path) -> None:
    demofund.build(home, members=20, months=MONTHS, now=NOW, today=TODAY, report=lambda what, done, of: None)


def break_off_once(deed: Callable[..., Any], name: str, seen: set[str]) -> Callable[..., Any]:
    """The deed; the first time that it is asked for with these facts, it is done and breaks off the building."""

    def broken(*arguments: Any, **facts: Any) -> Any:
        done = deed(*arguments, **facts)
        key = f"{name} {arguments} {facts}"
        if key not in seen:
            seen.add(key)
            raise BrokenOff
        return done

    return broken


def test_broken_off_after_every_single_deed_it_comes_to_the_end(
    clone: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()
    for module, name in DEEDS:
        monkeypatch.setattr(module, name, break_off_once(getattr(module, name), name, seen))
    broken_off = 0
    while not (tmp_path / "demo" / "complete").exists():
        try:
            build(tmp_path)
        except BrokenOff:
            broken_off += 1
    assert broken_off > 6 * MONTHS
    agrees_with_the_law()
    was_told_by_the_demos_clock()


def test_unbroken_it_comes_to_the_same_end(clone: object, tmp_path: Path) -> None:
    build(tmp_path)
    build(tmp_path)
    agrees_with_the_law()
    was_told_by_the_demos_clock()


def agrees_with_the_law() -> None:
    """The books are whole, the guide has what his wages bring, and every deed is there as often as it should."""
    assert ledger.check(lambda done, of: None).faults == ()
    first = LAST - (MONTHS - 1)
    guide = demopeople.people(20, first, LAST)[0].jobs[0]
    balance = ledger.balance(demopeople.GUIDE_NUMBER, None)
    owed = [
        law.assess(wage=guide.wage_in(month), month=month, risk_class="II", labour_intensive=True)
        for month in (first + step for step in range(MONTHS))
    ]
    assert balance.old_age_contributions == sum(month.jht_employer + month.jht_member for month in owed)
    assert balance.pension_contributions == sum(month.jp_employer + month.jp_member for month in owed)
    assert balance.pension_months_paid == MONTHS
    assert balance.old_age_development > 0
    history = reported.history([demopeople.GUIDE_NUMBER], limit=2 * MONTHS)
    paid = [(row.month, row.jkk) for row in reversed(history) if row.taken_back_by is None]
    assert paid == [(month.month, month.jkk) for month in owed]
    assert (len(history), sum(row.reason == demoslips.WRONG_WAGE for row in history)) == (MONTHS + 1, 2)
    kinds = Counter(Entry.objects.values_list("kind", flat=True))
    assert (kinds["receipt"], kinds["development"], kinds["fine"]) == (MONTHS, 1, LATE_FINES)
    assert kinds["correction"] + kinds["reversal"] == 2
    assert set(Bill.objects.values_list("state", flat=True)) == {"settled"}
    assert Counter(Bill.objects.values_list("kind", flat=True)) == {
        "self_employed": SELF_EMPLOYED_MONTHS,
        "migrant": 3 + 3 + 3,
        "construction": 1,
        "late_fine": LATE_FINES,
    }
    assert len(set(Bill.objects.filter(kind="self_employed").values_list("enrolment__sector", flat=True))) == 2
    # What is held was paid twice, or under a code that nobody was given.
    held = payments_held()
    assert -ledger.control_totals()["suspense"] == held


def was_told_by_the_demos_clock() -> None:
    """The member's inbox has each month's news in its month, read but for the last; nothing waits to go out."""
    inbox = Message.objects.filter(user__kind=User.Kind.MEMBER).order_by("made_at", "pk")
    words = Counter(inbox.values_list("word", flat=True))
    assert words == {
        "contribution_credited": MONTHS,
        "wage_lower": 1,  # a mistake of the payroll, put right the month after
        "contribution_corrected": 1,
        "development_credited": 1,
        "announcement": 4,
        "heirs_changed": 1,
        "bank_changed": 1,
    }
    credited = inbox.filter(word="contribution_credited").values_list("made_at", flat=True)
    assert [Month.of(at.date()) for at in credited] == [LAST - step for step in reversed(range(-1, MONTHS - 1))]
    new = inbox.filter(read_at=None)
    assert sorted(message.word for message in new) == ["announcement", "announcement", "contribution_credited"]
    assert all(NOW - timedelta(days=14) <= message.made_at <= NOW for message in new)
    assert User.objects.get(kind=User.Kind.MEMBER).unread == len(new)
    now = standing(now=NOW, since=NOW - timedelta(days=3 * 365))
    assert [depth for depth in now.depths if depth.waiting or depth.claimed] == []
    assert {each.state for each in now.ended} == {"sent"}
    assert not ProcrastinateJob.objects.filter(queue_name="notices", status="todo").exists()


def payments_held() -> int:
    from lumbung.payments import queries

    return sum(receipt.amount for receipt in queries.held())
