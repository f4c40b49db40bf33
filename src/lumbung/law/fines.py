"""The fine on a contribution that is paid late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lumbung.law import inputs
from lumbung.law.clauses import Clause, clause
from lumbung.law.due_dates import due_date, monthly_segment
from lumbung.law.month import Month, months_later
from lumbung.law.parameter import parameter

_RATE = "late_fine_rate"
_RATE_COVID = "late_fine_rate_relief_covid"
_RATE_SELF_EMPLOYED = "self_employed_late_fine_rate"


@dataclass(frozen=True, slots=True)
class Fine:
    """What lateness costs: the day it was due, the months it was late, and the fine in whole rupiah."""

    due: date
    months_late: int
    fine: int


def late_fine(
    *,
    segment: str,
    month: Month,
    owed: int,
    paid_on: date,
    relief_covid: bool = False,
    holidays: Collection[date] = frozenset(),
) -> Fine:
    """The fine on the contributions `owed` for a month that were paid on a day, rounded half-up once.

    The rate is that of the contribution month, for each month of delay and not compounding: 2 percent, with
    the relief of PP 49/2020 0.5 percent (art. 23). `started_months` counts the delay from the due date, which
    `holidays` may move as in `due_date`. The self-employed owe no fine. Raises NotApplicable for segments that
    pay by contract, NotYetInForce and BadInput.
    """
    kind = monthly_segment(segment, "late_fine")
    amount = inputs.rupiah(owed, "owed")
    paid = inputs.day(paid_on)
    due = due_date(kind, inputs.month(month), relief_covid=relief_covid, holidays=holidays)
    late = started_months(due, paid)
    rate = parameter(_rate_of(kind, relief_covid)).at(inputs.month(month).first_day).share()
    return Fine(due, late, inputs.part(amount, rate * late))


def clauses(*, segment: str, month: Month, relief_covid: bool = False) -> dict[str, list[Clause]]:
    """The value of the law behind the fine."""
    name = _rate_of(monthly_segment(segment, "late_fine"), relief_covid)
    return {"fine": [clause(name, inputs.month(month).first_day)]}


def started_months(due: date, paid_on: date) -> int:
    """How many months after the due date have started by the day of payment; 0 when it is in time.

    Part of a month counts as a month: the second begins on the day after the same day of the next month.
    """
    if paid_on <= due:
        return 0
    months = Month.of(paid_on) - Month.of(due)
    return months + (paid_on > months_later(due, months))


def _rate_of(segment: str, relief_covid: bool) -> str:
    if segment == "BPU":
        return _RATE_SELF_EMPLOYED
    return _RATE_COVID if relief_covid else _RATE
