"""What a member may expect: old-age savings at 56 and a pension at pension age, under assumptions that show.

Every figure comes from the law's own functions, year by year; a projection adds only the assumptions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from lumbung.errors import marked
from lumbung.law import explanations, inputs, pension
from lumbung.law.contributions import old_age_shares, pension_shares
from lumbung.law.derivation import Step, derived, given
from lumbung.law.errors import BadPercent, NotYetInForce, OutsideYear, WrongOrder
from lumbung.law.month import Month, birthday
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionAge, PensionYear
from lumbung.law.self_employed import old_age_share

SCENARIOS = ("low", "middle", "high")
NOTES: Mapping[str, str] = {
    "old_age_now": marked("The age for old-age savings is reached: the sum is what they come to today."),
    "no_pension": marked("No month of the pension programme was or will be paid, so there is no pension."),
    "too_old_for_pension": marked("The pension age was reached before the pension programme began."),
    "pension_runs": marked("The pension age is reached: the sum is what is paid today."),
    "lump_sum": marked(
        "Fewer than fifteen years are paid, so the pension contributions are paid back in one sum. What they "
        "earned is left out here, because its rate is not published; the fund pays it too."
    ),
    "bounds_moved": marked("Wage caps and bounds that are not announced are moved as the law says."),
    "not_credited": marked("The result of some past years is not credited yet: they earn what is assumed."),
}
_LEAST, _MOST = -10, 20  # percent a year: bounds of this program, beyond which amounts outgrow every fund
_MARCH = 3  # caps and bounds of a year start in March


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What nobody knows, in percent a year: growth of the wage, prices, the economy, and what savings earn."""

    wage_growth: Decimal
    inflation: Decimal
    economic_growth: Decimal
    development: Decimal


def assumptions(scenario: str, **changed: Any) -> Assumptions:
    """One of the three sets (`low`, `middle`, `high`), with single values changed by name; None keeps."""
    kept = parameter("projection_assumptions").latest().content[inputs.choice(scenario, "scenario", SCENARIOS)]
    rates = {**kept, **{name: rate for name, rate in changed.items() if rate is not None}}
    return Assumptions(**{name: _rate(rate, name) for name, rate in rates.items()})


def _rate(written: Any, what: str) -> Decimal:
    least = 0 if what == "development" else _LEAST
    number = inputs.exact(written)
    if number is None or not least <= number <= _MOST:
        raise BadPercent(what=what, least=least, most=_MOST)
    return Decimal(str(written))


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a member on a day; money in whole rupiah, wage, income and `chosen` a month.

    `wage` is what employers pay, `income` that of somebody who saves for old age as self-employed, `chosen` the
    sum that a migrant worker saves up to the month `chosen_until`. `old_age_opening` is the old-age balance on
    1 January of the year `opened` (this year when None): the first one without a result. `earlier` is what came in
    between it and this year, `this_year` what came in since January, by month of the value date. `pension_years`
    are the years with pension contributions so far; `pension_paid` what they come to.
    """

    born: date
    wage: int
    income: int = 0
    chosen: int = 0
    chosen_until: Month | None = None
    opened: int | None = None
    old_age_opening: int = 0
    earlier: Sequence[tuple[Month, int]] = ()
    this_year: Sequence[tuple[Month, int]] = ()
    pension_years: Sequence[PensionYear] = ()
    pension_paid: int = 0
    in_pension: bool = True


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount on a day, in rupiah of then (`future`) and of today's prices (`today`)."""

    day: date
    future: int
    today: int
    derivation: Step


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the old-age account: months still to be paid in it, the wage a month, and how it went.

    A past year is one whose result is not credited yet; its wage is not told (0).
    """

    year: int
    months: int
    wage: int
    contributions: int
    development: int
    balance: int


@dataclass(frozen=True, slots=True)
class Projection:
    """Old-age savings at the claim age, or today when it is reached, and a pension each month.

    When `pension_kind` is lump_sum the pension is one sum instead; None: no month was or will be paid.
    `pension_from` is the day on which the right to it begins, also when it has passed. `notes` are keys of NOTES.
    """

    assumptions: Assumptions
    old_age: Sum
    years: tuple[Year, ...]
    pension_kind: str | None
    pension_months: int
    pension_from: date | None
    pension: Sum | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """A record seen from a day, under assumptions; `stops` is the last month for which wages are paid."""

    record: Record
    seen_on: date
    assumed: Assumptions
    stops: Month

    def wage(self, year: int) -> int:
        """The monthly wage of a year: today's, moved each January."""
        return self._grown(self.record.wage, year)

    def _grown(self, monthly: int, year: int) -> int:
        """A monthly amount of a year, moved each January as wages are; nothing is told of the past."""
        if year < self.seen_on.year:
            return 0
        growth = 1 + inputs.rate(self.assumed.wage_growth, "wage_growth")
        return inputs.half_up(monthly * growth ** (year - self.seen_on.year))

    def old_age_of(self, month: Month, regular: int) -> int:
        """What is saved for old age in a month to come, with what is `regular` in its year."""
        until = self.record.chosen_until
        return regular + (self.record.chosen if until is None or month <= until else 0)

    def regular_old_age(self, year: int) -> int:
        """The old-age contributions of a month of a year, from the wage and from an income of one's own."""
        income = self._grown(self.record.income, year)
        return old_age_shares(self.wage(year)) + (old_age_share(income) if income else 0)

    def in_both_prices(self, day: date, amount: Step) -> Sum:
        """An amount of a day, also in today's prices: they rise once for every new calendar year."""
        growth: Fraction = 1 + inputs.rate(self.assumed.inflation, "inflation")
        then = growth ** (day.year - self.seen_on.year)
        dearer = given("prices", marked("How much dearer things are then"), then, "percent")
        exact = derived("exact", marked("In today's prices, not rounded"), "quotient", amount, dearer)
        now = derived("today", marked("In today's prices"), "rounded", exact)
        return Sum(day, amount.whole, now.whole, now)


