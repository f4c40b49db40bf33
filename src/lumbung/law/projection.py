"""What a member may expect: old-age savings at 56 and a pension at pension age, under assumptions that show.

Every figure comes from the law's own functions, year by year; a projection adds only the assumptions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lumbung.errors import marked
from lumbung.law import development, inputs, pension
from lumbung.law.contributions import old_age_shares, pension_shares
from lumbung.law.derivation import Step, derived, given
from lumbung.law.errors import NotApplicable
from lumbung.law.month import Month, birthday
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionYear

SCENARIOS = ("low", "middle", "high")


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What nobody knows, in percent a year: growth of the wage, prices, the economy, and what savings earn."""

    wage_growth: Decimal
    inflation: Decimal
    economic_growth: Decimal
    development: Decimal


def assumptions(scenario: str, **changed: Any) -> Assumptions:
    """One of the three sets (`low`, `middle`, `high`), with single values changed by name."""
    kept = parameter("projection_assumptions").latest().content[inputs.choice(scenario, "scenario", SCENARIOS)]
    chosen = Assumptions(**{name: Decimal(str(value)) for name, value in kept.items()})
    rates = {name: value for name, value in changed.items() if value is not None}
    for name, value in rates.items():
        inputs.rate(value, name)
    return replace(chosen, **{name: Decimal(str(value)) for name, value in rates.items()})


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a member on a day; money in whole rupiah.

    `old_age_opening` is the old-age balance on 1 January, `this_year` what came in since, by month of the value
    date. `pension_years` are the years with pension contributions so far; `pension_paid` what they come to.
    """

    born: date
    wage: int
    old_age_opening: int = 0
    this_year: Sequence[tuple[Month, int]] = ()
    pension_years: Sequence[PensionYear] = ()
    pension_paid: int = 0
    in_pension: bool = True


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount on a day of the future, in rupiah of then (`future`) and of today's prices (`today`)."""

    day: date
    future: int
    today: int
    derivation: Step


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the projection: the wage a month and the old-age balance at its end (or at the close)."""

    year: int
    wage: int
    contributions: int
    development: int
    balance: int


@dataclass(frozen=True, slots=True)
class Projection:
    """Old-age savings at the claim age, and a pension each month.

    When `pension_kind` is lump_sum the pension is one sum instead; None: no month was or will be paid.
    """

    assumptions: Assumptions
    old_age: Sum
    years: tuple[Year, ...]
    pension_kind: str | None
    pension_months: int
    pension: Sum | None


def project(
    record: Record, *, today: date, assumed: Assumptions, stops_work: date | None = None, wage: Any = None
) -> Projection:
    """Carry a record forward under assumptions. `stops_work` ends the contributions; `wage` replaces the wage.

    The wage moves each January by `wage_growth`; contributions are paid in their own month at the latest rates.
    Raises BadInput when the claim age is reached already.
    """
    if wage is not None:
        record = replace(record, wage=inputs.wage(wage))
    birth = inputs.day(record.born)
    claim_on = birthday(birth, parameter("old_age_claim_age").latest().whole())
    if claim_on <= today:
        raise NotApplicable(
            rule="projection", what="a claim age reached on", value=claim_on.isoformat(), choices="later days"
        )
    end = min(claim_on, stops_work or date.max)
    years = tuple(_years(record, today, claim_on, end, assumed))
    kind, months, monthly = _pension(record, today, stops_work, assumed)
    return Projection(
        assumptions=assumed,
        old_age=_both(claim_on, given("balance", marked("Old-age savings"), years[-1].balance, "rupiah"), today,
                      assumed),
        years=years,
        pension_kind=kind,
        pension_months=months,
        pension=monthly,
    )  # fmt: skip


def _wage_in(record: Record, year: int, today: date, assumed: Assumptions) -> int:
    """The monthly wage of a year: today's, moved each January."""
    growth = 1 + inputs.rate(assumed.wage_growth, "wage_growth")
    return inputs.half_up(record.wage * growth ** max(year - today.year, 0))


def _years(record: Record, today: date, closes: date, stops: date, assumed: Assumptions) -> Iterator[Year]:
    """The old-age account year by year, by the law's own development; the last year closes at its month."""
    balance = record.old_age_opening
    for year in range(today.year, closes.year + 1):
        wage = _wage_in(record, year, today, assumed)
        monthly = old_age_shares(wage)
        first = Month.of(today) + 1 if year == today.year else Month(year, 1)
        last = min(Month(year, 12), Month.of(closes) - 1 if closes.month > 1 else Month(year, 12))
        until = last if year == closes.year else Month(year, 12)
        amounts = list(record.this_year) if year == today.year else []
        amounts += [(month, monthly) for month in _months(first, min(until, Month.of(stops) - 1))]
        if year == closes.year and closes.month == 1:
            yield Year(year, wage, 0, 0, balance)
            return
        earned = development.development(
            opening=balance, rate=assumed.development, contributions=amounts, until=until
        )
        balance = earned.closing
        yield Year(year, wage, sum(amount for _, amount in amounts), earned.development, balance)


