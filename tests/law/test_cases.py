"""The cases of the law, run as `lumbung law check` runs them; and the runner, shown files that should fail."""

from pathlib import Path

import pytest
import yaml

from lumbung.law import cases
from lumbung.law.cases import CODES, NOT_BUILT, RULES, check
from lumbung.law.errors import NoCases
from lumbung.law.exact_yaml import read
from lumbung.law.parameter import parameters

FOLDER = Path(cases.__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
ALL = [case for file in FILES for case in read(file.read_bytes())]
CAP = {"name": "The cap", "rule": "pension_wage_cap", "given": {"day": "2016-03-01"}, "expect": {"cap": 7335300}}


def run(*given: object) -> list[cases.Outcome]:
    return check(yaml.safe_dump(list(given), sort_keys=False).encode())


def problem(**changed: object) -> str:
    (outcome,) = run({**CAP, **changed})
    assert not outcome.passed
    return " | ".join(outcome.problems)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_cases_hold(file: Path) -> None:
    failed = [(outcome.name, outcome.problems) for outcome in check(file.read_bytes()) if not outcome.passed]
    assert failed == []


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in ALL]
    assert len(names) > 200
    assert sorted(set(names)) == sorted(names)
    assert all(name[0].isupper() and " " in name for name in names)


def test_every_rule_and_each_of_its_refusals_has_cases() -> None:
    assert {case["rule"] for case in ALL} == set(RULES)
    assert {case["expect"]["error"] for case in ALL if "error" in case["expect"]} == CODES


def test_every_start_of_a_parameter_has_cases_on_both_sides() -> None:
    """A month or day with the start and one just before it stand in the cases, for every start of every value."""
    given = [case["given"] for case in ALL]
    asked = {str(each.get("month", each.get("day", "")))[:7] for each in given}
    for each in parameters().values():
        for value in each.values:
            before = value.start.replace(day=1).toordinal() - 1
            assert value.start.isoformat()[:7] in asked, (each.name, value.start)
            assert value.start.fromordinal(before).isoformat()[:7] in asked, (each.name, value.start)


def test_a_wrong_figure_is_told_with_both_values() -> None:
    assert problem(expect={"cap": 1}) == "cap: expected 1, got 7335300"


def test_each_wrong_figure_of_a_case_is_told() -> None:
    given = {"segment": "PU", "wage": 1000000, "month": "2019-01", "risk_class": "II"}
    told = problem(rule="contribution", given=given, expect={"jkk": 5400, "jkm": 1, "total": 2})
    assert told == "jkm: expected 1, got 3000 | total: expected 2, got 95400"


def test_a_refusal_that_was_not_expected_is_told() -> None:
    told = problem(given={"day": "2015-06-30"})
    assert told.startswith("expected cap 7335300, got error not_yet_in_force: ")


def test_an_answer_where_a_refusal_was_expected_is_told() -> None:
    assert problem(expect={"error": "unknown"}) == "expected error unknown, got cap 7335300"


def test_another_refusal_than_the_one_expected_is_told() -> None:
    told = problem(given={"day": "2015-06-30"}, expect={"error": "unknown"})
    assert told.startswith("expected error unknown, got error not_yet_in_force: ")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"rule": "tithe"}, "unknown rule: tithe"),
        ({"rule": None}, "unknown rule: None"),
        ({"rule": ["a"]}, "unknown rule: ['a']"),
        ({"rule": "late_fine"}, "rule not built yet: late_fine"),
        ({"given": {"day": "2016-03-01", "colour": "red"}}, "unknown key in given: colour"),
        ({"given": {"day": "2016-03-01", "colour": None}}, "unknown key in given: colour"),
        ({"given": {"day": "2016-03-01", 5: 6}}, "unknown key in given: 5"),
        ({"given": None}, "given must be a mapping"),
        ({"given": ["day"]}, "given must be a mapping"),
        ({"expect": {"kap": 5}}, "unknown key in expect: kap"),
        ({"expect": {"kap": 5, "hat": 6}}, "unknown key in expect: kap, hat"),
        ({"expect": {}}, "expect must be a mapping of at least one key"),
        ({"expect": None}, "expect must be a mapping of at least one key"),
        ({"expect": {"cap": "lots"}}, "an expected amount is whole rupiah, not lots"),
        ({"expect": {"cap": None}}, "an expected amount is whole rupiah, not None"),
        ({"expect": {"cap": True}}, "an expected amount is whole rupiah, not True"),
        ({"expect": {"cap": 7335300.5}}, "an expected amount is whole rupiah, not 7335300.5"),
        ({"expect": {"error": "oops"}}, "unknown error code: oops"),
        ({"expect": {"error": "unknown", "cap": 1}}, "unknown key in expect beside an error: cap"),
        ({"colour": "red"}, "unknown key in the case: colour"),
    ],
)
def test_a_malformed_case_fails_and_names_what_is_wrong(changed: dict, told: str) -> None:
    assert problem(**changed).startswith(told)


