"""What old-age savings (JHT) earn: the development result of a year, and a plan over years."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from lumbung.law import inputs
from lumbung.law.contributions import old_age_shares
from lumbung.law.errors import OutsideYear
from lumbung.law.month import Month

_YEAR = 12
_FINE = Context(prec=160)  # digits for the twelfth root of a year's growth; results are whole rupiah
_CERTAIN = Decimal(1).scaleb(-30)  # what lies closer to a half than this is a half: the root is exact to more

Percent = int | str | Decimal


@dataclass(frozen=True, slots=True)
class Development:
    """One year of one account, in whole rupiah: what it earned and what it holds at the end."""

    development: int
    closing: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Years of saving, in whole rupiah: what is paid in, what it earns, what it comes to."""

    contributions: int
    development: int
    closing: int


def development(
    *,
    opening: int,
    rate: Percent,
    contributions: Iterable[tuple[Month, int]] = (),
    until: Month | None = None,
) -> Development:
    """The result of one calendar year: simple interest by months, rounded half-up once.

    `rate` is percent a year. The opening balance earns rate * until / 12, an amount of month m earns
    rate * (until + 1 - m) / 12; m is the month of the value date, and a withdrawal is a negative amount.
    `until` is the last month counted, whole; December when it is left out. Months of another year or after
    `until` raise OutsideYear (source: BPJS-TK's simulator, proven to the rupiah).
    """
    start = inputs.rupiah(opening, "opening")
    amounts = [(inputs.month(m), inputs.rupiah(a, "amount", -inputs.MOST_RUPIAH)) for m, a in contributions]
    last = _last_month([month for month, _ in amounts], until)
    weighted = start * last + sum(amount * (last + 1 - month.month) for month, amount in amounts)
    earned = inputs.half_up(inputs.percent(rate) * weighted / _YEAR)
    return Development(earned, start + sum(amount for _, amount in amounts) + earned)


def plan(
    *,
    wage: int | Decimal,
    years: int,
    rate: Percent,
    opening: int = 0,
    idle_years: int = 0,
    convention: str = "simulator",
) -> Plan:
    """Years of JHT contributions on a constant wage at the latest rates, then years without payments.

    Two official calculators disagree by 0.03 %; `convention` names the one to follow: `simulator` is
    BPJS-TK's own, simple within the year and compounding by years; `ministry` is the Ministry of Manpower's
    of February 2022, each amount * (1 + rate) ** (months to the end / 12). Both pay at the start of each
    month and round half-up at the end.
    """
    compute = CONVENTIONS[inputs.choice(convention, "convention", CONVENTIONS)]
    monthly = old_age_shares(inputs.wage(wage))
    start = inputs.rupiah(opening, "opening")
    paying, idle = inputs.years(years, "years"), inputs.years(idle_years, "idle_years")
    closing = compute(start, monthly, paying, idle, inputs.percent(rate))
    paid = _YEAR * paying * monthly
    return Plan(paid, closing - paid - start, closing)


def _last_month(months: Sequence[Month], until: Month | None) -> int:
    """The last month counted, as its number in the year; all months must lie in that year up to it."""
    december = Month(months[0].year if months else 1, _YEAR)
    last = december if until is None else inputs.month(until)
    for month in months:
        if month.year != last.year or month > last:
            raise OutsideYear(value=month, year=last.year, until=last)
    return last.month


def _simulator(opening: int, monthly: int, years: int, idle_years: int, rate: Fraction) -> int:
    """Twelve amounts earn 12 + 11 + … + 1 twelfths of the rate in their first year, all of it afterwards."""
    weight = Fraction(sum(range(1, _YEAR + 1)), _YEAR)
    balance = Fraction(opening)
    for _ in range(years):
        balance = balance * (1 + rate) + monthly * (_YEAR + weight * rate)
    return inputs.half_up(balance * (1 + rate) ** idle_years)


def _ministry(opening: int, monthly: int, years: int, idle_years: int, rate: Fraction) -> int:
    """Each amount grows by the twelfth root of a year's growth for every month until the end."""
    with localcontext(_FINE):
        growth = 1 + Decimal(rate.numerator) / Decimal(rate.denominator)
        step = growth ** (Decimal(1) / _YEAR)
        paid_in = Decimal(0)
        for _ in range(_YEAR * years):
            paid_in = (paid_in + monthly) * step
        closing = paid_in * growth**idle_years + opening * growth ** (years + idle_years)
        return inputs.half_up(Fraction(closing.quantize(_CERTAIN)))


CONVENTIONS: dict[str, Callable[[int, int, int, int, Fraction], int]] = {
    "simulator": _simulator,
    "ministry": _ministry,
}