def _months(first: Month, last: Month) -> Iterator[Month]:
    while first <= last:
        yield first
        first += 1


def _prices(today: date, then: int, assumed: Assumptions) -> Fraction:
    """How much dearer things are in the year `then`."""
    growth: Fraction = 1 + inputs.rate(assumed.inflation, "inflation")
    return growth ** max(then - today.year, 0)


def _both(day: date, amount: Step, today: date, assumed: Assumptions) -> Sum:
    dearer = given(
        "prices", marked("How much dearer things are then"), _prices(today, day.year, assumed), "percent"
    )
    exact = derived("exact", marked("In today's prices, not rounded"), "quotient", amount, dearer)
    now = derived("today", marked("In today's prices"), "rounded", exact)
    return Sum(day, amount.whole, now.whole, now)


def _pension(
    record: Record, today: date, stops_work: date | None, assumed: Assumptions
) -> tuple[str | None, int, Sum | None]:
    """The pension by the law's formula over the years had and the years to come."""
    when = pension.age(record.born)
    end = min(when.reached_on, stops_work or date.max)
    years = list(record.pension_years)
    paid = record.pension_paid
    for row in _years_to_come(record, today, end, assumed) if record.in_pension else ():
        years = _with(years, row)
        paid += row.months * pension_shares(min(row.wage, row.cap))
    months = sum(row.months for row in years)
    if not months:
        return None, 0, None
    kind = pension.kind(cause="age", months_paid=months, months_since_enrolment=months).kind
    if kind == "lump_sum":
        step = given("paid", marked("Pension contributions paid, without what they earn"), paid, "rupiah")
        return kind, months, _both(when.right_from, step, today, assumed)
    retires = when.reached_on.year
    prices = {year: _inflation(year, today, assumed) for year in range(min(r.year for r in years), retires)}
    formula = pension.benefit(years=years, inflation=prices, retires=retires)
    return kind, months, _both(when.right_from, _bounded(formula.derivation, retires, assumed), today, assumed)


def _with(years: list[PensionYear], row: PensionYear) -> list[PensionYear]:
    """The years with one more; the rest of a year that has begun joins what it has, by the newer wage and cap."""
    months = row.months + sum(each.months for each in years if each.year == row.year)
    others = [each for each in years if each.year != row.year]
    return [*others, replace(row, months=min(months, 12))]


def _years_to_come(record: Record, today: date, end: date, assumed: Assumptions) -> Iterator[PensionYear]:
    caps = _caps(end.year, assumed)
    for year in range(today.year, end.year + 1):
        first = today.month + 1 if year == today.year else 1
        last = end.month - 1 if year == end.year else 12
        if last >= first:
            yield PensionYear(year, last - first + 1, _wage_in(record, year, today, assumed), caps[year])


def _caps(last: int, assumed: Assumptions) -> Mapping[int, int]:
    """The wage cap of each year (that of its March): as published, then moved by the assumed growth."""
    caps = {
        value.start.year: value.whole()
        for value in parameter("pension_wage_cap").values
        if value.content is not None
    }
    for year in range(max(caps) + 1, last + 1):
        caps[year] = pension.next_wage_cap(caps[year - 1], year, assumed.economic_growth).whole
    return caps


def _inflation(year: int, today: date, assumed: Assumptions) -> Decimal:
    """Published inflation of a year, else the assumed one."""
    value = parameter("inflation").at(date(year, 1, 1)) if year < _unknown_inflation() else None
    return assumed.inflation if value is None else Decimal(str(value.content))


def _unknown_inflation() -> int:
    unknown = parameter("inflation").unknown_from()
    return unknown.year if unknown else date.max.year


def _bounded(monthly: Step, year: int, assumed: Assumptions) -> Step:
    """The formula's pension within bounds moved to the year by the assumed inflation."""
    smallest = given(
        "minimum", marked("Smallest pension then"), _bound("pension_minimum", year, assumed), "rupiah"
    )
    most = given("maximum", marked("Largest pension then"), _bound("pension_maximum", year, assumed), "rupiah")
    raised = derived("raised", marked("Not under the smallest pension"), "largest", monthly, smallest)
    return derived("payable", marked("Monthly pension paid"), "smallest", raised, most)


def _bound(name: str, year: int, assumed: Assumptions) -> int:
    known = [value for value in parameter(name).values if value.content is not None and value.start.year <= year]
    bound, latest = known[-1].whole(), known[-1].start.year
    for each in range(latest + 1, year + 1):
        bound = pension.next_bound(bound, each, assumed.inflation).whole
    return bound
