"""Indonesia's public holidays, which the law takes as data."""

from datetime import date
from functools import lru_cache

import holidays

from lumbung.law import due_dates
from lumbung.law.month import Month


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year, without joint leave (cases.md, choice)."""
    return frozenset(holidays.country_holidays("ID", years=year, categories=("public",)))


def due_date(month: Month) -> date:
    """The last day on which a wage worker's contribution for the month is in time, at a working day."""
    around = public_holidays((month + 1).year) | public_holidays((month + 2).year)
    return due_dates.due_date("PU", month, holidays=around)


def last_due_month(today: date) -> Month:
    """The newest month whose due date has come."""
    month = Month.of(today) - 1
    while due_date(month) > today:
        month -= 1
    return month
