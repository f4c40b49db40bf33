"""What is owed each month by who earns no wage (segment BPU): JKK and JKM, and JHT by choice."""

from bisect import bisect_right
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from lumbung.law import inputs
from lumbung.law.clauses import Clause, clause, relief_clauses
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

PROGRAMMES = frozenset({"JKK", "JKM", "JHT"})
SECTORS = ("transport", "other")
_BASE = "self_employed_base"
_COVID = "relief_covid_share"
_RELIEF = "relief_self_employed_share"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is owed for one self-employed member and month, in whole rupiah; a programme that is not taken is 0."""

    income: int
    month: Month
    base: int
    jkk: int
    jkm: int
    jht: int

    @property
    def total(self) -> int:
        """What the member transfers to the fund: the rounded parts added."""
        return self.jkk + self.jkm + self.jht


@dataclass(frozen=True, slots=True)
class _Terms:
    """The bands of income and what is owed in one month on each base, after any relief."""

    lower_bounds: tuple[int, ...]
    owed: tuple[tuple[int, int, int, int], ...]  # base, JKK, JKM, JHT of each band


def assess(
    *,
    income: int | Decimal,
    month: Month,
    programmes: Set[str] = PROGRAMMES,
    sector: str = "other",
    relief_covid: bool = False,
    paid_by_state: bool = False,
) -> Assessment:
    """What is owed for a self-employed member's month, from the band that the monthly income falls into.

    The band is the one with the greatest lower bound not above the income (PP 44/2015 annex II and PP 46/2015
    annex). JKK and JHT are shares of the band's base, JKM is one amount for all; each is rounded half-up once,
    after any relief. The relief of PP 50/2025 comes by itself in the months of the `sector` (`transport` or
    `other`), except where the state budget pays the contribution (`paid_by_state`); `relief_covid` says that
    the member takes part in PP 49/2020. Raises NotYetInForce before July 2015, and BadInput.
    """
    earned = inputs.wage(income, "income")
    owed_for = inputs.month(month)
    by_state = inputs.flag(paid_by_state, "paid_by_state")
    terms = _terms(
        owed_for,
        frozenset(inputs.choice(code, "programmes", PROGRAMMES) for code in programmes),
        inputs.choice(sector, "sector", SECTORS),
        inputs.flag(relief_covid, "relief_covid"),
        by_state,
    )
    base, jkk, jkm, jht = terms.owed[bisect_right(terms.lower_bounds, earned) - 1]
    return Assessment(earned, owed_for, base, jkk, jkm, jht)


def old_age_share(income: int) -> int:
    """The JHT of a month's income in the latest bands, at the latest rate: what a projection assumes."""
    bands = parameter(_BASE).latest().amounts()
    base = bands[max(bound for bound in bands if bound <= income)]
    return inputs.part(base, parameter("self_employed_jht_rate").latest().share())


def clauses(
    *,
    income: int | Decimal,
    month: Month,
    programmes: Set[str] = PROGRAMMES,
    sector: str = "other",
    relief_covid: bool = False,
    paid_by_state: bool = False,
) -> dict[str, list[Clause]]:
    """The values of the law behind each figure of an assessment with the same arguments, the total left out."""
    day = inputs.month(month).first_day
    bounds = parameter(_BASE).at(day).amounts()
    band = max(bound for bound in bounds if bound <= inputs.wage(income, "income"))
    reliefs = relief_clauses((_COVID,) if relief_covid else (), day)
    reliefs += relief_clauses(() if paid_by_state else (_RELIEF,), day, sector)
    behind = {
        "jkk": [clause("self_employed_jkk_rate", day), *reliefs],
        "jkm": [clause("self_employed_jkm_amount", day), *reliefs],
        "jht": [clause("self_employed_jht_rate", day)],
    }
    taken = {figure: found for figure, found in behind.items() if figure.upper() in programmes}
    return {"base": [clause(_BASE, day, band)], **taken}


@lru_cache(maxsize=1024)
def _terms(month: Month, taken: frozenset[str], sector: str, relief_covid: bool, paid_by_state: bool) -> _Terms:
    """The dated tables compiled for one month and kind of member: every band with what is owed in it."""
    day = month.first_day
    whole = Fraction(1)
    covid = parameter(_COVID).at(day).share() if relief_covid else whole
    owed = covid * (whole if paid_by_state else parameter(_RELIEF).at(day).share(sector))
    jkk = parameter("self_employed_jkk_rate").at(day).share() * owed * ("JKK" in taken)
    jkm = parameter("self_employed_jkm_amount").at(day).whole() * ("JKM" in taken)
    jht = parameter("self_employed_jht_rate").at(day).share() * ("JHT" in taken)
    bands = sorted(parameter(_BASE).at(day).amounts().items())
    return _Terms(
        tuple(bound for bound, _ in bands),
        tuple((base, inputs.part(base, jkk), inputs.part(jkm, owed), inputs.part(base, jht)) for _, base in bands),
    )
