"""Cases: examples of the law as data, run through the law's own functions (`lumbung law check`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from lumbung.errors import Refusal
from lumbung.law import errors
from lumbung.law.exact_yaml import read
from lumbung.law.rules import RULES
from lumbung.law.rules.rule import Answer, Given, Malformed, Rule, only

CODES = frozenset(
    refusal.code for refusal in (errors.NotYetInForce, errors.Unknown, errors.NotApplicable, errors.BadInput)
)
_CASE_KEYS = frozenset({"name", "rule", "given", "expect", "source", "note"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case that was run: its place in the file, its name, and what went wrong (nothing: it passed)."""

    number: int
    name: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.problems


def check(content: bytes) -> list[Outcome]:
    """Run every case of a file. Raises NoCases when the content is no YAML or holds no list."""
    try:
        found = read(content)
    except yaml.YAMLError as error:
        raise errors.NoCases(reason=" ".join(str(error).split())) from error
    if not isinstance(found, list):
        raise errors.NoCases(reason="a list was expected at the top")
    return [_outcome(number, case) for number, case in enumerate(found, start=1)]


def _outcome(number: int, case: Any) -> Outcome:
    name = case.get("name") if isinstance(case, dict) else None
    label = f"case {number}" if name is None else errors.shown(name, most=300)
    try:
        return Outcome(number, label, tuple(_problems(case)))
    except Malformed as problem:
        return Outcome(number, label, (str(problem),))


def _problems(case: Any) -> list[str]:
    """What differs between the law and the case."""
    rule, given, expect = _parts(case)
    refused: Refusal | None = None
    answer: Answer = {}
    try:
        answer = _answer(rule, given)
    except Refusal as refusal:
        refused = refusal
    if "error" in expect:
        return _compare_refusal(expect["error"], refused, answer)
    if refused is not None:
        return [f"expected {_listed(expect)}, got error {refused.code}: {refused}{_named(refused, given)}"]
    return [
        f"{key}: expected {_told(expected)}, got {_told(answer[key])}"
        for key, expected in expect.items()
        if expected != answer[key]
    ]


def _compare_refusal(code: object, refused: Refusal | None, answer: Answer) -> list[str]:
    if refused is None:
        return [f"expected error {code}, got {_listed(answer)}"]
    if refused.code != code:
        return [f"expected error {code}, got error {refused.code}: {refused}"]
    return []


def _named(refused: Refusal, given: Given) -> str:
    """The value that a refusal leaves out because elsewhere it would be personal; a case invents its people."""
    what = str(refused.facts.get("what"))
    is_told = what not in given or "value" in refused.facts
    return "" if is_told else f" ({what}: {errors.shown(given[what])})"


def _answer(rule: Rule, given: Given) -> Answer:
    only("given", given, rule.given)
    return rule.answer({key: value for key, value in given.items() if value is not None})


def _parts(case: Any) -> tuple[Rule, Given, Mapping[str, object]]:
    """The case taken apart, once all of its keys are known; its expectations are read as what they stand for."""
    if not isinstance(case, dict):
        raise Malformed("a case is a mapping with name, rule, given and expect")
    only("the case", case, _CASE_KEYS)
    name = case.get("rule")
    if not isinstance(name, str) or name not in RULES:
        raise Malformed(f"unknown rule: {errors.shown(name)}")
    given, expect = case.get("given"), case.get("expect")
    if not isinstance(given, dict):
        raise Malformed("given must be a mapping")
    if not isinstance(expect, dict) or not expect:
        raise Malformed("expect must be a mapping of at least one key")
    rule = RULES[name].of(given)
    return rule, given, _expected(expect, rule)


def _expected(expect: Mapping[Any, Any], rule: Rule) -> Mapping[str, object]:
    if "error" not in expect:
        only("expect", expect, frozenset(rule.expect))
        return {key: rule.expect[key](value) for key, value in expect.items()}
    only("expect beside an error", expect, frozenset({"error"}))
    if not isinstance(expect["error"], str) or expect["error"] not in CODES:
        raise Malformed(
            f"unknown error code: {errors.shown(expect['error'])}; there are {', '.join(sorted(CODES))}"
        )
    return expect


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {_told(value)}" for key, value in values.items())


def _told(value: object) -> str:
    """A value as a case writes it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_told, value))}]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return str(value)
