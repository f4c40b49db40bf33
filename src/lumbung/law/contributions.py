"""What is owed each month for a wage worker (segment PU): JHT, JP, JKK and JKM."""

from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from lumbung.law import inputs
from lumbung.law.clauses import Clause, clause, lowers_nothing, relief_clauses
from lumbung.law.errors import MissingInput
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

PROGRAMMES = frozenset({"JHT", "JP", "JKK", "JKM"})
SIZES = ("micro", "small", "medium", "large")
_RATES = (
    "jht_employer_rate",
    "jht_member_rate",
    "jp_employer_rate",
    "jp_member_rate",
    "jkk_rate",
    "jkm_rate",
)
_RELIEFS = ("relief_covid_share", "relief_labour_intensive_share")
_CAP = "pension_wage_cap"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is owed for one wage worker and month, in whole rupiah; a programme that is not taken is 0."""

    wage: int
    month: Month
    jht_employer: int
    jht_member: int
    jp_wage: int
    jp_employer: int
    jp_member: int
    jkk: int
    jkm: int

    @property
    def employer_total(self) -> int:
        """What the employer pays out of his own: the rounded parts added."""
        return self.jht_employer + self.jp_employer + self.jkk + self.jkm

    @property
    def member_total(self) -> int:
        """What the employer keeps back from the wage: the rounded parts added."""
        return self.jht_member + self.jp_member

    @property
    def total(self) -> int:
        """What the employer transfers to the fund."""
        return self.employer_total + self.member_total


@dataclass(frozen=True, slots=True)
class Terms:
    """The shares of the wage owed in one month by one kind of employer, after any relief."""

    jht_employer: Fraction
    jht_member: Fraction
    jp_employer: Fraction
    jp_member: Fraction
    jkk: Fraction
    jkm: Fraction
    jp_cap: int


def assess(
    *,
    wage: int | Decimal,
    month: Month,
    risk_class: str | None = None,
    programmes: Set[str] = PROGRAMMES,
    labour_intensive: bool = False,
    relief_covid: bool = False,
) -> Assessment:
    """What is owed for a wage worker's month: each part rounded half-up once, after any relief.

    The two flags say what is true of the employer: a labour-intensive industry of PP 7/2025, a participant
    in the relief of PP 49/2020. They lower a contribution in the months of those regulations and change
    nothing in others. `risk_class` is needed for JKK only. Raises NotYetInForce before July 2015, Unknown
    where JP has no cap yet, and BadInput.
    """
    base = inputs.wage(wage)
    owed_for = inputs.month(month)
    taken = frozenset(inputs.choice(code, "programmes", PROGRAMMES) for code in programmes)
    terms = _terms(
        owed_for,
        _risk_class(risk_class, taken),
        taken,
        inputs.flag(labour_intensive, "labour_intensive"),
        inputs.flag(relief_covid, "relief_covid"),
    )
    jp_wage = min(base, terms.jp_cap)
    return Assessment(
        wage=base,
        month=owed_for,
        jht_employer=inputs.part(base, terms.jht_employer),
        jht_member=inputs.part(base, terms.jht_member),
        jp_wage=jp_wage,
        jp_employer=inputs.part(jp_wage, terms.jp_employer),
        jp_member=inputs.part(jp_wage, terms.jp_member),
        jkk=inputs.part(base, terms.jkk),
        jkm=inputs.part(base, terms.jkm),
    )


def old_age_shares(wage: int) -> int:
    """Both JHT shares of a month's wage at the latest rates, each rounded: what a projection assumes."""
    return _latest_shares(wage, "jht_employer_rate", "jht_member_rate")


def pension_shares(wage: int) -> int:
    """Both JP shares of a month's wage that counts, at the latest rates, each rounded."""
    return _latest_shares(wage, "jp_employer_rate", "jp_member_rate")


