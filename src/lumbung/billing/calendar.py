"""Until when a bill is paid in time; Indonesia's public holidays, which the law takes as data."""

from datetime import date
from functools import lru_cache

from lumbung.law import due_dates
from lumbung.law.month import Month


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, without joint leave (cases.md, choice)."""
    import holidays  # noqa: PLC0415 -- all countries' calendars: 50 ms of each program's start, for few of them

    return frozenset(holidays.country_holidays("ID", years=year, categories=("public",)))


def around(month: Month) -> frozenset[date]:
    """The public holidays that can move the due date of a month's contributions."""
    return public_holidays(month.year) | public_holidays((month + 1).year) | public_holidays((month + 2).year)


def self_employed_due(month: Month, *, relief_covid: bool = False) -> date:
    """The last day on which a self-employed member's contribution for the month is in time."""
    return due_dates.due_date("BPU", month, relief_covid=relief_covid, holidays=around(month))


def fine_due(paid_on: date) -> date:
    """A fine is paid with the employer's next contribution: that of the month in which the late money came."""
    month = Month.of(paid_on)
    return due_dates.due_date("PU", month, holidays=around(month))


def last_self_employed_month(today: date) -> Month:
    """The newest month that a self-employed member should have paid by today."""
    month = Month.of(today)
    return month if self_employed_due(month) <= today else month - 1
