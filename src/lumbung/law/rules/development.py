"""The rules on what old-age savings earn: `development`, `development_plan`."""

from collections.abc import Iterable
from typing import Any

from lumbung.law import development, errors, inputs
from lumbung.law.rules.rule import Answer, Given, Rule, chosen, listed, money, needed, only

_WHAT = "months with amounts"


def _development(given: Given) -> Answer:
    result = development.development(
        opening=needed(given, "opening"),
        rate=needed(given, "rate"),
        contributions=list(_amounts(listed(given, "contributions", _WHAT))),
        until=inputs.month(given["until"]) if "until" in given else None,
    )
    return {"development": result.development, "closing": result.closing}


def _amounts(entries: list[Any]) -> Iterable[tuple[Any, Any]]:
    for entry in entries:
        if not isinstance(entry, dict):
            raise errors.BadList(what="contributions", choices=_WHAT)
        only("contributions", entry, {"month", "amount"})
        yield inputs.month(needed(entry, "month")), needed(entry, "amount")


def _development_plan(given: Given) -> Answer:
    result = development.plan(
        wage=needed(given, "wage"),
        years=needed(given, "years"),
        rate=needed(given, "rate"),
        **chosen(given, "opening", "idle_years", "convention"),
    )
    return {"contributions": result.contributions, "development": result.development, "closing": result.closing}


RULES = {
    "development": Rule(
        frozenset({"opening", "rate", "contributions", "until"}),
        {"development": money, "closing": money},
        _development,
    ),
    "development_plan": Rule(
        frozenset({"wage", "years", "rate", "opening", "idle_years", "convention"}),
        {"contributions": money, "development": money, "closing": money},
        _development_plan,
    ),
}
