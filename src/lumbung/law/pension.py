"""The pension programme (JP): from which age, how much, for whom, and how its bounds move."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from lumbung.errors import marked
from lumbung.law import inputs
from lumbung.law.derivation import Step, derived, given, of_law
from lumbung.law.errors import BadAmount, BadCount, MissingInput, NotApplicable, TooManyMonths, WrongOrder
from lumbung.law.month import Month, birthday, months_later
from lumbung.law.parameter import parameter

CAUSES = ("age", "disability", "death")
HEIRS = ("spouse", "child", "parent")
_MOST_MONTHS = 1200
_MOST_CHILDREN = 100


def wage_cap(day: date) -> int:
    """The highest monthly wage that counts for JP on the day, in rupiah (PP 45/2015 art. 29).

    Raises NotYetInForce before July 2015 and Unknown from the first March whose cap is not announced.
    """
    return parameter("pension_wage_cap").at(inputs.day(day)).whole()


@dataclass(frozen=True, slots=True)
class PensionAge:
    """When somebody reaches pension age, and what follows from it."""

    age: int
    reached_on: date
    right_from: date
    last_enrolment_month: Month
    deferred_until: date
    derivation: Step


def age(born: date) -> PensionAge:
    """The pension age of somebody born on a day: the age in force on the day it is reached (PP 45/2015 art. 15).

    The right begins on the 1st of the month after; the last month for which one can be enrolled is the one before
    that of the birthday; somebody still at work may put the pension off to `deferred_until`. Raises NotYetInForce
    for those who were older when the programme began.
    """
    birth = inputs.day(born)
    table = parameter("pension_age")
    youngest = table.values[0].whole()
    while table.at(birthday(birth, youngest)).whole() > youngest:
        youngest += 1
    reached_on = birthday(birth, youngest)
    in_force = of_law("pension_age", reached_on, unit="years")
    reached = derived(
        "reached_on", marked("Pension age is reached on"), "birthday",
        given("born", marked("Born on"), birth, "day"), in_force, unit="day",
    )  # fmt: skip
    right = derived("right_from", marked("Right to the pension from"), "first_of_next_month", reached, unit="day")
    deferral = of_law("pension_deferral_years", reached_on, unit="years").whole
    return PensionAge(
        age=youngest,
        reached_on=reached_on,
        right_from=(Month.of(reached_on) + 1).first_day,
        last_enrolment_month=Month.of(reached_on) - 1,
        deferred_until=months_later(reached_on, 12 * deferral),
        derivation=right,
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest and the largest monthly pension, in rupiah."""

    minimum: int
    maximum: int


def bounds(day: date) -> Bounds:
    """The bounds of a monthly pension on the day (PP 45/2015 art. 18), as published; NotYetInForce, Unknown."""
    on = inputs.day(day)
    return Bounds(*(parameter(name).at(on).whole() for name in ("pension_minimum", "pension_maximum")))


@dataclass(frozen=True, slots=True)
class PensionYear:
    """A year of contributions: months paid, the monthly wage and the cap on it, in rupiah a month."""

    year: int
    months: int
    wage: int
    cap: int


@dataclass(frozen=True, slots=True)
class Benefit:
    """A monthly pension. `indices` are exact shares of one, year by year; `weighted` the wages of those years.

    `monthly` is what the formula gives, `payable` what the bounds make of it (None when no day was given).
    """

    indices: tuple[Fraction, ...]
    weighted: tuple[int, ...]
    average: Fraction
    monthly: int
    payable: int | None
    derivation: Step


