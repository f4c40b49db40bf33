"""`lumbung law explain`: how an answer follows from the law, step by step."""

from collections.abc import Callable
from typing import Any

import click
import yaml

from lumbung.cli.law import language
from lumbung.cli.law.data import pair, refusals, rupiah
from lumbung.law import inputs
from lumbung.law.derivation import render
from lumbung.law.errors import NotTogether
from lumbung.law.exact_yaml import read
from lumbung.law.rules import RULES
from lumbung.law.rules.explaining import BadGiven, explain

_FORM = "KEY=VALUE"
_EXAMPLE = "wage=5000000"
_MONEY = frozenset({"wage", "income", "contract_value", "owed", "opening", "old_age", "benefit",
                    "amount", "gross", "cap"})  # fmt: skip
_LISTS = frozenset({"programmes", "holidays"})
_ROWS = {
    ("development", "contributions"): ("month", "amount"),
    ("pension", "years"): ("year", "months", "wage", "cap"),
    ("old_age_tax", "payments"): ("day", "gross"),
}
_BY_YEAR = ("pension", "inflation")


@click.command("explain", epilog=f"Rules: {', '.join(sorted(RULES))}.")
@click.argument("rule")
@click.argument("facts", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--given", "written", help="The facts as YAML, as a case gives them.", metavar="YAML")
@click.option("--json", "form", flag_value="json", help="The steps as data, with exact values.")
@click.option("--html", "form", flag_value="html", help="The steps as a nested list of HTML.")
@click.option("--text", "form", flag_value="text", default="text", help="The steps as text.  [default]")
@language.option
def explain_rule(
    rule: str, facts: tuple[str, ...], written: str | None, form: str, translate: Callable[[str], str]
) -> None:
    """How a rule's answer follows from the law: every step with its value, formula and clause.

    The keys are those of the rule's cases. Lists have commas, tables have colons between their columns:

    \b
      lumbung law explain contribution segment=PU wage=5000000 month=2025-04 risk_class=II
      lumbung law explain late_fine segment=PU month=2025-04 owed=1000000 paid_on=2025-06-02 holidays=2025-05-15
      lumbung law explain development opening=0 rate=5.7 contributions=2025-01:250000,2025-02:250000
      lumbung law explain pension years=2024:12:6000000:10042300 inflation=2024:1.57 retires=2025
      lumbung law explain old_age_tax payments=2024-03-05:80000000
    """
    with refusals(form == "json", translate):
        inputs.choice(rule, "RULE", RULES)
        said = {} if written is None else _read(written)
        for fact in facts:
            key, value = pair(fact, "a fact", _FORM, _EXAMPLE)
            if key in said:
                raise NotTogether(what=f"{key}={value}", other=f"{key}={said[key]}")
            said[key] = _typed(rule, key, value)
        answer = render(explain(rule, said), form, translate)
    click.echo(answer)


def _read(written: str) -> dict[str, Any]:
    try:
        found = read(written.encode())
    except yaml.YAMLError as error:
        raise BadGiven(reason=" ".join(str(error).split())) from error
    if not isinstance(found, dict):
        raise BadGiven(reason=f"keys with values were expected, such as {{{_EXAMPLE.replace('=', ': ')}}}")
    return found


def _typed(rule: str, key: str, value: str) -> Any:
    """A value as a clerk types it, as a case gives it."""
    if value.startswith(("[", "{")):
        return _read(f"{{value: {value}}}")["value"]
    if key in _LISTS:
        return [part.strip() for part in value.split(",")]
    if (rule, key) in _ROWS:
        return [_row(key, part, _ROWS[rule, key]) for part in value.split(",")]
    if (rule, key) == _BY_YEAR:
        rows = [_row(key, part, ("year", "percent")) for part in value.split(",")]
        return {row["year"]: row["percent"] for row in rows}
    return _plain(key, value)


def _row(key: str, written: str, columns: tuple[str, ...]) -> dict[str, Any]:
    parts = written.strip().split(":")
    if len(parts) != len(columns):
        raise BadGiven(reason=f"{key} is written as {':'.join(columns)},…")
    return {column: _plain(column, part) for column, part in zip(columns, parts, strict=True)}


def _plain(key: str, value: str) -> Any:
    """One number, word, day, or yes and no; an amount that looks grouped by thousands is refused."""
    if key in _MONEY:
        return rupiah(value, key)
    words = {"true": True, "yes": True, "false": False, "no": False}
    return words.get(value, value)
