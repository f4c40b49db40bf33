"""The rules of the job loss programme: `job_loss`, `job_loss_funding`."""

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction

from lumbung.law import inputs, job_loss, job_loss_benefit
from lumbung.law.rules.rule import Answer, Given, Rule, chosen, day, list_of, money, needed, percent


def _job_loss_funding(given: Given) -> Answer:
    parts = job_loss.funding(day=inputs.day(needed(given, "day")), risk_class=needed(given, "risk_class"))
    return {part.name: _percent(getattr(parts, part.name)) for part in fields(parts)}


def _percent(share: Fraction) -> Decimal:
    """The share as the statute writes it; a percentage of the law has few decimals."""
    return Decimal(100 * share.numerator) / share.denominator


def _job_loss(given: Given) -> Answer:
    paid = job_loss_benefit.job_loss(
        wage=needed(given, "wage"),
        dismissed_on=needed(given, "dismissed_on"),
        **chosen(given, "months", "first_paid_on"),
    )
    return {"monthly": paid.monthly, "total": paid.total, "claim_by": paid.claim_by}


RULES = {
    "job_loss": Rule(
        frozenset({"wage", "dismissed_on", "months", "first_paid_on"}),
        {"monthly": list_of(money), "total": money, "claim_by": day},
        _job_loss,
    ),
    "job_loss_funding": Rule(
        frozenset({"day", "risk_class"}),
        {part.name: percent for part in fields(job_loss.Funding)},
        _job_loss_funding,
    ),
}
