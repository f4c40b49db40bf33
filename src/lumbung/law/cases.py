"""Cases: examples of the law as data, run through the law's own functions (`lumbung law check`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from lumbung.errors import Refusal
from lumbung.law import contributions, development, due_dates, errors, inputs, pension
from lumbung.law.exact_yaml import read

Given = Mapping[str, Any]
Answer = Mapping[str, object]

CODES = frozenset(
    refusal.code for refusal in (errors.NotYetInForce, errors.Unknown, errors.NotApplicable, errors.BadInput)
)
NOT_BUILT = frozenset(
    {
        "accident",
        "death",
        "job_loss",
        "job_loss_funding",
        "late_fine",
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
_CASE_KEYS = frozenset({"name", "rule", "given", "expect", "source", "note"})


class Malformed(Exception):
    """A case that says something no rule understands; the message names it."""


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


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the keys it is given, how each key of its answer is written, and the law's function behind it."""

    given: frozenset[str]
    expect: Mapping[str, Callable[[Any], object]]
    answer: Callable[[Given], Answer]
    later_segments: tuple[str, ...] = ()


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
        answer = _answer(case["rule"], rule, given)
    except Refusal as refusal:
        refused = refusal
    if "error" in expect:
        return _compare_refusal(expect["error"], refused, answer)
    if refused is not None:
        return [f"expected {_listed(expect)}, got error {refused.code}: {refused}{_named(refused, given)}"]
    return [
        f"{key}: expected {expected}, got {answer[key]}"
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


def _answer(name: str, rule: Rule, given: Given) -> Answer:
    segment = given.get("segment")
    if isinstance(segment, str) and segment in rule.later_segments:
        raise errors.NotBuilt(rule=name, what="segment", value=f"segment {segment}", choices="segment PU")
    _only("given", given, rule.given)
    return rule.answer({key: value for key, value in given.items() if value is not None})


def _parts(case: Any) -> tuple[Rule, Given, Mapping[str, object]]:
    """The case taken apart, once all of its keys are known; its expectations are read as what they stand for."""
    if not isinstance(case, dict):
        raise Malformed("a case is a mapping with name, rule, given and expect")
    _only("the case", case, _CASE_KEYS)
    name = case.get("rule")
    if isinstance(name, str) and name in NOT_BUILT:
        raise Malformed(f"rule not built yet: {name}")
    if not isinstance(name, str) or name not in RULES:
        raise Malformed(f"unknown rule: {errors.shown(name)}")
    rule = RULES[name]
    given, expect = case.get("given"), case.get("expect")
    if not isinstance(given, dict):
        raise Malformed("given must be a mapping")
    if not isinstance(expect, dict) or not expect:
        raise Malformed("expect must be a mapping of at least one key")
    return rule, given, _expected(expect, rule)


def _expected(expect: Mapping[Any, Any], rule: Rule) -> Mapping[str, object]:
    if "error" not in expect:
        _only("expect", expect, frozenset(rule.expect))
        return {key: rule.expect[key](value) for key, value in expect.items()}
    _only("expect beside an error", expect, frozenset({"error"}))
    if not isinstance(expect["error"], str) or expect["error"] not in CODES:
        raise Malformed(
            f"unknown error code: {errors.shown(expect['error'])}; there are {', '.join(sorted(CODES))}"
        )
    return expect


def _only(where: str, found: Mapping[Any, Any], known: frozenset[str]) -> None:
    strange = [errors.shown(key) for key in found if key not in known]
    if strange:
        raise Malformed(f"unknown key in {where}: {', '.join(strange)}")


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


def _money(written: Any) -> int:
    """An expected amount: whole rupiah, compared as a whole number."""
    if isinstance(written, str) and written.removeprefix("-").isdecimal() and written.isascii():
        return int(written)
    if type(written) is int:
        return written
    if isinstance(written, Decimal) and written.is_finite() and written == written.to_integral_value():
        return int(written)
    raise Malformed(f"an expected amount is whole rupiah, not {errors.shown(written)}")


def _day(written: Any) -> date:
    try:
        return inputs.day(written)
    except errors.BadDay as refusal:
        raise Malformed(str(refusal)) from refusal


def _needed(given: Given, key: str) -> Any:
    if key not in given:
        raise errors.MissingInput(what=key)
    return given[key]


def _list(given: Given, key: str, of: str, default: list[str] | None = None) -> list[Any]:
    found = given.get(key, default or [])
    if not isinstance(found, list):
        raise errors.BadList(what=key, choices=of)
    return found


def _contribution(given: Given) -> Answer:
    inputs.choice(_needed(given, "segment"), "segment", due_dates.SEGMENTS)
    default = sorted(contributions.PROGRAMMES)
    programmes = _list(given, "programmes", "programme codes", default)
    assessment = contributions.assess(
        wage=_needed(given, "wage"),
        month=_needed(given, "month"),
        risk_class=given.get("risk_class"),
        programmes=frozenset(inputs.choice(code, "programmes", contributions.PROGRAMMES) for code in programmes),
        labour_intensive=given.get("labour_intensive", False),
        relief_covid=given.get("relief_covid", False),
    )
    return {key: getattr(assessment, key) for key in _OWED}


def _pension_wage_cap(given: Given) -> Answer:
    return {"cap": pension.wage_cap(inputs.day(_needed(given, "day")))}


def _due_date(given: Given) -> Answer:
    due = due_dates.due_date(
        _needed(given, "segment"),
        inputs.month(_needed(given, "month")),
        relief_covid=given.get("relief_covid", False),
        holidays=_list(given, "holidays", "days"),
    )
    return {"due": due}


def _development(given: Given) -> Answer:
    result = development.development(
        opening=_needed(given, "opening"),
        rate=_needed(given, "rate"),
        contributions=list(_amounts(_list(given, "contributions", "months with amounts"))),
        until=inputs.month(given["until"]) if "until" in given else None,
    )
    return {"development": result.development, "closing": result.closing}


def _amounts(entries: list[Any]) -> Iterable[tuple[Any, Any]]:
    for entry in entries:
        if not isinstance(entry, dict):
            raise errors.BadList(what="contributions", choices="months with amounts")
        _only("contributions", entry, frozenset({"month", "amount"}))
        yield inputs.month(_needed(entry, "month")), _needed(entry, "amount")


def _development_plan(given: Given) -> Answer:
    result = development.plan(
        wage=_needed(given, "wage"),
        years=_needed(given, "years"),
        rate=_needed(given, "rate"),
        opening=given.get("opening", 0),
        idle_years=given.get("idle_years", 0),
        convention=given.get("convention", "simulator"),
    )
    return {"contributions": result.contributions, "development": result.development, "closing": result.closing}


_OWED = (
    "jht_employer",
    "jht_member",
    "jp_wage",
    "jp_employer",
    "jp_member",
    "jkk",
    "jkm",
    "employer_total",
    "member_total",
    "total",
)

RULES: Mapping[str, Rule] = {
    "contribution": Rule(
        frozenset({"segment", "wage", "month", "risk_class", "programmes", "labour_intensive", "relief_covid"}),
        dict.fromkeys(_OWED, _money),
        _contribution,
        later_segments=("BPU", "Jakon", "PMI"),
    ),
    "pension_wage_cap": Rule(frozenset({"day"}), {"cap": _money}, _pension_wage_cap),
    "due_date": Rule(frozenset({"segment", "month", "relief_covid", "holidays"}), {"due": _day}, _due_date),
    "development": Rule(
        frozenset({"opening", "rate", "contributions", "until"}),
        {"development": _money, "closing": _money},
        _development,
    ),
    "development_plan": Rule(
        frozenset({"wage", "years", "rate", "opening", "idle_years", "convention"}),
        {"contributions": _money, "development": _money, "closing": _money},
        _development_plan,
    ),
}
