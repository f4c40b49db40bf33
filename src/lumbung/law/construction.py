"""What is owed for a construction project (segment Jakon) whose wages are not listed: JKK and JKM."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from lumbung.law import inputs
from lumbung.law.clauses import Clause, clause, relief_clauses
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

_RATES = {"jkk": "construction_jkk_rate", "jkm": "construction_jkm_rate"}
_COVID = "relief_covid_share"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is owed for one construction project, in whole rupiah, by the law of the month it is asked for in."""

    contract_value: int
    month: Month
    jkk: int
    jkm: int

    @property
    def total(self) -> int:
        """What the contractor transfers to the fund: the rounded parts added."""
        return self.jkk + self.jkm


@dataclass(frozen=True, slots=True)
class _Slice:
    """The part of the contract value above a sum: its rate, and what all smaller parts come to, both in units."""

    above: int
    rate: int
    below: int


@dataclass(frozen=True, slots=True)
class _Rates:
    """The slices of one programme in one month, after any relief; the unit makes all of their rates whole."""

    slices: tuple[_Slice, ...]
    unit: Fraction


def assess(*, contract_value: int | Decimal, month: Month, relief_covid: bool = False) -> Assessment:
    """What is owed for a project by its contract value without VAT: a share of each slice of the value.

    Per programme the slices are added and rounded half-up once, after the relief of PP 49/2020 if the
    contractor takes part in it (PP 44/2015; PP 49/2020 art. 12 repeats the slices). Where wages are listed,
    the workers are assessed as wage workers of class V with JKK and JKM instead. Raises NotYetInForce before
    July 2015, and BadInput.
    """
    value = inputs.wage(contract_value, "contract_value")
    owed_for = inputs.month(month)
    jkk, jkm = _terms(owed_for, inputs.flag(relief_covid, "relief_covid"))
    return Assessment(value, owed_for, _owed(value, jkk), _owed(value, jkm))


def clauses(*, contract_value: int | Decimal, month: Month, relief_covid: bool = False) -> dict[str, list[Clause]]:
    """The values of the law behind each figure of an assessment: each slice the contract value reaches."""
    day = inputs.month(month).first_day
    value = inputs.wage(contract_value, "contract_value")
    reliefs = relief_clauses((_COVID,) if relief_covid else (), day)
    return {
        figure: [clause(name, day, above) for above in _reached(parameter(name).at(day).shares(), value)] + reliefs
        for figure, name in _RATES.items()
    }


def _reached(shares: dict[int, Fraction], value: int) -> list[int]:
    return [above for above in sorted(shares) if above < value or not above]


def _owed(value: int, rates: _Rates) -> int:
    reached = next(each for each in reversed(rates.slices) if each.above < value or not each.above)
    return inputs.part(reached.below + (value - reached.above) * reached.rate, rates.unit)


@lru_cache(maxsize=512)
def _terms(month: Month, relief_covid: bool) -> tuple[_Rates, ...]:
    """The rates of JKK and of JKM in one month."""
    day = month.first_day
    owed = parameter(_COVID).at(day).share() if relief_covid else Fraction(1)
    return tuple(_rates(parameter(name).at(day).shares(), owed) for name in _RATES.values())


def _rates(shares: dict[int, Fraction], owed: Fraction) -> _Rates:
    scale = lcm(*(share.denominator for share in shares.values()))
    slices: list[_Slice] = []
    for above, share in sorted(shares.items()):
        last = slices[-1] if slices else _Slice(0, 0, 0)
        slices.append(_Slice(above, int(share * scale), last.below + (above - last.above) * last.rate))
    return _Rates(tuple(slices), owed / scale)
