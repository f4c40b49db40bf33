"""How much a month should have brought, by the law and a wage: what History calls expected."""

from lumbung.contributions.gaps.facts import BPU, PU, Cover, State, Verdict, Why
from lumbung.law import contributions, self_employed
from lumbung.law.contributions import Assessment
from lumbung.law.errors import BadInput, NotYetInForce, Unknown
from lumbung.law.month import Month


def assessed(cover: Cover, month: Month, wage: int) -> Assessment:
    """What an employer owes for a month on a wage (back pay included), on its terms of today.

    Raises NotYetInForce, Unknown and BadInput.
    """
    return contributions.assess(wage=wage, month=month, programmes=cover.programmes, **cover.terms)


def expected_wage(verdict: Verdict) -> int | None:
    """The wage that the month should have been reported with: the usual one where nothing or too little was."""
    is_told = verdict.wage is not None and verdict.state is not State.UNDER_REPORTED
    return verdict.wage if is_told else verdict.usual_wage


def expected_total(verdict: Verdict) -> int | None:
    """What the month should bring, in rupiah: what was asked for, or what follows from the expected wage.

    None when nobody knows: no wage was ever reported, or the law's figures are not announced.
    """
    asks_right = verdict.state is not State.UNDER_REPORTED and verdict.why is not Why.PROGRAMMES
    if verdict.lines and asks_right:
        return verdict.lines[-1].total
    if not verdict.covers:
        return None
    wage, cover = expected_wage(verdict), verdict.covers[-1]
    try:
        if verdict.segment == PU and wage is not None:
            return assessed(cover, verdict.month, wage).total
        if verdict.segment == BPU:
            terms = {**cover.terms, "programmes": cover.programmes}
            return self_employed.assess(month=verdict.month, **terms).total
    except (NotYetInForce, Unknown, BadInput):
        return None
    return None
