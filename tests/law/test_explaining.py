"""Every rule of the cases is explained, and the derivation holds what the case expects."""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lumbung.errors import Refusal
from lumbung.law import cases, inputs
from lumbung.law.derivation import Step, recomputed, render, walk
from lumbung.law.exact_yaml import read
from lumbung.law.rules import RULES
from lumbung.law.rules.explaining import EXPLAINED, explain

FOLDER = Path(cases.__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))


def named(tree: Step, name: str) -> list[Any]:
    return [step.value for step in walk(tree) if step.name == name]


def percent(share: Any) -> Decimal:
    return Decimal(Fraction(share).numerator * 100) / Fraction(share).denominator


def places(share: Any) -> Decimal:
    return Decimal(inputs.half_up(Fraction(share) * 10_000)).scaleb(-2)


def problems(tree: Step) -> tuple[str, ...]:
    barring = {step.name for step in walk(tree) if step.name in _BARRING and not step.value}
    waits = named(tree, "waiting")[0] and not barring & {"below_age", "member_less_than_ten_years"}
    return tuple(sorted(barring | ({"waiting"} if waits else set())))


# What a derivation says of a figure that is not simply the value of the first step of its name.
TOLD: dict[tuple[str, str], Callable[[Step], Any]] = {
    ("accident", "funeral"): lambda tree: next(iter(named(tree, "accident_funeral")), None),
    ("pension_age", "age"): lambda tree: tree.find("pension_age").value,
    ("pension", "indices"): lambda tree: tuple(map(places, named(tree, "index"))),
    ("pension", "weighted"): lambda tree: tuple(named(tree, "weighted")),
    ("pension", "average"): lambda tree: inputs.half_up(named(tree, "average")[0]),
    ("job_loss", "monthly"): lambda tree: tuple(s.value for s in walk(tree) if s.name.startswith("month_")),
    ("old_age_tax", "tax"): lambda tree: tuple(named(tree, "tax")),
    ("old_age_tax", "final"): lambda tree: tuple(s.label == "Final tax" for s in walk(tree) if s.name == "tax"),
    ("old_age_claim", "problems"): problems,
    ("old_age_claim", "payable_percent"): lambda tree: percent(tree.find("payable_percent").value),
}


def told(tree: Step, rule: str, key: str) -> Any:
    """What the derivation says of a figure of the rule; None when it says nothing."""
    if (rule, key) in TOLD:
        return TOLD[rule, key](tree)
    found = next(iter(named(tree, key)), None)
    return percent(found) if rule == "job_loss_funding" else found


_BARRING = {"still_active", "below_age", "member_less_than_ten_years", "already_withdrawn_in_part"}


def test_every_rule_is_explained() -> None:
    assert set(EXPLAINED) == set(RULES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_derivation_holds_what_each_case_expects(file: Path) -> None:
    for case in read(file.read_bytes()):
        if "error" in case["expect"]:
            with pytest.raises(Refusal) as refused:
                explain(case["rule"], case["given"])
            assert refused.value.code == case["expect"]["error"], case["name"]
            continue
        tree = explain(case["rule"], case["given"])
        for step in walk(tree):
            assert recomputed(step) == step.value, (case["name"], step.name)
        rule = RULES[case["rule"]].of(case["given"])
        for key, written in case["expect"].items():
            expected = rule.expect[key](written)
            found = told(tree, case["rule"], key)
            if found is None and not expected:
                continue  # a part that is not taken stands in no derivation
            assert found == expected, (case["name"], key)
        assert json.loads(render(tree, "json"))["derivation"]["name"] == tree.name


@pytest.mark.parametrize(
    ("rule", "facts", "told"),
    [
        ("tithe", {}, "RULE must be one of accident, contribution, "),
        ("death", {"colour": 1}, "a key of death must be one of day; colour is none of them."),
        (
            "pension",
            {"years": [], "retires": 2025, "inflation": {1976: 1}},
            "year must be a whole number from 1977",
        ),
        (
            "pension",
            {"years": [], "retires": 2025, "inflation": 5},
            "inflation must be a list of percentages by year",
        ),
    ],
)
def test_what_can_not_be_explained_is_told(rule: str, facts: dict[str, Any], told: str) -> None:
    with pytest.raises(Refusal) as refused:
        explain(rule, facts)
    assert str(refused.value).startswith(told)