def test_a_malformed_case_does_not_pass_as_bad_input() -> None:
    told = problem(given={"day": "2016-03-01", "colour": "red"}, expect={"error": "bad_input"})
    assert told == "unknown key in given: colour"


@pytest.mark.parametrize("rule", sorted(NOT_BUILT))
def test_a_rule_to_come_is_not_mistaken_for_an_unknown_one(rule: str) -> None:
    assert problem(rule=rule, given={}, expect={"error": "bad_input"}) == f"rule not built yet: {rule}"


@pytest.mark.parametrize("segment", ["BPU", "Jakon", "PMI"])
def test_contributions_of_other_segments_are_not_built_yet(segment: str) -> None:
    given = {"segment": segment, "income": 1000000, "month": "2024-01"}
    told = problem(rule="contribution", given=given, expect={"total": 36800})
    assert "not_applicable" in told
    assert f"segment {segment} is not built yet" in told


@pytest.mark.parametrize("key", ["wage", "risk_class", "month", "programmes", "relief_covid"])
def test_a_bad_value_is_named(key: str) -> None:
    given = {"segment": "PU", "wage": 1000000, "month": "2024-01", "risk_class": "I"}
    told = problem(rule="contribution", given={**given, key: "nonsense"}, expect={"total": 1})
    assert "error bad_input" in told
    assert "nonsense" in told


def test_an_unknown_key_of_an_amount_is_named() -> None:
    given = {"opening": 0, "rate": 5, "contributions": [{"month": "2024-01", "amount": 1, "day": 3}]}
    assert problem(rule="development", given=given, expect={"closing": 1}) == "unknown key in contributions: day"


def test_what_is_no_case_fails_and_the_others_still_run() -> None:
    outcomes = run(5, None, CAP, [], "text")
    assert [outcome.passed for outcome in outcomes] == [False, False, True, False, False]
    assert outcomes[0].name == "case 1"


def test_values_may_be_written_as_numbers_or_as_text() -> None:
    text = b"""
- {rule: pension_wage_cap, given: {day: 2016-03-01}, expect: {cap: "7335300"}}
- {rule: pension_wage_cap, given: {day: "2016-03-01"}, expect: {cap: 7335300.0}}
- {rule: pension_wage_cap, given: {day: !!timestamp 2016-03-01}, expect: {cap: 7_335_300}}
- {rule: development, given: {opening: "20000000", rate: 5.0, until: ~}, expect: {closing: 21000000}}
- {rule: due_date, given: {segment: PU, month: "2025-04", holidays: []}, expect: {due: "2025-05-15"}}
- {rule: contribution, given: {segment: PU, wage: 999999.5, month: 2019-01, risk_class: II}, expect: {jkm: 3000}}
"""
    assert [outcome.problems for outcome in check(text)] == [()] * 6


@pytest.mark.parametrize("content", [b"", b"a: 1", b"5", b"- a: [", b"\x80", b"{a: 1, a: 2}", b"[" * 10_000])
def test_a_file_that_holds_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(NoCases):
        check(content)
