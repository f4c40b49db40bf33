"""The rules by name, as cases ask for them; each answers from the functions that the platform itself calls."""

from collections.abc import Mapping

from lumbung.law.rules import contributions, development, job_loss, payments, pension
from lumbung.law.rules.rule import Rule

RULES: Mapping[str, Rule] = {
    **contributions.RULES,
    **payments.RULES,
    **pension.RULES,
    **job_loss.RULES,
    **development.RULES,
}
NOT_BUILT = frozenset(
    {
        "accident",
        "death",
        "job_loss",
        "old_age_claim",
        "old_age_tax",
        "pension",
        "pension_age",
        "pension_bounds",
        "pension_kind",
        "scholarship",
        "survivor_pension",
    }
)
