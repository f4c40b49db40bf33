"""Work accidents (JKK): money for death, disability and time off work, and the table of disabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lumbung.errors import marked
from lumbung.law import inputs
from lumbung.law.derivation import Step, derived, given, of_law
from lumbung.law.errors import MissingInput
from lumbung.law.parameter import parameter

KINDS = ("death", "total_disability", "partial_disability", "loss_of_function", "temporary")
WAYS = ("land", "sea", "air")
_MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Compensation:
    """What a work accident gives, in rupiah; None for a part that its kind does not have."""

    compensation: int
    periodic: int | None
    funeral: int | None
    total: int
    derivation: Step


def accident(
    *,
    kind: str,
    wage: int | Decimal,
    day: date,
    table_percent: object = None,
    loss_percent: object = None,
    months_off: object = None,
) -> Compensation:
    """The money for a work accident of a day (PP 82/2019 annex III).

    `wage` is the last monthly wage reported, or the base of the band that a self-employed member paid.
    `table_percent` is the percentage of the table of disabilities, needed for partial disability and loss of
    function; `loss_percent` how much of the function is lost; `months_off` the whole months without work. Before
    2 December 2019 only the money while unable to work is known, the rest Unknown. Each part is rounded once.
    """
    inputs.choice(kind, "kind", KINDS)
    on = inputs.day(day)
    monthly = given("wage", marked("Monthly wage"), inputs.wage(wage), "rupiah")
    if kind == "temporary":
        return _temporary(monthly, on, _needed(months_off, "months_off"))
    counted = of_law("accident_wages", on, unit="months")
    if kind in {"partial_disability", "loss_of_function"}:
        shares = [_percent(table_percent, "table_percent", marked("Percentage of the table"))]
        if kind == "loss_of_function":
            shares.append(_percent(loss_percent, "loss_percent", marked("Share of the function that is lost")))
        money = derived("compensation", marked("Compensation"), "rounded_product", *shares, counted, monthly)
        return Compensation(
            money.whole, None, None, money.whole, derived("total", marked("Together"), "sum", money)
        )
    share = of_law("accident_share", on, kind)
    money = derived("compensation", marked("Compensation"), "rounded_product", share, counted, monthly)
    periodic = derived("periodic", marked("Periodic money, all months"), "rounded_product",
                       of_law("accident_periodic", on, unit="rupiah"),
                       of_law("accident_periodic_months", on, unit="months"))  # fmt: skip
    if kind == "total_disability":
        total = derived("total", marked("Together"), "sum", money, periodic)
        return Compensation(money.whole, periodic.whole, None, total.whole, total)
    money = derived("compensation", marked("Compensation, not under the least"), "largest", money,
                    of_law("accident_death_least", on, unit="rupiah"))  # fmt: skip
    funeral = of_law("accident_funeral", on, unit="rupiah")
    total = derived("total", marked("Together"), "sum", money, periodic, funeral)
    return Compensation(money.whole, periodic.whole, funeral.whole, total.whole, total)


def _needed(value: object, what: str) -> object:
    if value is None:
        raise MissingInput(what=what)
    return value


def _percent(value: object, what: str, label: str) -> Step:
    return given(what, label, inputs.percent(_needed(value, what), what), "percent")


def _temporary(monthly: Step, on: date, months_off: object) -> Compensation:
    """Money while unable to work (STMB): each span of months has its share of the wage."""
    absent = inputs.count(months_off, "months_off", 0, _MOST_MONTHS)
    off = given("months_off", marked("Months without work"), absent, "months")
    parts: list[Step] = []
    lower = 0
    for key in parameter("temporary_incapacity").at(on).content:
        upper = _MOST_MONTHS if key == "after" else key
        if lower >= off.whole:
            break
        span = _months_between(off, lower, upper)
        parts.append(derived("span", marked("For these months"), "product", monthly, span,
                             of_law("temporary_incapacity", on, key)))  # fmt: skip
        lower = upper
    exact = derived("exact", marked("For all months, not rounded"), "sum", *parts)
    money = derived("compensation", marked("Money while unable to work"), "rounded", exact)
    return Compensation(money.whole, None, None, money.whole, derived("total", marked("Together"), "sum", money))


def _months_between(off: Step, lower: int, upper: int) -> Step:
    """How many of the months without work lie in a span."""
    start = given("start", marked("From the beginning"), 0, "months")
    ends = [
        given("from", marked("Span from"), lower, "months"),
        given("to", marked("Span up to"), upper, "months"),
    ]
    return derived("months", marked("Months in this span"), "part_between", start, off, *ends, unit="months")


def transport(way: str, day: date) -> int:
    """The most that is paid for bringing the injured to a hospital or home, in rupiah."""
    return parameter("accident_transport").at(inputs.day(day)).whole(inputs.choice(way, "way", WAYS))


@dataclass(frozen=True, slots=True)
class Disability:
    """A row of the table of disabilities, in percent of the wages counted.

    `least` and `most` differ where a doctor chooses within a range; `per` is the loss that the percentage stands
    for once (10 dB, 10 %); `name` is the statute's own word.
    """

    code: str
    name: str
    least: Fraction
    most: Fraction
    per: str | None
    confidence: str


def disabilities(day: date) -> Mapping[str, Disability]:
    """The table of disabilities by code (PP 44/2015 annex III)."""
    rows = parameter("disability_table").at(inputs.day(day)).content
    return {
        code: Disability(
            code, row["name"], Fraction(row["least"]), Fraction(row["most"]), row.get("per"), row["confidence"]
        )
        for code, row in rows.items()
    }