def benefit(
    *,
    years: Iterable[PensionYear],
    inflation: Mapping[int, Any],
    retires: int,
    day: date | None = None,
    months_counted: int | None = None,
) -> Benefit:
    """The monthly pension of the first year (PP 45/2015 art. 17): 1 % × years × average weighted wage.

    A year's wage up to its cap is multiplied by (1 + inflation) of that year and each year after it up to the one
    before `retires`, and rounded half-up; the average is weighted by months. A year may have several rows (its
    wage or cap changed) of twelve months together. `inflation` is percent by year. `day` is the day whose bounds
    apply. `months_counted` are the months of `kind` where they are more than those paid: fifteen years for a
    disability or death. Raises MissingInput for a year without inflation.
    """
    rows_given = list(years)
    end = inputs.year(retires, "retires")
    paid = _months_paid(rows_given)
    prices = {year: _inflation(inflation, year) for year in range(min(paid), end)}
    rows = [_weighted(each, prices, end) for each in rows_given]
    average = derived("average", marked("Average weighted wage"), "weighted_average", *_pairs(rows))
    if months_counted is None:
        months = derived(
            "months", marked("Months of contributions"), "sum", *(row[1] for row in rows), unit="months"
        )
    else:
        counted = inputs.count(months_counted, "months_counted", sum(paid.values()), _MOST_MONTHS)
        months = given("months", marked("Months counted"), counted, "months")
    start = date(end, 12, 31) if day is None else inputs.day(day)
    share = of_law("pension_share", max(start, parameter("pension_share").values[0].start))
    span = derived("years", marked("Years of contributions"), "quotient", months,
                   given("twelve", marked("Months of a year"), 12, "number"), unit="years")  # fmt: skip
    monthly = derived("monthly", marked("Monthly pension by the formula"), "rounded_product", share, span, average)
    payable = None if day is None else _within_bounds(monthly, inputs.day(day))
    return Benefit(
        indices=tuple(_fraction(row[0].children[1]) for row in rows),
        weighted=tuple(row[0].whole for row in rows),
        average=_fraction(average),
        monthly=monthly.whole,
        payable=None if payable is None else payable.whole,
        derivation=monthly if payable is None else payable,
    )


def _months_paid(rows: list[PensionYear]) -> Counter[int]:
    """The months paid in each year. Raises for no year, for no month, and for more than twelve in one year."""
    if not rows:
        raise MissingInput(what="years")
    months: Counter[int] = Counter()
    for each in rows:
        months[inputs.year(each.year, "year")] += inputs.count(each.months, "months", 0, 12)
    for year, paid in months.items():
        if paid > 12:
            raise TooManyMonths(year=year, most=12)
    if not any(months.values()):
        raise BadCount(what="months", least=1, most=_MOST_MONTHS)
    return months


def _weighted(each: PensionYear, prices: Mapping[int, Fraction], end: int) -> tuple[Step, Step]:
    """A year's wage in the prices of the year before retirement, and its months."""
    year = inputs.year(each.year, "year")
    if year > end:
        raise WrongOrder(what="retires", earlier=f"year {year}")
    wage = given("wage", marked("Monthly wage of the year"), inputs.wage(each.wage), "rupiah")
    cap = given("cap", marked("Highest wage that counts"), inputs.rupiah(each.cap, "cap", 1), "rupiah")
    months = given(
        "months", marked("Months paid in the year"), inputs.count(each.months, "months", 0, 12), "months"
    )
    capped = derived("capped", marked("Wage that counts"), "smallest", wage, cap)
    factors = [
        given("inflation", marked("One and the inflation of a year"), 1 + prices[of], "factor")
        for of in range(year, end)
    ]
    index = derived("index", marked("Index of prices up to the year before the pension"), "product", *factors,
                    unit="percent")  # fmt: skip
    weighted = derived("weighted", marked("Weighted wage of the year"), "rounded_product", capped, index)
    return weighted, months


def _pairs(rows: list[tuple[Step, Step]]) -> list[Step]:
    return [step for row in rows for step in row]


def _inflation(given_rates: Mapping[int, Any], year: int) -> Fraction:
    if year not in given_rates:
        raise MissingInput(what=f"inflation of {year}")
    return inputs.rate(given_rates[year], "inflation")


