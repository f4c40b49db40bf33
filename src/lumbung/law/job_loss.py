"""Job loss (JKP): who may join, and the part of other contributions that it is funded from."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from lumbung.law import inputs
from lumbung.law.contributions import PROGRAMMES, SIZES
from lumbung.law.errors import MissingInput
from lumbung.law.month import Month, birthday
from lumbung.law.parameter import parameter

_FUNDING = "job_loss_funding"
_AGE = "job_loss_age_limit"
_NEEDED = "job_loss_programmes"


@dataclass(frozen=True, slots=True)
class Funding:
    """Where the money for job loss comes from: exact shares of the wage (a Fraction; times 100 it is percent).

    `government` is paid by the state, `from_jkk` and `from_jkm` are moved inside the fund, and `jkk_kept` and
    `jkm_kept` are what is left for accidents and deaths; the employer's bill is `jkk` and `jkm` as ever.
    """

    total: Fraction
    government: Fraction
    from_jkk: Fraction
    from_jkm: Fraction
    jkk_kept: Fraction
    jkm_kept: Fraction

    @property
    def jkk(self) -> Fraction:
        """The accident rate of the risk class, before anything is moved."""
        return self.from_jkk + self.jkk_kept

    @property
    def jkm(self) -> Fraction:
        """The death rate, before anything is moved."""
        return self.from_jkm + self.jkm_kept


def funding(*, day: date, risk_class: str) -> Funding:
    """The split of the rates in force on the day, for a wage worker of the risk class (PP 37/2021 art. 11).

    Raises NotYetInForce before 2 February 2021, and BadInput.
    """
    if risk_class is None:
        raise MissingInput(what="risk_class")
    classes = parameter("jkk_rate").latest().content
    return _funding(inputs.day(day), inputs.choice(risk_class, "risk_class", classes))


def funding_of_month(*, month: Month, risk_class: str) -> Funding:
    """The split of a contribution month: that of its last day.

    So the rule of 7 February 2025 holds for February's contribution, which was due in March; no source says
    which month was the first. Raises NotYetInForce before February 2021, and BadInput.
    """
    return funding(day=inputs.month(month).last_day, risk_class=risk_class)


def may_join(*, born: date, day: date) -> bool:
    """Whether somebody who starts work on the day may be registered: under 54 on it (PP 37/2021 art. 4).

    Who worked already when the programme began is judged on its first day. That he is a citizen, works for a
    wage and is in the programmes needed (`qualifies`) are other matters.
    """
    dated = parameter(_AGE)
    registered = max(inputs.day(day), dated.values[0].start)
    return registered < birthday(inputs.day(born), dated.at(registered).whole())


def qualifies(*, size: str, programmes: Set[str], day: date) -> bool:
    """Whether an employer of the size takes part in all programmes that job loss is built on (art. 4(3))."""
    taken = frozenset(inputs.choice(code, "programmes", PROGRAMMES) for code in programmes)
    needed = parameter(_NEEDED).at(inputs.day(day)).words(inputs.choice(size, "size", SIZES))
    return needed <= taken


@lru_cache(maxsize=1024)
def _funding(day: date, risk_class: str) -> Funding:
    parts = parameter(_FUNDING).at(day)
    from_jkk, from_jkm = parts.share("from_jkk"), parts.share("from_jkm")
    government = parts.share("government")
    return Funding(
        total=government + from_jkk + from_jkm,
        government=government,
        from_jkk=from_jkk,
        from_jkm=from_jkm,
        jkk_kept=parameter("jkk_rate").at(day).share(risk_class) - from_jkk,
        jkm_kept=parameter("jkm_rate").at(day).share() - from_jkm,
    )