def project(
    record: Record, *, today: date, assumed: Assumptions, stops_work: date | None = None, wage: Any = None
) -> Projection:
    """Carry a record forward under assumptions.

    `stops_work` is the last day of work, whose month is still paid for; `wage` replaces the wage. Contributions
    start with the month after today, are paid in their own month at the latest rates and end with the month before
    the birthday that gives the right. Raises BadInput for a record that can't be.
    """
    known = _judged(record if wage is None else replace(record, wage=wage), today)
    stops = Month.of(date.max if stops_work is None else inputs.day(stops_work))
    view = _View(known, today, assumed, stops)
    claim_on = birthday(known.born, parameter("old_age_claim_age").latest().whole())
    closes = max(claim_on, today)
    years, balance = _old_age(view, closes)
    notes = ["old_age_now"] if claim_on <= today else []
    notes += ["not_credited"] if years[0].year < today.year else []
    try:
        when = pension.age(known.born)
    except NotYetInForce:
        kind, months, monthly, begins = None, 0, None, None
        notes.append("too_old_for_pension")
    else:
        kind, months, monthly = _pension(view, when, notes)
        begins = when.right_from
    return Projection(
        assumptions=assumed,
        old_age=view.in_both_prices(closes, balance),
        years=years,
        pension_kind=kind,
        pension_months=months,
        pension_from=begins,
        pension=monthly,
        notes=tuple(notes),
    )


def _judged(record: Record, today: date) -> Record:
    """The record with every input judged."""
    born = inputs.day(record.born)
    if born > inputs.day(today):
        raise WrongOrder(what="today", earlier="born")
    now = Month.of(today)
    opened = today.year if record.opened is None else inputs.year(record.opened, "opened")
    if opened > today.year:
        raise WrongOrder(what="today", earlier="opened")
    began = parameter("pension_wage_cap").values[0].start.year
    return Record(
        born=born,
        wage=inputs.wage(record.wage),
        income=inputs.wage(record.income, "income"),
        chosen=inputs.rupiah(record.chosen, "chosen"),
        chosen_until=None if record.chosen_until is None else inputs.month(record.chosen_until),
        opened=opened,
        old_age_opening=inputs.rupiah(record.old_age_opening, "old_age_opening"),
        earlier=_moves(record.earlier, Month(opened, 1), Month(today.year, 1) - 1),
        this_year=_moves(record.this_year, Month(today.year, 1), now),
        pension_years=[
            PensionYear(
                inputs.count(row.year, "year", began, today.year),
                inputs.count(row.months, "months", 0, 12),
                inputs.wage(row.wage),
                inputs.rupiah(row.cap, "cap", 1),
            )
            for row in record.pension_years
        ],
        pension_paid=inputs.rupiah(record.pension_paid, "pension_paid"),
        in_pension=inputs.flag(record.in_pension, "in_pension"),
    )