def _within_bounds(monthly: Step, day: date) -> Step:
    smallest = of_law("pension_minimum", day, unit="rupiah")
    most = of_law("pension_maximum", day, unit="rupiah")
    raised = derived("raised", marked("Not under the smallest pension"), "largest", monthly, smallest)
    return derived("payable", marked("Monthly pension paid"), "smallest", raised, most)


def _fraction(step: Step) -> Fraction:
    assert isinstance(step.value, (int, Fraction))
    return Fraction(step.value)


def next_year(monthly: int, inflation: Any) -> int:
    """The pension of the year after: moved by the inflation of the year before (PP 45/2015 art. 17), half-up."""
    grown = inputs.rupiah(monthly, "monthly") * (1 + inputs.rate(inflation, "inflation"))
    return inputs.half_up(grown)


@dataclass(frozen=True, slots=True)
class Kind:
    """Whether a pension is paid every month or in one sum, and for how many months of contributions."""

    kind: str
    months_counted: int
    derivation: Step


def kind(
    *, cause: str, months_paid: int, months_since_enrolment: int | None = None, day: date | None = None
) -> Kind:
    """Periodic from 180 months on; below, disability and death may count as fifteen years (facts.md 13.0).

    Disability: at least one month since enrolment (PP 45/2015 art. 20), death: twelve (Permenaker 29/2015
    art. 26), both with at least 80 % of the months since enrolment paid. Otherwise all contributions with their
    development are paid in one sum. `day` is the day of the event; the latest rule without one.
    """
    inputs.choice(cause, "cause", CAUSES)
    paid = inputs.count(months_paid, "months_paid", 0, _MOST_MONTHS)
    on = parameter("pension_months_needed").latest().start if day is None else inputs.day(day)
    needed = of_law("pension_months_needed", on, unit="months")
    had = given("months_paid", marked("Months paid"), paid, "months")
    enough = derived("enough", marked("Fifteen years are paid"), "at_least", had, needed, unit="yes_or_no")
    counts = derived("counts", marked("Counted as fifteen years"), "any_of",
                     *_as_fifteen(cause, had, months_since_enrolment, on), unit="yes_or_no")  # fmt: skip
    periodic = derived("periodic", marked("Paid every month"), "any_of", enough, counts, unit="yes_or_no")
    raised = derived("raised", marked("Months, at least fifteen years"), "largest", had, needed, unit="months")
    months = derived("months_counted", marked("Months counted"), "if_so", periodic, raised, had, unit="months")
    return Kind("periodic" if periodic.value else "lump_sum", months.whole, months)


def _as_fifteen(cause: str, had: Step, months_since: int | None, on: date) -> list[Step]:
    """Whether months under fifteen years count as fifteen; never for age."""
    since = 0 if months_since is None else inputs.count(months_since, "months_since_enrolment", 0, _MOST_MONTHS)
    if cause == "age":
        return []
    if months_since is None:
        raise MissingInput(what="months_since_enrolment")
    enrolled = given("months_since_enrolment", marked("Months since enrolment"), since, "months")
    least = of_law("pension_months_since_enrolment", on, cause, unit="months")
    long_enough = derived("long_enough", marked("Enrolled long enough"), "at_least", enrolled, least,
                          unit="yes_or_no")  # fmt: skip
    share = of_law("pension_density_needed", on)
    wanted = derived("wanted", marked("Months that must be paid"), "product", share, enrolled, unit="months")
    dense = derived("dense", marked("Paid often enough"), "at_least", had, wanted, unit="yes_or_no")
    return [derived("as_fifteen", marked("Both conditions"), "all_of", long_enough, dense, unit="yes_or_no")]


@dataclass(frozen=True, slots=True)
class SurvivorPension:
    """What survivors get every month, together, in rupiah, and how many share it."""

    monthly: int
    shared_by: int
    derivation: Step


