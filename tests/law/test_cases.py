"""The cases of the law, run as `lumbung law check` runs them; and the runner, shown files that should fail."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from lumbung.law import cases, construction, contributions, job_loss, migrant_workers, self_employed
from lumbung.law.cases import CODES, check
from lumbung.law.errors import NoCases
from lumbung.law.exact_yaml import read
from lumbung.law.month import Month
from lumbung.law.parameter import Parameter, Value, parameters
from lumbung.law.rules import RULES

FOLDER = Path(cases.__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
ALL = [case for file in FILES for case in read(file.read_bytes())]
# What no rule of the cases asks for; tests of their own hold both sides of every date of these.
NOT_ASKED_BY_CASES = {
    "accident_transport",
    "death_scholarship_years",
    "disability_table",
    "economic_growth",
    "inflation",
    "job_loss_age_limit",
    "job_loss_consecutive_months",
    "job_loss_months_looked_at",
    "job_loss_months_paid",
    "job_loss_programmes",
    "job_loss_times",
    "old_age_claim_documents",
    "old_age_decision_days",
    "old_age_electronic_limit",
    "pension_bound_step",
    "pension_wage_cap_step",
    "programmes_by_size",
    "projection_assumptions",
}
# The progressive tax was in force before the rule that asks for it: the first such year is 2011.
ASKED_BY_MONTH = "migrant_"
NOT_ASKED_AT_FIRST = {"income_tax_brackets", "no_tax_number_surcharge"}
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
    assert len(names) > 600
    assert sorted(set(names)) == sorted(names)
    assert all(name[0].isupper() and " " in name for name in names)


def test_every_rule_and_each_of_its_refusals_has_cases() -> None:
    assert {case["rule"] for case in ALL} == set(RULES)
    assert {case["expect"]["error"] for case in ALL if "error" in case["expect"]} == CODES


def test_every_start_of_a_parameter_has_cases_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every start of every value, cases ask that very parameter when it starts and just before.

    A start inside a month is asked on the day and on the day before it; one on the first of a month in that month
    and in the one before (asking by months, the first month is the first whole one). Where the law refuses to
    answer it does so at the first parameter it asks, which stands for the others that refuse alike.
    """
    asked: set[tuple[str, date]] = set()
    at = Parameter.at

    def watched(self: Parameter, day: date) -> Value:
        asked.add((self.name, day))
        return at(self, day)

    monkeypatch.setattr(Parameter, "at", watched)
    for terms in (contributions, self_employed, construction, migrant_workers):
        terms._terms.cache_clear()
    job_loss._funding.cache_clear()
    for file in FILES:
        check(file.read_bytes())
    assert [entry for entry in sides_without_a_case(asked) if entry[0] not in NOT_ASKED_BY_CASES] == []


def sides_without_a_case(asked: set[tuple[str, date]]) -> list[tuple[str, str, date]]:
    missing = []
    for each in parameters().values():
        for value in each.values[each.name in NOT_ASKED_AT_FIRST :]:
            before = value.start - timedelta(days=1)
            if not asked_around(asked, alike(each, value.start), value.start, 1):
                missing.append((each.name, "from", value.start))
            if not asked_around(asked, alike(each, before), before, -1):
                missing.append((each.name, "before", value.start))
    return missing


def test_the_watcher_misses_what_no_case_asked() -> None:
    day = date(2009, 11, 16)
    side = ("old_age_tax_rate", "from", day)
    assert side in sides_without_a_case(set())
    assert side in sides_without_a_case({("old_age_tax_rate", day + timedelta(days=1)), ("old_age_tax_free", day)})
    assert side not in sides_without_a_case({("old_age_tax_rate", day)})