def _latest_shares(wage: int, *names: str) -> int:
    return sum(inputs.part(wage, parameter(name).latest().share()) for name in names)


def programmes_of(size: str, month: Month | None = None) -> frozenset[str]:
    """The programmes that an employer of a size must take part in; those of the latest rule without a month."""
    dated = parameter("programmes_by_size")
    value = dated.latest() if month is None else dated.at(month.first_day)
    return value.words(inputs.choice(size, "size", SIZES))


def last_known_month() -> Month | None:
    """The last month for which all four programmes can be assessed; None when no end is known."""
    starts = (parameter(name).unknown_from() for name in (*_RATES, *_RELIEFS, _CAP))
    unknown = [Month.of(start) for start in starts if start is not None]
    return min(unknown) - 1 if unknown else None


def clauses(
    *,
    month: Month,
    risk_class: str | None = None,
    programmes: Set[str] = PROGRAMMES,
    labour_intensive: bool = False,
    relief_covid: bool = False,
) -> dict[str, list[Clause]]:
    """The values of the law behind each figure of an assessment with the same arguments, totals left out."""
    day = inputs.month(month).first_day
    covid = relief_clauses(_RELIEFS[:1] if relief_covid else (), day)
    labour = relief_clauses(_RELIEFS[1:] if labour_intensive else (), day)
    behind: dict[str, tuple[str, str | None, list[Clause]]] = {
        "jht_employer": ("jht_employer_rate", None, []),
        "jht_member": ("jht_member_rate", None, []),
        "jp_wage": (_CAP, None, []),
        "jp_employer": ("jp_employer_rate", None, []),
        "jp_member": ("jp_member_rate", None, []),
        "jkk": ("jkk_rate", risk_class, covid + labour),
        "jkm": ("jkm_rate", None, covid),
    }
    return {
        figure: [clause(name, day, key), *reliefs]
        for figure, (name, key, reliefs) in behind.items()
        if figure.split("_")[0].upper() in programmes
    }


def reliefs_without_effect(
    month: Month, *, labour_intensive: bool = False, relief_covid: bool = False
) -> list[str]:
    """The relief flags that are set although their regulation lowers nothing in the month."""
    flags = {"relief_covid": relief_covid, "labour_intensive": labour_intensive}
    named = zip(flags.items(), _RELIEFS, strict=True)
    return [flag for (flag, is_set), name in named if is_set and lowers_nothing(name, month.first_day)]


def _risk_class(given: str | None, taken: frozenset[str]) -> str | None:
    if given is None and "JKK" in taken:
        raise MissingInput(what="risk_class")
    classes = parameter("jkk_rate").latest().content
    return given if given is None else inputs.choice(given, "risk_class", classes)


@lru_cache(maxsize=4096)
def _terms(
    month: Month, risk_class: str | None, taken: frozenset[str], labour_intensive: bool, relief_covid: bool
) -> Terms:
    """The dated tables compiled for one month and kind of employer: a batch asks for the same few."""
    day = month.first_day

    def rate(name: str, programme: str, key: str | None = None) -> Fraction:
        in_force = parameter(name).at(day)  # asked for in any case: before 2015-07 nothing is in force
        return in_force.share(key) if programme in taken else Fraction(0)

    covid = parameter("relief_covid_share").at(day).share() if relief_covid else Fraction(1)
    labour = parameter("relief_labour_intensive_share").at(day).share() if labour_intensive else Fraction(1)
    return Terms(
        jht_employer=rate("jht_employer_rate", "JHT"),
        jht_member=rate("jht_member_rate", "JHT"),
        jp_employer=rate("jp_employer_rate", "JP"),
        jp_member=rate("jp_member_rate", "JP"),
        jkk=rate("jkk_rate", "JKK", risk_class) * covid * labour,
        jkm=rate("jkm_rate", "JKM") * covid,
        jp_cap=parameter(_CAP).at(day).whole() if "JP" in taken else 0,
    )
