"""The rules on accidents and deaths: `accident`, `death`, `scholarship`."""

from typing import Any

from lumbung.law import accident, death
from lumbung.law.rules.rule import Answer, Given, Rule, chosen, money, needed

_PARTS = ("compensation", "periodic", "funeral", "total")


def _sum(written: Any) -> int:
    """An expected part; null and 0 both say that there is none."""
    return 0 if written is None else money(written)


def _accident(given: Given) -> Answer:
    result = accident.accident(
        kind=needed(given, "kind"),
        wage=needed(given, "wage"),
        day=needed(given, "day"),
        **chosen(given, "table_percent", "loss_percent", "months_off"),
    )
    return {part: getattr(result, part) or 0 for part in _PARTS}


def _death(given: Given) -> Answer:
    result = death.death(needed(given, "day"))
    return {part: getattr(result, part) for part in _PARTS}


def _scholarship(given: Given) -> Answer:
    most = death.scholarship(children=needed(given, "children"), day=needed(given, "day"))
    return {"maximum": most.maximum}


RULES = {
    "accident": Rule(
        frozenset({"kind", "wage", "day", "table_percent", "loss_percent", "months_off"}),
        dict.fromkeys(_PARTS, _sum),
        _accident,
    ),
    "death": Rule(frozenset({"day"}), dict.fromkeys(_PARTS, money), _death),
    "scholarship": Rule(frozenset({"children", "day"}), {"maximum": money}, _scholarship),
}
