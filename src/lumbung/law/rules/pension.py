"""The rules of the pension programme: `pension_wage_cap`."""

from lumbung.law import inputs, pension
from lumbung.law.rules.rule import Answer, Given, Rule, money, needed


def _pension_wage_cap(given: Given) -> Answer:
    return {"cap": pension.wage_cap(inputs.day(needed(given, "day")))}


RULES = {"pension_wage_cap": Rule(frozenset({"day"}), {"cap": money}, _pension_wage_cap)}