def _moves(given: Sequence[tuple[Month, int]], first: Month, last: Month) -> list[tuple[Month, int]]:
    """What came in, within its months. Raises OutsideYear for another one."""
    moves = [(inputs.month(month), inputs.rupiah(sum_, "amount", -inputs.MOST_RUPIAH)) for month, sum_ in given]
    for month, _ in moves:
        if not first <= month <= last:
            raise OutsideYear(value=month, year=first.year, until=last)
    return moves


def _old_age(view: _View, closes: date) -> tuple[tuple[Year, ...], Step]:
    """The old-age account year by year, by the law's own development, up to the month before it closes."""
    record = view.record
    balance = given("opening", marked("Balance when the year began"), record.old_age_opening, "rupiah")
    came = [*record.earlier, *record.this_year]
    years = []
    for year in range(record.opened or view.seen_on.year, closes.year + 1):
        last = closes.month - 1 if year == closes.year else 12
        regular = view.regular_old_age(year)
        to_come = [(month, view.old_age_of(month, regular)) for month in _months_to_come(view, year, last)]
        to_come = [(month, amount) for month, amount in to_come if amount]
        amounts = [*(each for each in came if each[0].year == year), *to_come]
        earned, balance = _account_year(view, balance, amounts, year, last)
        moved = sum(amount for _, amount in amounts)
        years.append(Year(year, len(to_come), view.wage(year), moved, earned, balance.whole))
    return tuple(years), balance


def _account_year(
    view: _View, before: Step, amounts: list[tuple[Month, int]], year: int, last: int
) -> tuple[int, Step]:
    """What a year earns and the balance after it; what came in the month of the close earns nothing (choice)."""
    late = sum(amount for month, amount in amounts if month.month > last)
    earned, balance = 0, before
    if last:
        balance = explanations.closing_balance(
            opening=before.whole,
            rate=view.assumed.development,
            contributions=[each for each in amounts if each[0].month <= last],
            until=Month(year, last),
            before=before,
        )
        interest = balance.children[-1]
        earned = interest.whole
    if late:
        more = given("late", marked("Came in the month of the close"), late, "rupiah")
        balance = derived("closing", marked("Balance at the end"), "sum", balance, more)
    return earned, balance


def _months_to_come(view: _View, year: int, last: int) -> Iterator[Month]:
    """The months of a year that are still to be paid, up to its month `last`."""
    for number in range(1, last + 1):
        month = Month(year, number)
        if Month.of(view.seen_on) < month <= view.stops:
            yield month


def _pension(view: _View, when: PensionAge, notes: list[str]) -> tuple[str | None, int, Sum | None]:
    """The pension by the law's formula over the years had and the years to come."""
    last = when.last_enrolment_month
    had = [
        replace(row, months=min(row.months, last.month)) if row.year == last.year else row
        for row in view.record.pension_years
        if row.year <= last.year and row.months
    ]
    to_come = list(_years_to_come(view, last, had)) if view.record.in_pension and view.record.wage else []
    years = [*had, *to_come]
    months = sum(row.months for row in years)
    if not months:
        notes.append("no_pension")
        return None, 0, None
    begins = max(when.right_from, view.seen_on)
    if when.right_from <= view.seen_on:
        notes.append("pension_runs")
    kind = pension.kind(cause="age", months_paid=months).kind
    if kind == "lump_sum":
        notes.append("lump_sum")
        paid = [given("paid", marked("Pension contributions paid"), view.record.pension_paid, "rupiah")]
        paid += [
            given("to_come", marked("Pension contributions to come"),
                  row.months * pension_shares(min(row.wage, row.cap)), "rupiah")
            for row in to_come
        ]  # fmt: skip
        together = derived("lump_sum", marked("Contributions paid back, without what they earn"), "sum", *paid)
        return kind, months, view.in_both_prices(begins, together)
    retires = when.reached_on.year
    prices = {year: _inflation(year, view.assumed) for year in range(min(r.year for r in years), retires)}
    formula = pension.benefit(years=years, inflation=prices, retires=retires).derivation
    monthly = _moved(_bounded(formula, when.right_from, view.assumed), when.right_from, view)
    if when.right_from >= (parameter("pension_maximum").unknown_from() or date.max):
        notes.append("bounds_moved")
    return kind, months, view.in_both_prices(begins, monthly)


