"""What anybody may reckon without a record: contributions, old-age savings, a pension. Each with its derivation.

A calculator adds nothing to the law: it asks the law's own functions and names its assumptions. Pages and the
programs' interface call the same three, so they can't differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lumbung.errors import marked
from lumbung.law import contributions, development, explanations, inputs, pension, projection, self_employed
from lumbung.law.derivation import Answer, Step, given
from lumbung.law.errors import MissingInput, WrongOrder
from lumbung.law.explanations import answer
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionAge, PensionYear

SEGMENTS: Mapping[str, str] = {
    "PU": marked("I work for an employer"),
    "BPU": marked("I work for myself"),
}
MOST_YEARS = 50  # of work; a longer one is a slip of the pen
NOTES: Mapping[str, str] = {
    **projection.NOTES,
    "sizes": marked(
        "These are all four programmes. A small firm may leave out the pension (JP), and a very small one old age "
        "(JHT) too."
    ),
    "own_choice": marked("These are all three programmes. You may leave out old age (JHT)."),
    "rate_assumed": marked("What savings earn is known only after each year. The rate here is assumed."),
    "same_wage": marked("We reckon with the same wage in every year. Prices that rise are left out."),
    "wages_assumed": marked(
        "Your wages of other years are not known here: we take them to have grown evenly up to today's, and to "
        "grow so from now on."
    ),
    "every_month": marked("We take every month since your first year to be paid, and every month to come."),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a result: its name for programs, its label (of the message catalogue), its value and unit.

    Units are those of a derivation's steps. `weight` is `main` for what was asked for, `total` for a sum of those
    before it, else empty.
    """

    name: str
    label: str
    value: Answer
    unit: str = "rupiah"
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The figures in order, keys of NOTES, and how the figures follow from the law (None: there is nothing)."""

    figures: tuple[Figure, ...]
    notes: tuple[str, ...]
    derivation: Step | None

    def value(self, name: str) -> Answer:
        """The value of a figure. KeyError when there is none of that name."""
        values = {figure.name: figure.value for figure in self.figures}
        return values[name]


def contribution(
    *,
    segment: str,
    month: Month | str,
    wage: int | Decimal | str | None = None,
    risk_class: str | None = None,
    income: int | Decimal | str | None = None,
    sector: str = "other",
) -> Result:
    """What is owed for a month: by an employer and his worker (PU: wage, risk class) or by oneself (BPU: income).

    All programmes of the segment. Raises NotYetInForce, Unknown and BadInput.
    """
    if inputs.choice(segment, "segment", SEGMENTS) == "PU":
        return _wage_worker(_needed(wage, "wage"), inputs.month(month), risk_class)
    return _self_employed(_needed(income, "income"), inputs.month(month), sector)


def _needed(value: Any, what: str) -> Any:
    if value is None:
        raise MissingInput(what=what)
    return value


_PU = {
    "jht_employer": marked("Old age (JHT), your employer"),
    "jp_employer": marked("Pension (JP), your employer"),
    "jkk": marked("Work accident (JKK), your employer"),
    "jkm": marked("Death (JKM), your employer"),
    "jht_member": marked("Old age (JHT), you"),
    "jp_member": marked("Pension (JP), you"),
}


def _wage_worker(wage: Any, month: Month, risk_class: str | None) -> Result:
    asked = {"wage": wage, "month": month, "risk_class": risk_class}
    owed = contributions.assess(**asked)
    parts = [Figure(name, label, getattr(owed, name)) for name, label in _PU.items()]
    totals = (
        Figure("employer_total", marked("Your employer pays"), owed.employer_total, weight="total"),
        Figure("member_total", marked("Kept back from your wage"), owed.member_total, weight="total"),
        Figure("total", marked("Together, for the month"), owed.total, weight="main"),
    )
    return Result((*parts, *totals), ("sizes",), explanations.contribution(**asked))


def _self_employed(income: Any, month: Month, sector: str) -> Result:
    asked = {"income": income, "month": month, "sector": sector}
    owed = self_employed.assess(**asked)
    figures = (
        Figure("base", marked("Base of your income's band"), owed.base),
        Figure("jht", marked("Old age (JHT)"), owed.jht),
        Figure("jkk", marked("Work accident (JKK)"), owed.jkk),
        Figure("jkm", marked("Death (JKM)"), owed.jkm),
        Figure("total", marked("You pay, for the month"), owed.total, weight="main"),
    )
    return Result(figures, ("own_choice",), explanations.self_employed_contribution(**asked))


def usual_rate() -> Decimal:
    """What savings are assumed to earn in a year when nobody says otherwise, in percent."""
    return projection.assumptions("middle").development


def old_age(*, wage: Any, years: Any, opening: Any = 0, rate: Any = None) -> Result:
    """What old-age savings come to after years of the same wage, at a yearly rate in percent.

    As BPJS-TK's own simulator reckons: simple within a year, credited at its end. `opening` is a balance at the
    start. Raises BadInput.
    """
    asked: dict[str, Any] = {
        "wage": inputs.wage(wage),
        "years": inputs.count(years, "years", 0, MOST_YEARS),
        "opening": inputs.rupiah(opening, "opening"),
        "rate": usual_rate() if rate is None else rate,
    }
    plan = development.plan(**asked)
    figures = (
        Figure("opening", marked("Balance at the start"), asked["opening"]),
        Figure("monthly", marked("Paid in each month"), contributions.old_age_shares(asked["wage"])),
        Figure("contributions", marked("Paid in, all years"), plan.contributions),
        Figure("rate", marked("Assumed to earn in a year"), inputs.percent(asked["rate"]), "percent"),
        Figure("development", marked("What it earns"), plan.development),
        Figure("closing", marked("Balance at the end"), plan.closing, weight="main"),
    )
    return Result(figures, ("same_wage", "rate_assumed"), explanations.plan_of_development(**asked))


def first_pension_year() -> int:
    """The year in which the pension programme began."""
    return parameter("pension_wage_cap").values[0].start.year


def pension_at(*, born: date | str, wage: Any, since: Any, today: date, scenario: str = "middle") -> Result:
    """The pension of somebody who was born on a day and pays every month from the year `since` to pension age.

    `wage` is today's. Wages of years before follow the scenario backwards, those to come forwards. Raises BadInput
    and, for a birth in the future, WrongOrder.
    """
    birth, assumed = inputs.day(born), projection.assumptions(scenario)
    first = inputs.count(since, "since", first_pension_year(), today.year)
    if birth.year > first:
        raise WrongOrder(what="since", earlier="born")
    earned = inputs.wage(wage)
    years = list(_years_had(first, earned, assumed, today))
    paid = sum(row.months * contributions.pension_shares(min(row.wage, row.cap)) for row in years)
    record = projection.Record(born=birth, wage=earned, pension_years=years, pension_paid=paid)
    seen = projection.project(record, today=today, assumed=assumed)
    notes = ("wages_assumed", "every_month", *(note for note in seen.notes if note not in _OF_OLD_AGE))
    if seen.pension_from is None:
        return Result((), notes, None)
    when = pension.age(birth)
    figures = [*_of_age(when), Figure("months", marked("Months paid by then"), seen.pension_months, "months")]
    if seen.pension is None:
        return Result(tuple(figures), notes, when.derivation)
    is_monthly = seen.pension_kind == "periodic"
    figures += [
        Figure("future", _FUTURE[is_monthly], seen.pension.future),
        Figure("today", _TODAY[is_monthly], seen.pension.derivation.whole, weight="main"),
    ]
    return Result(tuple(figures), notes, answer(seen.pension.derivation, when.derivation))


_OF_OLD_AGE = frozenset({"old_age_now", "not_credited"})
_FUTURE = {
    True: marked("Pension each month, in rupiah of then"),
    False: marked("Paid back in one sum, in rupiah of then"),
}
_TODAY = {
    True: marked("Pension each month, in prices of today"),
    False: marked("Paid back in one sum, in prices of today"),
}


def _of_age(when: PensionAge) -> list[Figure]:
    return [
        Figure("age", marked("Your pension age"), when.age, "years"),
        Figure("reached_on", marked("You reach it on"), when.reached_on, "day"),
        Figure("right_from", marked("Your pension is paid from"), when.right_from, "day"),
    ]


def _years_had(first: int, wage: int, assumed: projection.Assumptions, today: date) -> Iterator[PensionYear]:
    """The years paid so far, each with the wage that leads to today's, and its cap."""
    growth = 1 + inputs.rate(assumed.wage_growth, "wage_growth")
    table = parameter("pension_wage_cap")
    starts = Month.of(table.values[0].start)
    for year in range(first, today.year + 1):
        last = today.month if year == today.year else 12
        months = last - (starts.month - 1 if year == starts.year else 0)
        known = [value for value in table.values if value.content is not None and value.start.year <= year]
        then = inputs.half_up(wage / growth ** (today.year - year))
        if months > 0:
            yield PensionYear(year, months, then, known[-1].whole())


def shown(figure: Figure) -> Step:
    """A figure as a step, so that the derivation's own words for values serve it too."""
    return given(figure.name, figure.label, figure.value, figure.unit)
