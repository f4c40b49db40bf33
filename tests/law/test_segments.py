"""Contributions of the self-employed, of construction and of migrant workers, against a second way to count."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.law import construction, explanations, migrant_workers, self_employed
from lumbung.law.derivation import Step, walk
from lumbung.law.errors import BadInput, NotApplicable, NotYetInForce
from lumbung.law.inputs import MOST_RUPIAH
from lumbung.law.month import Month

from .bounded import bounded

FIRST, LAST = Month(2015, 7), Month(2030, 12)
MIGRANT_FIRST = Month(2023, 3)
# The annex as it is printed: JHT of each band in thousands, and where the bands begin, in hundred thousands.
JHT = [*range(20, 56, 4), *range(59, 109, 10), 114, *range(134, 434, 20)]
BEGINS = [0, *range(11, 29, 2), *range(32, 57, 5), *range(62, 212, 10)]
BASES = {begin * 100_000: amount for begin, amount in zip(BEGINS, JHT, strict=True)}
SLICES = [(100, "0.21", "0.03"), (400, "0.17", "0.02"), (500, "0.13", "0.02"), (4_000, "0.11", "0.01")]

months = st.integers(0, LAST - FIRST).map(lambda count: FIRST + count)
incomes = st.one_of(st.integers(0, 25_000_000), st.sampled_from(sorted(BASES)), st.integers(0, MOST_RUPIAH))
values = st.one_of(st.integers(0, 10**10), st.integers(0, MOST_RUPIAH))
self_employed_terms = st.fixed_dictionaries(
    {
        "month": months,
        "programmes": st.frozensets(st.sampled_from(["JKK", "JKM", "JHT"])),
        "sector": st.sampled_from(["transport", "other"]),
        "relief_covid": st.booleans(),
        "paid_by_state": st.booleans(),
    }
)


def whole(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def covid(month: Month, relief: bool) -> Decimal:
    return Decimal("0.01") if relief and Month(2020, 8) <= month <= Month(2021, 1) else Decimal(1)


def halved(terms: dict[str, Any]) -> bool:
    first, last = {
        "transport": (Month(2026, 1), Month(2027, 3)),
        "other": (Month(2026, 4), Month(2026, 12)),
    }[terms["sector"]]
    return first <= terms["month"] <= last and not terms["paid_by_state"]


@bounded
@given(incomes, self_employed_terms)
def test_the_self_employed_pay_what_the_annex_prints(income: int, terms: dict[str, Any]) -> None:
    owed = self_employed.assess(income=income, **terms)
    jht = 1000 * next(amount for bound, amount in sorted(BASES.items(), reverse=True) if bound <= income)
    share = covid(terms["month"], terms["relief_covid"]) / (2 if halved(terms) else 1)
    taken = terms["programmes"]
    assert owed.base == jht * 50
    assert owed.jht == (jht if "JHT" in taken else 0)
    assert owed.jkk == (whole(jht * share / 2) if "JKK" in taken else 0)
    assert owed.jkm == (whole(6800 * share) if "JKM" in taken else 0)
    assert owed.total == owed.jkk + owed.jkm + owed.jht


@bounded
@given(incomes, st.integers(0, 5_000_000), self_employed_terms)
def test_more_income_never_costs_the_self_employed_less(income: int, more: int, terms: dict[str, Any]) -> None:
    less = self_employed.assess(income=income, **terms)
    greater = self_employed.assess(income=min(income + more, MOST_RUPIAH), **terms)
    assert less.base <= greater.base
    assert less.total <= greater.total


@bounded
@given(values, months, st.booleans())
def test_a_project_pays_for_each_slice_of_its_value(value: int, month: Month, relief: bool) -> None:
    owed = construction.assess(contract_value=value, month=month, relief_covid=relief)
    left, jkk, jkm = value, Decimal(0), Decimal(0)
    for millions, accident, death in SLICES:
        part = min(left, millions * 1_000_000)
        jkk, jkm, left = jkk + part * Decimal(accident), jkm + part * Decimal(death), left - part
    share = covid(month, relief) / 100
    assert owed.jkk == whole((jkk + left * Decimal("0.09")) * share)
    assert owed.jkm == whole((jkm + left * Decimal("0.01")) * share)
    assert owed.total == owed.jkk + owed.jkm


@bounded
@given(
    st.sampled_from([6, 12, 24]),
    st.integers(0, 60),
    st.booleans(),
    st.sampled_from([0, 50_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000]),
    st.integers(0, 60).map(lambda count: MIGRANT_FIRST + count),
)
def test_a_migrant_worker_pays_by_the_contract(
    length: int, beyond: int, agency: bool, old_age: int, month: Month
) -> None:
    owed = migrant_workers.assess(
        contract_months=length, extension_months=beyond, agency=agency, month=month, old_age=old_age
    )
    assert owed.before_departure == (37_500 if agency else 0)
    assert owed.during_and_after == {6: 108_000, 12: 189_000, 24: 332_500}[length]
    assert owed.extension == 13_500 * beyond
    assert owed.premium == owed.before_departure + owed.during_and_after + owed.extension
    assert owed.total == owed.premium + old_age


@bounded
@given(incomes, self_employed_terms)
def test_each_figure_of_the_self_employed_has_a_clause_behind_it(income: int, terms: dict[str, Any]) -> None:
    owed = self_employed.assess(income=income, **terms)
    behind = self_employed.clauses(income=income, **terms)
    assert {figure for figure in ("base", "jkk", "jkm", "jht") if getattr(owed, figure)} == set(behind)
    assert [clause.value for clause in behind["base"]] == [str(owed.base)]
    relieved = halved(terms) + (covid(terms["month"], terms["relief_covid"]) != 1)
    assert {len(behind[figure]) for figure in ("jkk", "jkm") if figure in behind} <= {1 + relieved}


def test_the_slices_that_a_project_reaches_stand_behind_its_figures() -> None:
    def rates(value: int, **terms: Any) -> list[str]:
        behind = construction.clauses(contract_value=value, month=Month(2020, 9), **terms)
        assert set(behind) == {"jkk", "jkm"}
        return [clause.value for clause in behind["jkk"]]

    assert rates(0) == rates(100_000_000) == ["0.21"]
    assert rates(100_000_001) == ["0.21", "0.17"]
    assert rates(10**10, relief_covid=True) == ["0.21", "0.17", "0.13", "0.11", "0.09", "1"]


def test_what_a_migrant_worker_does_not_pay_has_no_clause() -> None:
    asked = {"contract_months": 12, "month": Month(2024, 1)}
    assert set(migrant_workers.clauses(**asked, agency=False)) == {"during_and_after"}
    behind = migrant_workers.clauses(**asked, extension_months=2, old_age=50_000)
    assert set(behind) == {"before_departure", "during_and_after", "extension", "old_age"}
    assert behind["during_and_after"][0].value == "189000"


SELF_EMPLOYED = {"income": 1_000_000, "month": Month(2024, 1)}
CONSTRUCTION = {"contract_value": 10**9, "month": Month(2024, 1)}
MIGRANT = {"contract_months": 24, "month": Month(2024, 1)}
ASSESS = {
    "self-employed": (self_employed.assess, SELF_EMPLOYED),
    "construction": (construction.assess, CONSTRUCTION),
    "migrant": (migrant_workers.assess, MIGRANT),
}


@pytest.mark.parametrize(
    ("segment", "wrong"),
    [
        ("self-employed", {"income": -1}),
        ("self-employed", {"income": 1.5}),
        ("self-employed", {"income": MOST_RUPIAH + 1}),
        ("self-employed", {"programmes": {"JP"}}),
        ("self-employed", {"programmes": {None}}),
        ("self-employed", {"sector": "Transport"}),
        ("self-employed", {"sector": None}),
        ("self-employed", {"relief_covid": 1}),
        ("self-employed", {"paid_by_state": "no"}),
        ("self-employed", {"month": "2024-13"}),
        ("construction", {"contract_value": "1.000.000.000"}),
        ("construction", {"contract_value": None}),
        ("construction", {"relief_covid": "yes"}),
        ("construction", {"month": None}),
        ("migrant", {"contract_months": True}),
        ("migrant", {"contract_months": 6.5}),
        ("migrant", {"contract_months": -6}),
        ("migrant", {"extension_months": "1.5"}),
        ("migrant", {"extension_months": 1201}),
        ("migrant", {"agency": 1}),
        ("migrant", {"old_age": 1}),
        ("migrant", {"old_age": -50_000}),
        ("migrant", {"old_age": 50_000.0}),
    ],
)
def test_bad_inputs_of_a_segment_are_refused(segment: str, wrong: dict[str, Any]) -> None:
    assess, good = ASSESS[segment]
    assert assess(**good).total > 0
    with pytest.raises(BadInput):
        assess(**{**good, **wrong})


def test_a_length_that_the_regulation_does_not_name_has_no_answer() -> None:
    with pytest.raises(NotApplicable, match="6, 12, 24"):
        migrant_workers.assess(**{**MIGRANT, "contract_months": 18})


@pytest.mark.parametrize(
    ("segment", "first"), [("self-employed", FIRST), ("construction", FIRST), ("migrant", MIGRANT_FIRST)]
)
def test_a_segment_begins_in_its_first_month(segment: str, first: Month) -> None:
    assess, good = ASSESS[segment]
    assert assess(**{**good, "month": first}).total > 0
    with pytest.raises(NotYetInForce):
        assess(**{**good, "month": first - 1})


def test_a_contract_value_that_is_none_is_named_where_its_clauses_are_asked() -> None:
    with pytest.raises(BadInput, match=r"^contract_value must"):
        construction.clauses(contract_value=-1, month=Month(2024, 1))


def test_the_relief_of_the_self_employed_is_that_of_their_sector() -> None:
    for sector in self_employed.SECTORS:
        behind = self_employed.clauses(income=1_000_000, month=Month(2026, 5), sector=sector)
        assert [each.key for each in behind["jkk"]] == [None, sector]


@pytest.mark.parametrize(("value", "slices"), [(0, 1), (100_000_000, 1), (100_000_001, 2), (5_000_000_001, 5)])
def test_only_the_slices_that_a_project_reaches_are_told(value: int, slices: int) -> None:
    tree = explanations.construction_contribution(contract_value=value, month=Month(2024, 1))
    assert sum(step.name == "slice" for step in walk(tree)) == 2 * slices
    behind = construction.clauses(contract_value=value, month=Month(2024, 1))
    assert [len(found) for found in behind.values()] == [slices, slices]


def test_a_migrant_worker_says_what_can_not_be_used() -> None:
    def told(**changed: Any) -> str:
        with pytest.raises((BadInput, NotApplicable)) as refused:
            migrant_workers.assess(**{"contract_months": 6, "month": Month(2024, 1), **changed})
        return str(refused.value)

    assert (
        told(contract_months=7) == "The rule contribution has no answer for contract_months 7; it knows 6, 12, 24."
    )
    assert told(contract_months=-1) == "contract_months must be a whole number from 0 to 1200."
    assert told(extension_months=-1) == "extension_months must be a whole number from 0 to 1200."
    assert told(agency=1) == "agency must be true or false."
    assert told(old_age=-1).startswith("old_age must be whole rupiah from 0 to")
    assert told(old_age=1).startswith("old_age must be one of 0, 50000, 100000, ")


def test_a_relief_of_2020_stands_behind_nothing_for_who_does_not_take_part() -> None:
    month = Month(2020, 9)
    for relief, number in ((True, 2), (False, 1)):
        behind = self_employed.clauses(income=1_000_000, month=month, relief_covid=relief)
        assert len(behind["jkk"]) == len(behind["jkm"]) == number
        projects = construction.clauses(contract_value=1, month=month, relief_covid=relief)
        assert [len(found) for found in projects.values()] == [number, number]
    assert len(self_employed.clauses(income=1_000_000, month=month)["jkk"]) == 1
    assert len(construction.clauses(contract_value=1, month=month)["jkk"]) == 1
    with pytest.raises(BadInput, match=r"^income must"):
        self_employed.clauses(income=-1, month=month)


def test_the_base_is_told_also_where_no_share_of_it_is_owed() -> None:
    def told(*programmes: str) -> Step:
        return explanations.self_employed_contribution(
            income=1_000_000, month=Month(2024, 1), programmes=frozenset(programmes)
        )

    assert [told(code).name for code in ("JKK", "JHT", "JKM")] == ["total", "total", "answer"]
    assert (told("JKM").value, told("JKM").find("base").value) == (6_800, 1_000_000)
    assert told("JHT").find("none").value == 0
    with pytest.raises(BadInput, match=r"^programmes must be one of JHT, JKK, JKM; JP is none"):
        told("JP")


def test_a_contract_is_told_from_its_beginning() -> None:
    tree = explanations.migrant_contribution(
        contract_months=6, month=Month(2024, 1), extension_months=1, old_age=50_000
    )
    assert [step.name for step in tree.children] == [
        "before_departure",
        "during_and_after",
        "extension",
        "old_age",
    ]
