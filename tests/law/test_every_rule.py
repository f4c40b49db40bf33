"""Every rule of the book of cases (its table stands here) has all its keys, each is asked and told by cases, in
every word that it may have; and every rule is explained in every form, in both languages."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lumbung.cli.law.language import translator
from lumbung.errors import Refusal
from lumbung.law import cases
from lumbung.law.derivation import OPERATIONS, render, walk, written
from lumbung.law.exact_yaml import read
from lumbung.law.parameter import version
from lumbung.law.rules import RULES
from lumbung.law.rules.explaining import explain

FOLDER = Path(cases.__file__).parent / "cases"
ALL = [case for file in sorted(FOLDER.glob("*.yaml")) for case in read(file.read_bytes())]
ANSWERED = [case for case in ALL if "error" not in case["expect"]]
# Rule, and segment where there are several: what is given, what is expected.
TABLE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("contribution", "PU"): (
        "segment wage month risk_class programmes labour_intensive relief_covid",
        "jht_employer jht_member jp_wage jp_employer jp_member jkk jkm employer_total member_total total",
    ),
    ("contribution", "BPU"): ("segment income month programmes sector relief_covid", "base jkk jkm jht total"),
    ("contribution", "Jakon"): ("segment contract_value month relief_covid", "jkk jkm total"),
    ("contribution", "PMI"): (
        "segment contract_months extension_months agency month old_age",
        "before_departure during_and_after extension total",
    ),
    ("pension_wage_cap", ""): ("day", "cap"),
    ("job_loss_funding", ""): ("day risk_class", "total government from_jkk from_jkm jkk_kept jkm_kept"),
    ("due_date", ""): ("segment month relief_covid holidays", "due"),
    ("late_fine", ""): ("segment month owed paid_on relief_covid holidays", "due months_late fine"),
    ("development", ""): ("opening rate contributions until", "development closing"),
    ("development_plan", ""): (
        "wage years rate opening idle_years convention", "contributions development closing",
    ),
    ("pension_age", ""): ("born", "age reached_on right_from last_enrolment_month"),
    ("pension_bounds", ""): ("day", "minimum maximum"),
    ("pension", ""): ("years inflation retires day", "indices weighted average monthly payable"),
    ("pension_kind", ""): ("cause months_paid months_since_enrolment", "kind months_counted"),
    ("survivor_pension", ""): ("benefit heir children", "monthly"),
    ("accident", ""): (
        "kind wage day table_percent loss_percent months_off", "compensation periodic funeral total",
    ),
    ("death", ""): ("day", "compensation periodic funeral total"),
    ("scholarship", ""): ("children day", "maximum"),
    ("job_loss", ""): ("wage dismissed_on months first_paid_on", "monthly total claim_by"),
    ("old_age_claim", ""): (
        "cause happened_on born member_since day already_withdrawn_in_part active",
        "payable_percent payable_from problems",
    ),
    ("old_age_tax", ""): ("payments tax_number", "tax final"),
}  # fmt: skip
# The words and numbers that a key may have, as the table lists them.
WORDS: Mapping[tuple[str, str], tuple[object, ...]] = {
    ("contribution", "segment"): ("PU", "BPU", "Jakon", "PMI"),
    ("contribution", "risk_class"): ("I", "II", "III", "IV", "V"),
    ("contribution", "programmes"): ("JHT", "JP", "JKK", "JKM"),
    ("contribution", "sector"): ("transport", "other"),
    ("contribution", "contract_months"): (6, 12, 24),
    ("contribution", "old_age"): (0, 50_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000),
    ("contribution", "labour_intensive"): (True, False),
    ("contribution", "relief_covid"): (True, False),
    ("contribution", "agency"): (True, False),
    ("job_loss_funding", "risk_class"): ("I", "II", "III", "IV", "V"),
    ("due_date", "segment"): ("PU", "BPU"),
    ("late_fine", "segment"): ("PU", "BPU"),
    ("development_plan", "convention"): ("simulator", "ministry"),
    ("pension_kind", "cause"): ("age", "disability", "death"),
    ("survivor_pension", "heir"): ("spouse", "child", "parent"),
    ("accident", "kind"): ("death", "total_disability", "partial_disability", "loss_of_function", "temporary"),
    ("scholarship", "children"): (1, 2),
    ("job_loss", "months"): (1, 2, 3, 4, 5, 6),
    ("old_age_claim", "cause"): (
        "age", "resigned", "dismissed", "contract_ended", "left_indonesia", "total_disability", "death", "housing",
        "retirement_preparation",
    ),
    ("old_age_claim", "problems"): (
        "waiting", "still_active", "below_age", "member_less_than_ten_years", "already_withdrawn_in_part",
    ),
    ("old_age_tax", "tax_number"): (True, False),
    ("pension_kind", "kind"): ("periodic", "lump_sum"),
}  # fmt: skip
# What is meant where nothing is said.
DEFAULTS = {"labour_intensive": False, "relief_covid": False, "agency": True, "tax_number": True}
# What the law asks beyond the table: a later rule of 2026.
BEYOND = {"paid_by_state"}


def of(rule: str, segment: str) -> list[dict[str, Any]]:
    """The cases of a rule, and of a segment where it has several, that the law answers."""
    return [
        case
        for case in ANSWERED
        if case["rule"] == rule and (not segment or case["given"].get("segment") == segment)
    ]


def test_the_table_has_every_rule_and_the_rules_know_just_its_keys() -> None:
    assert {rule for rule, _ in TABLE} == set(RULES)
    for (rule, segment), (given, expect) in TABLE.items():
        known = RULES[rule].of({"segment": segment})
        assert set(known.given) - BEYOND == set(given.split()), rule
        assert set(known.expect) == set(expect.split()), rule


@pytest.mark.parametrize(("rule", "segment"), list(TABLE))
def test_every_key_is_given_and_expected_by_cases(rule: str, segment: str) -> None:
    given, expect = TABLE[rule, segment]
    found = of(rule, segment)
    assert set(given.split()) <= {key for case in found for key in case["given"]}
    assert set(expect.split()) <= {key for case in found for key in case["expect"]}


def values(found: list[dict[str, Any]], key: str) -> Iterator[object]:
    """What cases say of a key, lists taken apart."""
    for case in found:
        value = {**case["given"], **case["expect"]}.get(key)
        yield from value if isinstance(value, list) else [value]


@pytest.mark.parametrize(("rule", "key"), list(WORDS))
def test_every_word_that_a_key_may_have_stands_in_a_case(rule: str, key: str) -> None:
    said = list(values(of(rule, ""), key))
    said += [DEFAULTS.get(key)] if None in said else []
    assert [word for word in WORDS[rule, key] if not any(word is each or word == each for each in said)] == []


def test_every_rule_passes_its_cases() -> None:
    passed = dict.fromkeys(RULES, 0)
    for file in sorted(FOLDER.glob("*.yaml")):
        outcomes = cases.check(file.read_bytes())
        for case, outcome in zip(read(file.read_bytes()), outcomes, strict=True):
            assert outcome.passed, (outcome.name, outcome.problems)
            passed[case["rule"]] += 1
    assert min(passed.values()) >= 6, passed


def one_of_each() -> Iterator[tuple[str, dict[str, Any]]]:
    """The longest answered case of each rule, and of each segment of `contribution`."""
    for rule, segment in TABLE:
        found = of(rule, segment)
        yield f"{rule} {segment}".strip(), max(found, key=lambda case: len(str(case["given"])))


@pytest.mark.parametrize(
    ("name", "case"), list(one_of_each()), ids=lambda each: each if isinstance(each, str) else ""
)
@pytest.mark.parametrize("language", ["en", "id"])
def test_one_function_tells_every_rule_as_text_json_and_html(
    name: str, case: dict[str, Any], language: str
) -> None:
    """Every step stands in all three with its label, its figure and how it came about."""
    translate = translator(language)
    tree = explain(case["rule"], case["given"])
    text, page = render(tree, "text", translate), html.unescape(render(tree, "html", translate))
    steps = json.loads(render(tree, "json", translate))
    assert steps["law_version"] == version()
    assert version() in text and version() in page  # noqa: PT018
    plain = re.sub(r"<[^>]*>", "", page)
    told = list(_flat(steps["derivation"]))
    for step, data in zip(walk(tree), told, strict=True):
        label, figure = translate(step.label), written(step, translate)
        assert (data["name"], data["label"]) == (step.name, label), name
        assert f"{label}: {figure}" in text
        assert f"{label} {figure}" in plain
        assert data["formula"] in text and data["formula"] in plain  # noqa: PT018
        if step.clause is not None:
            assert data["clause"]["title"] == translate(step.clause.source.title)
            assert step.clause.source.said(translate) in text
        if language == "id":
            assert label != step.label or label in ALIKE, "told in English only"
            if step.operation in OPERATIONS:
                assert data["formula"] != OPERATIONS[step.operation].words


# Labels that are the same in both languages: the programmes' codes.
ALIKE = {"JKK", "JKM", "JHT"}


def _flat(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for child in step.get("steps", ()):
        yield from _flat(child)


def test_what_the_law_refuses_is_refused_by_the_explanation_too() -> None:
    refused = [case for case in ALL if "error" in case["expect"]]
    assert len(refused) > 50
    for case in refused:
        with pytest.raises(Refusal) as refusal:
            explain(case["rule"], case["given"])
        assert refusal.value.code == case["expect"]["error"], case["name"]
