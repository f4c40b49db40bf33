"""The cases of the law, run as `lumbung law check` runs them; and the runner, shown files that should fail."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
import yaml

from lumbung.law import cases, construction, contributions, job_loss, migrant_workers, self_employed
from lumbung.law.cases import CODES, check
from lumbung.law.errors import NoCases
from lumbung.law.exact_yaml import read
from lumbung.law.month import Month
from lumbung.law.parameter import Parameter, Value, parameters
from lumbung.law.rules import NOT_BUILT, RULES

FOLDER = Path(cases.__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
ALL = [case for file in FILES for case in read(file.read_bytes())]
# Facts about employers and workers that no rule of the cases asks for; tests of their own hold them.
NOT_ASKED_BY_CASES = {"programmes_by_size", "job_loss_age_limit", "job_loss_programmes"}
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


def test_every_start_of_a_parameter_has_cases_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every start of every value, cases ask that very parameter in the first month and in the one before.

    Asking by months, the first month is the first whole one. Before the first value the law refuses to answer
    at the first parameter it asks, which stands for the others that start with it.
    """
    asked: set[tuple[str, Month]] = set()
    at = Parameter.at

    def watched(self: Parameter, day: date) -> Value:
        asked.add((self.name, Month.of(day)))
        return at(self, day)

    monkeypatch.setattr(Parameter, "at", watched)
    for terms in (contributions, self_employed, construction, migrant_workers):
        terms._terms.cache_clear()
    job_loss._funding.cache_clear()
    for file in FILES:
        check(file.read_bytes())
    missing = []
    for each in parameters().values():
        first = each.values[0].start
        together = {other.name for other in parameters().values() if other.values[0].start == first}
        for value in each.values:
            start, last_before = Month.of(value.start), Month.of(value.start - timedelta(days=1))
            names = {each.name} if value.start > first else together
            if not {(each.name, start), (each.name, start + 1)} & asked:
                missing.append((each.name, "from", str(value.start)))
            if not set(product(names, (last_before, last_before - 1))) & asked:
                missing.append((each.name, "before", str(value.start)))
    assert [entry for entry in missing if entry[0] not in NOT_ASKED_BY_CASES] == []


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
        ({"rule": "accident"}, "rule not built yet: accident"),
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


@pytest.mark.parametrize(
    ("segment", "key"),
    [("PU", "income"), ("BPU", "wage"), ("Jakon", "programmes"), ("PMI", "relief_covid"), (None, "colour")],
)
def test_a_key_of_another_segment_is_unknown(segment: str | None, key: str) -> None:
    given = {"segment": segment, "month": "2024-01", key: 1}
    assert problem(rule="contribution", given=given, expect={"total": 1}) == f"unknown key in given: {key}"


@pytest.mark.parametrize(
    ("segment", "key"), [("PU", "base"), ("BPU", "employer_total"), ("Jakon", "jht"), ("PMI", "jkk")]
)
def test_a_figure_of_another_segment_is_unknown(segment: str, key: str) -> None:
    given = {"segment": segment, "month": "2024-01"}
    assert problem(rule="contribution", given=given, expect={key: 1}) == f"unknown key in expect: {key}"


@pytest.mark.parametrize("written", ["0,1", "a tenth", None, True, [1], ".5", float("nan")])
def test_an_expected_percentage_is_a_decimal_number(written: object) -> None:
    given = {"day": "2025-03-01", "risk_class": "I"}
    told = problem(rule="job_loss_funding", given=given, expect={"jkk_kept": written})
    assert told.startswith("an expected percentage is a decimal number, not")


def test_a_wrong_percentage_and_a_wrong_count_are_told() -> None:
    given = {"day": "2025-03-01", "risk_class": "I"}
    told = problem(rule="job_loss_funding", given=given, expect={"jkk_kept": "0.2", "jkm_kept": 0.3})
    assert told == "jkk_kept: expected 0.2, got 0.1"
    given = {"segment": "PU", "month": "2025-04", "owed": 5, "paid_on": "2025-05-16"}
    assert problem(rule="late_fine", given=given, expect={"months_late": 2}) == "months_late: expected 2, got 1"
    told = problem(rule="late_fine", given=given, expect={"months_late": 0.5})
    assert told == "an expected count is a whole number, not 0.5"


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
