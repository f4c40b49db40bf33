"""Until when employers pay in time."""

from datetime import date

from lumbung.billing.calendar import around
from lumbung.law import due_dates
from lumbung.law.month import Month


def due_date(month: Month, *, relief_covid: bool = False) -> date:
    """The last day on which a wage worker's contribution for the month is in time, at a working day."""
    return due_dates.due_date("PU", month, relief_covid=relief_covid, holidays=around(month))


def last_due_month(today: date) -> Month:
    """The newest month whose due date has come."""
    month = Month.of(today) - 1
    while due_date(month) > today:
        month -= 1
    return month
