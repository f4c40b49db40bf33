"""The day until which a month's contributions are paid in time."""

from collections.abc import Collection
from datetime import date, timedelta

from lumbung.law import inputs
from lumbung.law.errors import BadMonth, NotApplicable
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

SEGMENTS = ("PU", "BPU", "Jakon", "PMI")
_MONTHLY = ("PU", "BPU")
_SATURDAY = 5


def due_date(
    segment: str, month: Month, *, relief_covid: bool = False, holidays: Collection[date] = frozenset()
) -> date:
    """The due date of a month's contributions: the first working day from the statute's day on.

    PU pays by a day of the month after, BPU by a day of the month itself; the relief of PP 49/2020 moves that
    day in its months (in a shorter month to the last day) and nothing in others. `holidays` are the public
    holidays, which the law does not know by itself. Raises NotApplicable for segments that pay by contract,
    NotYetInForce and BadInput.
    """
    monthly_segment(segment, "due_date")
    day = inputs.month(month).first_day
    name = "due_day_relief_covid" if inputs.flag(relief_covid, "relief_covid") else "due_day"
    wanted = parameter(name).at(day).whole(segment)
    paid_in = month + parameter("due_months_after").at(day).whole(segment)
    return working_day(numbered_day(paid_in, wanted), holidays)


def monthly_segment(segment: str, rule: str) -> str:
    """The segment, one that pays by the month; NotApplicable, naming the rule, for those that pay by contract."""
    if inputs.choice(segment, "segment", SEGMENTS) not in _MONTHLY:
        raise NotApplicable(rule=rule, what="segment", value=segment, choices=", ".join(_MONTHLY))
    return segment


def numbered_day(month: Month, number: int) -> date:
    """The day of that number in a month, or the last day of a shorter one."""
    return month.first_day.replace(day=min(number, month.days))


def working_day(day: date, holidays: Collection[date]) -> date:
    """The first working day from a day on: no Saturday, no Sunday, none of the holidays."""
    closed = {inputs.day(holiday) for holiday in holidays}
    while day.weekday() >= _SATURDAY or day in closed:
        if day == date.max:
            raise BadMonth(value=str(Month.of(day)))
        day += timedelta(days=1)
    return day
