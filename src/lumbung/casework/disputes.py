"""A dispute about wages: what the member's payslips say beside what an employer reported.

An officer decides it with a reason. Accepting changes no books: it says that the employer must have it put right.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from lumbung.casework import queries
from lumbung.casework.models import Case
from lumbung.contributions.gaps import queries as gaps
from lumbung.contributions.gaps.facts import PU, Verdict
from lumbung.contributions.payslips.comparing import Compared, compare
from lumbung.law.errors import NotYetInForce, Unknown
from lumbung.law.month import Month


@dataclass(frozen=True, slots=True)
class Claim:
    """What a member says of one employer: month → the wage on the payslip, in rupiah."""

    member_number: str
    employer_id: int
    employer_name: str
    wages: Mapping[Month, int]

    @property
    def subject(self) -> str:
        """One text for the same employer, number and months, whatever the wages; it tells none of them."""
        months = ",".join(str(month) for month in sorted(self.wages))
        return sha256(f"{self.member_number} {self.employer_id} {months}".encode()).hexdigest()


def as_facts(claim: Claim, why: str) -> dict[str, str]:
    """The claim as the facts of a case, which are sealed."""
    wages = {str(month): wage for month, wage in sorted(claim.wages.items())}
    told = {"number": claim.member_number, "employer": claim.employer_id, "wages": wages}
    facts = {"employer": claim.employer_name, "months": ", ".join(wages), "claim": json.dumps(told)}
    return {**facts, "why": why} if why else facts


def claim_of(case: Case) -> Claim:
    """What the member claims in a dispute."""
    facts = queries.facts(case)
    told = json.loads(facts["claim"])
    wages = {Month.parse(month): wage for month, wage in told["wages"].items()}
    return Claim(told["number"], told["employer"], facts["employer"], wages)


@dataclass(frozen=True, slots=True)
class Beside:
    """A month of a claim beside what the books say now; `compared` is None where the law has no figures for it."""

    month: Month
    claimed: int
    verdict: Verdict | None
    compared: Compared | None


def beside(case: Case, *, today: date) -> list[Beside]:
    """The months of a dispute, the oldest first, beside what is reported and paid for them today."""
    claim = claim_of(case)
    found = gaps.verdicts([claim.member_number], first=min(claim.wages), last=max(claim.wages), today=today)
    known = {one.month: one for one in found if one.segment == PU and one.payer == claim.employer_id}
    return [_beside(month, wage, known.get(month)) for month, wage in sorted(claim.wages.items())]


def _beside(month: Month, claimed: int, verdict: Verdict | None) -> Beside:
    compared = None
    if verdict is not None and verdict.covers:
        try:
            compared = compare(verdict, claimed)
        except (NotYetInForce, Unknown):
            compared = None
    return Beside(month, claimed, verdict, compared)