def survivor(*, benefit: int, heir: str, children: int | None = None, day: date | None = None) -> SurvivorPension:
    """The pension of a widow or widower, of children together, or of a parent, as a share of the pension.

    At most two children share a child's pension; it is the same sum for one and for more (PP 45/2015 art. 19-22).
    Without a number there is one. `day` is the day of the death; the latest rule without one.
    """
    pension = given("benefit", marked("Pension of the deceased"), inputs.rupiah(benefit, "benefit"), "rupiah")
    inputs.choice(heir, "heir", HEIRS)
    on = parameter("survivor_pension_share").latest().start if day is None else inputs.day(day)
    most = of_law("survivor_pension_children", on, unit="number").whole
    number = inputs.count(1 if children is None else children, "children", 0, _MOST_CHILDREN)
    if heir == "child" and not number:
        raise NotApplicable(rule="survivor_pension", what="children", value=0, choices="one child and more")
    share = of_law("survivor_pension_share", on, heir)
    monthly = derived("monthly", marked("Survivors' monthly pension"), "rounded_product", pension, share)
    return SurvivorPension(monthly.whole, min(number, most) if heir == "child" else 1, monthly)


@dataclass(frozen=True, slots=True)
class LumpSum:
    """All contributions and their development in one sum, in rupiah, and the day from which it is paid."""

    amount: int
    payable_from: date
    derivation: Step


def lump_sum(*, contributions: int, development: int, happened_on: date) -> LumpSum:
    """What is paid when the months do not reach for a pension: from the 1st of the month after."""
    sum_paid = inputs.rupiah(contributions, "contributions")
    paid = given("contributions", marked("Pension contributions paid"), sum_paid, "rupiah")
    earned = given("development", marked("What they earned"), inputs.rupiah(development, "development"), "rupiah")
    amount = derived("amount", marked("Paid in one sum"), "sum", paid, earned)
    return LumpSum(amount.whole, (Month.of(inputs.day(happened_on)) + 1).first_day, amount)


def next_wage_cap(previous: int, year: int, growth: Any = None) -> Step:
    """The wage cap from March of `year`: last year's moved by its growth, rounded down to the hundred.

    PP 45/2015 art. 29(3)-(4); the rounding follows from all published values. `growth` is an assumption in
    percent; without one it is the published growth of the year before.
    """
    moved = _moved(previous, year, "economic_growth", growth)
    step = of_law("pension_wage_cap_step", date(year, 3, 1), unit="rupiah")
    return derived("pension_wage_cap", marked("Wage cap of the year"), "down_to_multiple", moved, step)


def next_bound(previous: int, year: int, inflation: Any = None) -> Step:
    """A bound of the pension from March of `year`: last year's moved by its inflation, rounded up.

    PP 45/2015 art. 18; up to the fifty, from 2023 to the hundred, as the published values show. `inflation` is an
    assumption in percent; without one it is the published inflation of the year before.
    """
    moved = _moved(previous, year, "inflation", inflation)
    step = of_law("pension_bound_step", date(year, 3, 1), unit="rupiah")
    return derived("pension_bound", marked("Bound of the year"), "up_to_multiple", moved, step)


def _moved(previous: int, year: int, name: str, assumed: Any) -> Step:
    if type(previous) is not int or previous <= 0:
        raise BadAmount(what="previous", least=1, most=inputs.MOST_RUPIAH)
    value = given("previous", marked("Value of the year before"), previous, "rupiah")
    if assumed is None:
        rate = of_law(name, date(year - 1, 1, 1))
    else:
        rate = given(name, marked("Assumed for the year before"), inputs.rate(assumed, name), "percent")
    one = given("one", marked("All of it"), Fraction(1), "percent")
    factor = derived("factor", marked("One and the change of the year before"), "sum", one, rate, unit="percent")
    return derived("moved", marked("Moved, not rounded"), "product", value, factor)
