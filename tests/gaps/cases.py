"""Months of one employee in short: covers and lines to ask the rule about."""

from datetime import date, timedelta
from typing import Any

from lumbung.contributions.calendar import due_date
from lumbung.contributions.gaps import facts
from lumbung.contributions.gaps.facts import Cover, Line, State, Verdict
from lumbung.contributions.gaps.rule import judge
from lumbung.law.month import Month

NUMBER, EMPLOYER = "10000000001", 7
ALL = frozenset({"JHT", "JP", "JKK", "JKM"})
JANUARY = Month(2025, 1)
TODAY = date(2025, 7, 20)  # June is due, July is not
SHARES = ("jht_employer", "jht_member", "jp_employer", "jp_member", "jkk", "jkm")


def work(starts: date = date(2025, 1, 1), ends: date | None = None, **changed: Any) -> Cover:
    known: dict[str, Any] = {
        "member_number": NUMBER,
        "segment": facts.PU,
        "payer": EMPLOYER,
        "payer_name": "PT Contoh",
        "programmes": ALL,
    }
    return Cover(starts=starts, ends=ends, **(known | changed))


def line(month: Month, wage: int | None = 5_000_000, *, paid: bool = True, **changed: Any) -> Line:
    """A line that came and was paid on the fifth of the next month."""
    day = (month + 1).first_day + timedelta(days=4)
    known: dict[str, Any] = {
        "member_number": NUMBER,
        "segment": facts.PU,
        "payer": EMPLOYER,
        "payer_name": "PT Contoh",
        "month": month,
        "received_on": day,
        "paid_on": day if paid else None,
        "wage": wage,
        "shares": tuple((column, 100) for column in SHARES),
        "reference": month.year * 12 + month.month,
    }
    return Line(**(known | changed))


def states(
    covers: list[Cover],
    lines: list[Line],
    *,
    today: date = TODAY,
    first: Month = JANUARY,
    last: Month | None = None,
) -> dict[str, State]:
    """Month → state; every month of these cases has one payer."""
    found = verdicts(covers, lines, today=today, first=first, last=last)
    assert len({one.month for one in found}) == len(found)
    return {str(one.month): one.state for one in reversed(found)}


def verdicts(
    covers: list[Cover],
    lines: list[Line],
    *,
    today: date = TODAY,
    first: Month = JANUARY,
    last: Month | None = None,
) -> list[Verdict]:
    return judge(covers, lines, today=today, first=first, last=last or Month(today.year, 12))


def the(found: list[Verdict], month: Month) -> Verdict:
    (one,) = [verdict for verdict in found if verdict.month == month]
    return one


def in_time(month: Month) -> date:
    return due_date(month)
