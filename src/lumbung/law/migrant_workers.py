"""What is owed for a migrant worker (segment PMI): JKK and JKM in one sum by the contract, JHT by choice."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lumbung.law import inputs
from lumbung.law.clauses import Clause, clause
from lumbung.law.errors import BadChoice, NotApplicable, shown
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

_BEFORE = "migrant_before_departure"
_DURING = "migrant_during_and_after"
_EXTENSION = "migrant_extension_month"
_OLD_AGE = "migrant_old_age_choices"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is owed for one migrant worker, in whole rupiah: JKK and JKM for the contract, JHT for the month."""

    contract_months: int
    extension_months: int
    month: Month
    before_departure: int
    during_and_after: int
    extension: int
    old_age: int

    @property
    def premium(self) -> int:
        """JKK and JKM in one sum, for the whole contract."""
        return self.before_departure + self.during_and_after + self.extension

    @property
    def total(self) -> int:
        """All that is owed in the month: the premium and the month's JHT."""
        return self.premium + self.old_age


@dataclass(frozen=True, slots=True)
class _Terms:
    before_departure: int
    during_and_after: dict[int, int]
    extension_month: int
    old_age: frozenset[int]


def assess(
    *,
    contract_months: int,
    month: Month,
    extension_months: int = 0,
    agency: bool = True,
    old_age: int = 0,
) -> Assessment:
    """What is owed by the contract's length in months and the months beyond it, paid at once (art. 18).

    Who leaves without an agency pays nothing for the time before departure. `old_age` is one of the monthly
    amounts to choose from, or 0 for none; it is added once, for the month. A contract of another length than
    the regulation's raises NotApplicable, a month before Permenaker 4/2023 NotYetInForce; also BadInput.
    """
    length = inputs.months(contract_months, "contract_months")
    beyond = inputs.months(extension_months, "extension_months")
    owed_for = inputs.month(month)
    with_agency = inputs.flag(agency, "agency")
    saved = inputs.rupiah(old_age, "old_age")
    terms = _terms(owed_for)
    if length not in terms.during_and_after:
        known = ", ".join(map(str, sorted(terms.during_and_after)))
        raise NotApplicable(rule="contribution", what="contract_months", value=length, choices=known)
    if saved not in terms.old_age:
        raise BadChoice(what="old_age", choices=", ".join(map(str, sorted(terms.old_age))), value=shown(saved))
    return Assessment(
        contract_months=length,
        extension_months=beyond,
        month=owed_for,
        before_departure=terms.before_departure if with_agency else 0,
        during_and_after=terms.during_and_after[length],
        extension=beyond * terms.extension_month,
        old_age=saved,
    )


def clauses(*, contract_months: int, month: Month, agency: bool = True, **others: Any) -> dict[str, list[Clause]]:
    """The values of the law behind each figure of an assessment with the same arguments, the total left out."""
    day = inputs.month(month).first_day
    asked = {
        "before_departure": [clause(_BEFORE, day)] if agency else [],
        "during_and_after": [clause(_DURING, day, inputs.months(contract_months, "contract_months"))],
        "extension": [clause(_EXTENSION, day)] if others.get("extension_months") else [],
        "old_age": [clause(_OLD_AGE, day)] if others.get("old_age") else [],
    }
    return {figure: found for figure, found in asked.items() if found}


@lru_cache(maxsize=512)
def _terms(month: Month) -> _Terms:
    day = month.first_day
    return _Terms(
        before_departure=parameter(_BEFORE).at(day).whole(),
        during_and_after=parameter(_DURING).at(day).amounts(),
        extension_month=parameter(_EXTENSION).at(day).whole(),
        old_age=frozenset({0, *parameter(_OLD_AGE).at(day).content}),
    )