def asked_around(asked: set[tuple[str, date]], names: set[str], day: date, step: int) -> bool:
    """Whether one of the parameters was asked on the day, or by months in that month or the next one that way."""
    starts_inside = day.day != 1 if step > 0 else (day + timedelta(days=1)).day != 1
    if starts_inside and not any(name.startswith(ASKED_BY_MONTH) for name in names):
        return any((name, day) in asked for name in names)
    months = {Month.of(day), Month.of(day) + step}
    return any(name in names and Month.of(on) in months for name, on in asked)


def alike(each: Parameter, day: date) -> set[str]:
    """The parameter itself, or where it refuses on the day all that refuse since, or until, the same day."""
    refusal = refuses(each, day)
    if refusal is None:
        return {each.name}
    return {other.name for other in parameters().values() if refuses(other, day) == refusal}


def refuses(each: Parameter, day: date) -> tuple[str, date] | None:
    if day < each.values[0].start:
        return "until", each.values[0].start
    value = next(value for value in reversed(each.values) if value.start <= day)
    return ("since", value.start) if value.content is None else None


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


CLAIM = {"cause": "resigned", "happened_on": "2025-01-15", "day": "2025-01-20", "active": True}


@pytest.mark.parametrize(
    ("rule", "given", "expect", "told"),
    [
        ("old_age_claim", CLAIM, {"payable_from": "2025-02-15"}, "payable_from: expected 2025-02-15, got null"),
        ("old_age_claim", CLAIM, {"payable_percent": "100"}, "payable_percent: expected 100, got 0"),
        ("old_age_claim", CLAIM, {"problems": []}, "problems: expected [], got [still_active, waiting]"),
        ("old_age_claim", CLAIM, {"problems": ["late"]}, "late is none of already_withdrawn_in_part, below_age"),
        ("old_age_claim", CLAIM, {"problems": "waiting"}, "a list was expected, not waiting"),
        ("old_age_claim", CLAIM, {"payable_from": "soon"}, "soon is not a day"),
        (
            "old_age_tax",
            {"payments": [{"day": "2024-01-01", "gross": 1}]},
            {"final": [False]},
            "final: expected [false], got [true]",
        ),
        (
            "old_age_tax",
            {"payments": [{"day": "2024-01-01", "gross": 1}]},
            {"final": ["yes"]},
            "an expected answer is true or false, not yes",
        ),
        ("pension_age", {"born": "1965-07-16"}, {"last_enrolment_month": "2023-07"},
         "last_enrolment_month: expected 2023-07, got 2023-06"),
        ("pension_age", {"born": "1965-07-16"}, {"last_enrolment_month": "June"}, "June is not a month"),
        ("pension_kind", {"cause": "age", "months_paid": 1}, {"kind": "monthly"}, "monthly is none of lump_sum"),
        ("accident", {"kind": "partial_disability", "wage": 1, "day": "2024-01-01", "table_percent": 5},
         {"funeral": 5}, "funeral: expected 5, got 0"),
        ("death", {"day": "2024-01-01"}, {"funeral": None}, "an expected amount is whole rupiah, not None"),
    ],
)  # fmt: skip
def test_what_differs_is_told_as_a_case_writes_it(rule: str, given: dict, expect: dict, told: str) -> None:
    assert problem(rule=rule, given=given, expect=expect).startswith(told)


def test_indices_are_compared_at_two_places() -> None:
    year = {"year": 2024, "months": 12, "wage": 1000000, "cap": 1000000}
    given = {"years": [year], "inflation": {2024: "1.574"}, "retires": 2025}
    for written in ("101.57", 101.57, "101.574", "101.570"):
        (outcome,) = run({"rule": "pension", "given": given, "expect": {"indices": [written], "payable": None}})
        assert outcome.problems == ()
    told = problem(rule="pension", given=given, expect={"indices": ["101.58"]})
    assert told == "indices: expected [101.58], got [101.57]"


JUNK = (0, -1, 10**40, "", "x", "2025-02-30", "9999-12-31", True, [], {}, [{}], "9" * 5000, Decimal("1.5"))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_no_value_makes_a_rule_fall_over(rule: str) -> None:
    for case in [each for each in ALL if each["rule"] == rule][:2]:
        for key in RULES[rule].of(case["given"]).given:
            for junk in JUNK:
                for given in ({**case["given"], key: junk}, *rows_changed(case["given"], key, junk)):
                    assert cases._outcome(1, {**case, "given": given}).number == 1


