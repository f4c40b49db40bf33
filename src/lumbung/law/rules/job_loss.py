"""The rules of the job loss programme: `job_loss_funding`."""

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction

from lumbung.law import inputs, job_loss
from lumbung.law.rules.rule import Answer, Given, Rule, needed, percent


def _job_loss_funding(given: Given) -> Answer:
    parts = job_loss.funding(day=inputs.day(needed(given, "day")), risk_class=needed(given, "risk_class"))
    return {part.name: _percent(getattr(parts, part.name)) for part in fields(parts)}


def _percent(share: Fraction) -> Decimal:
    """The share as the statute writes it; a percentage of the law has few decimals."""
    return Decimal(100 * share.numerator) / share.denominator


RULES = {
    "job_loss_funding": Rule(
        frozenset({"day", "risk_class"}),
        {part.name: percent for part in fields(job_loss.Funding)},
        _job_loss_funding,
    )
}
