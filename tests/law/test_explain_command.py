"""`lumbung law explain`, as a clerk types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lumbung.cli.law import command
from lumbung.law import cases
from lumbung.law.exact_yaml import read
from lumbung.law.rules import RULES


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["explain", *arguments])


def typed(value: Any) -> str:
    """A value of a case as a clerk types it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in ({}, []):
        return str(value)
    if isinstance(value, dict):
        return ",".join(f"{key}:{each}" for key, each in value.items())
    if isinstance(value, list):
        return ",".join(":".join(map(str, each.values())) if isinstance(each, dict) else each for each in value)
    return str(value)


ONE_OF_EACH = {
    case["rule"]: case
    for file in sorted((Path(cases.__file__).parent / "cases").glob("*.yaml"))
    for case in read(file.read_bytes())
    if "error" not in case["expect"]
}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_case_can_be_typed(rule: str) -> None:
    given = {key: value for key, value in ONE_OF_EACH[rule]["given"].items() if value is not None}
    by_hand = run(rule, *(f"{key}={typed(value)}" for key, value in given.items()), "--json")
    assert by_hand.exit_code == 0, by_hand.output
    as_yaml = run(rule, "--json", "--given", json.dumps(given, default=str))
    assert json.loads(by_hand.output) == json.loads(as_yaml.output)


def test_text_is_the_default() -> None:
    result = run("contribution", "segment=PU", "wage=5000000", "month=2025-04", "risk_class=II")
    assert "JHT, member: Rp 100,000  (multiplied, rounded half-up to whole rupiah)" in result.output
    assert "Law version" in result.output
    assert run("death", "day=2025-01-01", "--html").output.startswith('<div class="derivation"><details open>')


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("funeral",), "RULE must be one of accident, "),
        (("death", "day"), "a fact must be written as KEY=VALUE, for example wage=5000000."),
        (("death", "date=2025-01-01"), "a key of death must be one of day; date is none of them."),
        (("death", "day=2025-01-01", "day=2025-01-02"), "day=2025-01-02 and day=2025-01-01 don't go together"),
        (("death", "--given", "{day: 2025-01-01", "day=2025-01-02"), "What is given can't be read: "),
        (("death", "--given", "[2025-01-01]"), "What is given can't be read: keys with values were expected"),
        (("death",), "day is missing."),
        (("contribution", "segment=PU", "month=2025-04", "wage=5.000"), "wage must be rupiah"),
        (("development", "opening=0", "rate=5", "contributions=2025-01"), "is written as month:amount"),
        (("old_age_tax", "payments=[{day: 2025-01-01, sum: 1}]"), "What is given can't be read: unknown key"),
        (("pension_wage_cap", "day=2027-03-01"), "nobody knows the value"),
    ],
)  # fmt: skip
def test_what_can_not_be_explained_is_refused_with_its_reason(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
    assert said in result.output
