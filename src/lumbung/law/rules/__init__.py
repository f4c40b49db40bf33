"""The rules by name, as cases ask for them; each answers from the functions that the platform itself calls."""

from collections.abc import Mapping

from lumbung.law.rules import accidents, contributions, development, job_loss, old_age, payments, pension
from lumbung.law.rules.rule import Rule

RULES: Mapping[str, Rule] = {
    **contributions.RULES,
    **payments.RULES,
    **pension.RULES,
    **accidents.RULES,
    **job_loss.RULES,
    **development.RULES,
    **old_age.RULES,
}