def _years_to_come(view: _View, last: Month, had: Sequence[PensionYear]) -> Iterator[PensionYear]:
    """The years still to be paid, in one row for each wage cap: last year's holds until February."""
    room = {year: 12 - sum(row.months for row in had if row.year == year) for year in {row.year for row in had}}
    for year in range(view.seen_on.year, last.year + 1):
        months = list(_months_to_come(view, year, last.month if year == last.year else 12))
        if not months:
            continue
        wage = view.wage(year)
        caps = [_cap(each, view.assumed.economic_growth) for each in (year - 1, year)]
        early = sum(month.month < _MARCH for month in months) if wage > min(caps) else 0
        left = max(room.get(year, 12), 0)
        for cap, number in zip(caps, (early, len(months) - early), strict=True):
            counted = min(number, left)
            left -= counted
            if counted:
                yield PensionYear(year, counted, wage, cap)


@lru_cache(maxsize=4096)
def _cap(year: int, growth: Decimal) -> int:
    """The wage cap from March of a year: as published, then moved by the published or assumed growth."""
    known = _published("pension_wage_cap").get(year)
    if known is not None:
        return known
    return pension.next_wage_cap(_cap(year - 1, growth), year, _rate_of("economic_growth", year - 1, growth)).whole


@lru_cache(maxsize=4096)
def _bound(name: str, year: int, inflation: Decimal) -> int:
    """A bound of the pension from March of a year: as published, then moved by published or assumed inflation."""
    known = _published(name).get(year)
    if known is not None:
        return known
    before = _bound(name, year - 1, inflation)
    return pension.next_bound(before, year, _rate_of("inflation", year - 1, inflation)).whole


@lru_cache(maxsize=16)
def _published(name: str) -> Mapping[int, int]:
    """The announced values of a yearly parameter, by the year in which they start."""
    return {v.start.year: v.whole() for v in parameter(name).values if v.content is not None}


@lru_cache(maxsize=4096)
def _rate_of(name: str, year: int, assumed: Decimal) -> Decimal:
    """The published rate of a year in percent, else the assumed one."""
    unknown = parameter(name).unknown_from()
    if unknown is not None and year >= unknown.year:
        return assumed
    return Decimal(str(parameter(name).at(date(year, 12, 31)).content))


def _inflation(year: int, assumed: Assumptions) -> Decimal:
    return _rate_of("inflation", year, assumed.inflation)


def _bounded(monthly: Step, day: date, assumed: Assumptions) -> Step:
    """The formula's pension within the bounds of a day, moved to it where they are not announced."""
    year = day.year if day.month >= _MARCH else max(day.year - 1, min(_published("pension_minimum")))
    smallest, most = (
        given(name, label, _bound(name, year, assumed.inflation), "rupiah")
        for name, label in (
            ("pension_minimum", marked("Smallest pension then")),
            ("pension_maximum", marked("Largest pension then")),
        )
    )
    raised = derived("raised", marked("Not under the smallest pension"), "largest", monthly, smallest)
    return derived("payable", marked("Monthly pension paid"), "smallest", raised, most)


def _moved(monthly: Step, since: date, view: _View) -> Step:
    """A pension that runs, moved each year by the inflation of the year before, as the law says."""
    for year in range(since.year + 1, view.seen_on.year + 1):
        rate = inputs.rate(_inflation(year - 1, view.assumed), "inflation")
        factor = given("inflation", marked("One and the inflation of a year"), 1 + rate, "factor")
        monthly = derived("moved", marked("Pension of the year after"), "rounded_product", monthly, factor)
    return monthly


def changeable() -> tuple[str, ...]:
    """The names of the assumptions."""
    return tuple(field.name for field in fields(Assumptions))