@pytest.mark.parametrize("rule", sorted(RULES))
def test_no_expectation_makes_a_rule_fall_over(rule: str) -> None:
    case = next(each for each in ALL if each["rule"] == rule)
    for key in RULES[rule].of(case["given"]).expect:
        for junk in JUNK:
            assert cases._outcome(1, {**case, "expect": {key: junk}}).number == 1


def rows_changed(given: dict, key: str, junk: object) -> list[dict]:
    """The same with the junk in each column of a list of mappings."""
    rows = given.get(key)
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        return []
    return [{**given, key: [{**row, column: junk} for row in rows]} for column in rows[0]]


@pytest.mark.parametrize("key", ["wage", "risk_class", "month", "programmes", "relief_covid"])
def test_a_bad_value_is_named(key: str) -> None:
    given = {"segment": "PU", "wage": 1000000, "month": "2024-01", "risk_class": "I"}
    told = problem(rule="contribution", given={**given, key: "nonsense"}, expect={"total": 1})
    assert "error bad_input" in told
    assert "nonsense" in told


def test_an_unknown_key_of_a_row_is_named() -> None:
    given = {"payments": [{"day": "2024-01-01", "gross": 1, "net": 1}]}
    assert problem(rule="old_age_tax", given=given, expect={"tax": [0]}) == "unknown key in payments: net"
    years = [{"year": 2024, "months": 12, "wage": 1, "cap": 1, "colour": "red"}]
    given = {"years": years, "inflation": {2024: 1}, "retires": 2025}
    assert problem(rule="pension", given=given, expect={"monthly": 0}) == "unknown key in years: colour"


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


def test_an_outcome_has_the_place_and_the_name_of_its_case() -> None:
    long = "A name of " + "many " * 80 + "words"
    nameless = {key: value for key, value in CAP.items() if key != "name"}
    outcomes = run(CAP, nameless, "no case", {**CAP, "name": long}, {**CAP, "name": 5, "rule": "tithe"})
    names = ["The cap", "case 2", "case 3", long[:300], "5"]
    assert [(each.number, each.name) for each in outcomes] == list(enumerate(names, start=1))
    assert [each.passed for each in outcomes] == [True, True, False, True, False]
    assert outcomes[2].problems == ("a case is a mapping with name, rule, given and expect",)


def test_a_file_that_is_no_list_is_told_why() -> None:
    with pytest.raises(NoCases, match=r"^The file holds no list of cases: a list was expected at the top$"):
        check(b"a: 1")
    with pytest.raises(NoCases, match=r"cases: nested more than 60 levels deep$"):
        check(b"[" * 70)
    with pytest.raises(NoCases, match=r"cases: while scanning .* found unexpected end of stream .* line 1"):
        check(b'- "a')


def test_what_a_refusal_tells_itself_is_not_told_twice() -> None:
    told = problem(rule="accident", given={"kind": "flood", "wage": 1, "day": "2024-01-01"}, expect={"total": 1})
    assert told.endswith("; flood is none of them.")
    told = problem(rule="accident", given={"kind": "death", "wage": -7, "day": "2024-01-01"}, expect={"total": 1})
    assert told.endswith("written in digits only. (wage: -7)")


def test_several_figures_and_codes_are_told_with_commas() -> None:
    given = {"day": "2024-01-01"}
    told = problem(rule="death", given=given, expect={"error": "unknown"})
    assert told == (
        "expected error unknown, got compensation 20000000, periodic 12000000, funeral 10000000, total 42000000"
    )
    assert problem(expect={"error": "oops"}) == (
        "unknown error code: oops; there are bad_input, not_applicable, not_yet_in_force, unknown"
    )
