"""Contributions of wage workers: what holds for every wage, month and class, against a second way to count."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.law.clauses import clause
from lumbung.law.contributions import (
    PROGRAMMES,
    Assessment,
    assess,
    clauses,
    last_known_month,
    programmes_of,
    reliefs_without_effect,
)
from lumbung.law.errors import BadInput, MissingInput, NotYetInForce, Unknown
from lumbung.law.inputs import MOST_RUPIAH
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.pension import wage_cap

from .bounded import bounded

CLASSES = ("I", "II", "III", "IV", "V")
FIRST, LAST = Month(2015, 7), Month(2027, 2)
RATES = {"I": "0.0024", "II": "0.0054", "III": "0.0089", "IV": "0.0127", "V": "0.0174"}
PARTS = ("jht_employer", "jht_member", "jp_employer", "jp_member", "jkk", "jkm")

wages = st.one_of(st.integers(0, 60_000_000), st.integers(0, MOST_RUPIAH))
months = st.integers(0, LAST - FIRST).map(lambda count: FIRST + count)
terms = st.fixed_dictionaries(
    {
        "month": months,
        "risk_class": st.sampled_from(CLASSES),
        "programmes": st.frozensets(st.sampled_from(sorted(PROGRAMMES))),
        "labour_intensive": st.booleans(),
        "relief_covid": st.booleans(),
    }
)


def parts(owed: Assessment) -> list[int]:
    return [getattr(owed, part) for part in PARTS]


@bounded
@given(wages, terms)
def test_shares_are_never_negative_and_add_up(wage: int, given_terms: dict) -> None:
    owed = assess(wage=wage, **given_terms)
    assert all(part >= 0 for part in parts(owed))
    assert owed.employer_total == owed.jht_employer + owed.jp_employer + owed.jkk + owed.jkm
    assert owed.member_total == owed.jht_member + owed.jp_member
    assert owed.total == owed.employer_total + owed.member_total == sum(parts(owed))
    assert owed.total <= wage


@bounded
@given(wages, terms)
def test_the_pension_never_counts_more_than_the_cap_or_the_wage(wage: int, given_terms: dict) -> None:
    owed = assess(wage=wage, **given_terms)
    cap = wage_cap(given_terms["month"].first_day)
    assert owed.jp_wage == (min(wage, cap) if "JP" in given_terms["programmes"] else 0)
    assert owed.jp_employer <= -(-cap * 2 // 100)


@bounded
@given(wages, st.integers(0, 10_000_000), terms)
def test_more_wage_never_owes_less(wage: int, more: int, given_terms: dict) -> None:
    less = assess(wage=wage, **given_terms)
    greater = assess(wage=min(wage + more, MOST_RUPIAH), **given_terms)
    assert all(a <= b for a, b in zip(parts(less), parts(greater), strict=True))


@bounded
@given(wages, terms)
def test_a_programme_costs_the_same_alone_as_among_others(wage: int, given_terms: dict) -> None:
    whole = assess(wage=wage, **{**given_terms, "programmes": PROGRAMMES})
    owed = assess(wage=wage, **given_terms)
    for part in PARTS:
        taken = part.split("_")[0].upper() in given_terms["programmes"]
        assert getattr(owed, part) == (getattr(whole, part) if taken else 0)


@bounded
@given(wages, terms)
def test_a_second_way_to_count_agrees(wage: int, given_terms: dict) -> None:
    owed = assess(wage=wage, **given_terms)
    month, taken = given_terms["month"], given_terms["programmes"]
    covid = given_terms["relief_covid"] and Month(2020, 8) <= month <= Month(2021, 1)
    labour = given_terms["labour_intensive"] and Month(2025, 2) <= month <= Month(2026, 1)
    jkk = Decimal(RATES[given_terms["risk_class"]]) * (Decimal("0.01") if covid else 1) / (2 if labour else 1)
    counted = min(wage, wage_cap(month.first_day))
    exact = {
        "jht_employer": wage * Decimal("0.037"),
        "jht_member": wage * Decimal("0.02"),
        "jp_employer": counted * Decimal("0.02"),
        "jp_member": counted * Decimal("0.01"),
        "jkk": wage * jkk,
        "jkm": wage * Decimal("0.003") * (Decimal("0.01") if covid else 1),
    }
    for part, amount in exact.items():
        wanted = int(amount.quantize(Decimal(1), ROUND_HALF_UP)) if part.split("_")[0].upper() in taken else 0
        assert getattr(owed, part) == wanted


@bounded
@given(terms)
def test_each_figure_that_is_owed_has_a_clause_behind_it(given_terms: dict) -> None:
    owed = assess(wage=10**9, **given_terms)
    behind = clauses(**given_terms)
    assert {part for part in PARTS if getattr(owed, part)} <= set(behind)
    assert all(clause.source.title for found in behind.values() for clause in found)


def test_a_relief_stands_behind_its_figures_only_in_its_months() -> None:
    inside = clauses(month=Month(2020, 8), risk_class="II", relief_covid=True)
    outside = clauses(month=Month(2021, 2), risk_class="II", relief_covid=True)
    assert [clause.value for clause in inside["jkk"]] == ["0.54", "1"]
    assert [clause.value for clause in inside["jkm"]] == ["0.30", "1"]
    assert [clause.value for clause in outside["jkk"]] == ["0.54"]
    halved = clauses(month=Month(2025, 2), risk_class="II", labour_intensive=True)
    assert [clause.value for clause in halved["jkk"]] == ["0.54", "50"]
    assert [clause.value for clause in halved["jkm"]] == ["0.30"]


def test_a_relief_without_effect_is_told() -> None:
    both = {"labour_intensive": True, "relief_covid": True}
    assert reliefs_without_effect(Month(2020, 8), **both) == ["labour_intensive"]
    assert reliefs_without_effect(Month(2025, 2), **both) == ["relief_covid"]
    assert reliefs_without_effect(Month(2023, 2), labour_intensive=False, relief_covid=True) == ["relief_covid"]
    assert reliefs_without_effect(Month(2023, 2), labour_intensive=False, relief_covid=False) == []


def test_programmes_follow_the_size_of_the_employer() -> None:
    assert programmes_of("micro") == {"JKK", "JKM"}
    assert programmes_of("small") == {"JHT", "JKK", "JKM"}
    assert programmes_of("medium") == programmes_of("large") == PROGRAMMES
    assert programmes_of("micro", Month(2015, 7)) == {"JKK", "JKM"}
    with pytest.raises(NotYetInForce):
        programmes_of("micro", Month(2015, 6))
    with pytest.raises(BadInput, match="size must be one of large, medium, micro, small; huge is none"):
        programmes_of("huge")


@pytest.mark.parametrize(
    ("month", "relief"), [(Month(2020, 9), "relief_covid"), (Month(2025, 9), "labour_intensive")]
)
def test_a_relief_lowers_nothing_for_who_does_not_take_part(month: Month, relief: str) -> None:
    reliefs = {"relief_covid": "relief_covid_share", "labour_intensive": "relief_labour_intensive_share"}
    for told, name in reliefs.items():
        behind = clauses(month=month, risk_class="I", **{told: True})  # type: ignore[arg-type]
        lowered = {figure for figure, found in behind.items() if name in [each.parameter for each in found]}
        others = {each.parameter for found in behind.values() for each in found} & set(reliefs.values()) - {name}
        assert others == set()
        assert lowered == (set() if told != relief else {"jkk", "jkm"} if told == "relief_covid" else {"jkk"})
    for behind in (
        clauses(month=month, risk_class="I"),
        clauses(month=month, risk_class="I", programmes=PROGRAMMES),
    ):
        assert [len(found) for found in behind.values()] == [1] * 7
    assert reliefs_without_effect(month) == []
    assert reliefs_without_effect(Month(2023, 2)) == []


def test_every_figure_of_an_assessment_has_its_clause() -> None:
    behind = clauses(month=Month(2024, 1), risk_class="III")
    assert {figure: (found[0].parameter, found[0].key) for figure, found in behind.items()} == {
        "jht_employer": ("jht_employer_rate", None),
        "jht_member": ("jht_member_rate", None),
        "jp_wage": ("pension_wage_cap", None),
        "jp_employer": ("jp_employer_rate", None),
        "jp_member": ("jp_member_rate", None),
        "jkk": ("jkk_rate", "III"),
        "jkm": ("jkm_rate", None),
    }
    assert behind["jkk"][0].unit == parameter("jkk_rate").unit
    assert (behind["jkk"][0].value, behind["jkk"][0].start) == ("0.89", date(2015, 7, 1))


def test_a_clause_that_is_a_list_is_told_with_commas() -> None:
    told = clause("migrant_old_age_choices", date(2024, 1, 1)).value
    assert told == "50000, 100000, 200000, 300000, 400000, 500000, 600000"


def test_without_an_end_every_month_to_come_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert last_known_month() == LAST
    monkeypatch.setattr("lumbung.law.contributions._CAP", "jkm_rate")
    assert last_known_month() is None


def test_a_programme_that_does_not_exist_is_named() -> None:
    with pytest.raises(BadInput, match="programmes must be one of JHT, JKK, JKM, JP; JKP is none"):
        assess(wage=1, month=LAST, risk_class="I", programmes=frozenset({"JKP"}))


BAD_WAGES = {
    "negative": -1,
    "a little negative": "-0.4",
    "true": True,
    "float": 1.5,
    "float nan": float("nan"),
    "nothing": None,
    "empty": "",
    "words": "abc",
    "exponent": "1e6",
    "grouped": "5.000.000",
    "other digits": "５",
    "nan": Decimal("NaN"),
    "minus infinity": Decimal("-Infinity"),
    "huge exponent": Decimal("1e999999999"),
    "tiny exponent": Decimal("1e-999999999"),
    "thousands of digits": 10**5000,
    "thousands of written digits": "1" * 5000,
    "one too many": MOST_RUPIAH + 1,
    "bytes": b"5",
    "list": [5],
}


@pytest.mark.parametrize("wage", BAD_WAGES.values(), ids=BAD_WAGES)
def test_a_bad_wage_is_refused_and_not_repeated(wage: object) -> None:
    with pytest.raises(BadInput) as refused:
        assess(wage=wage, month=Month(2025, 4), risk_class="I")  # type: ignore[arg-type]
    assert str(refused.value) == f"wage must be rupiah from 0 to {MOST_RUPIAH}, written in digits only."


@pytest.mark.parametrize(
    ("wage", "counted"), [(Decimal("0.5"), 1), (Decimal("0.49"), 0), ("1.5", 2), ("2.5", 3), (Decimal("7"), 7)]
)
def test_a_fraction_of_a_rupiah_is_rounded_half_up_on_input(wage: Decimal, counted: int) -> None:
    assert assess(wage=wage, month=Month(2025, 4), risk_class="I").wage == counted


@pytest.mark.parametrize(
    "terms",
    [
        {"risk_class": "VI"},
        {"risk_class": 1},
        {"risk_class": ["I"]},
        {"risk_class": "VI", "programmes": {"JHT"}},
        {"programmes": {"JKP"}},
        {"programmes": {None}},
        {"relief_covid": 1},
        {"labour_intensive": "yes"},
        {"month": "2025-13"},
        {"month": None},
        {"risk_class": None},
    ],
)
def test_other_bad_inputs_are_refused(terms: dict) -> None:
    with pytest.raises(BadInput):
        assess(**{"wage": 5_000_000, "month": Month(2025, 4), "risk_class": "I", **terms})


def test_a_risk_class_is_needed_for_accidents_only() -> None:
    assert assess(wage=1_000_000, month=Month(2025, 4), programmes={"JHT", "JP", "JKM"}).jkk == 0
    with pytest.raises(MissingInput):
        assess(wage=1_000_000, month=Month(2025, 4))


@pytest.mark.parametrize(("relief_covid", "labour"), list(product([False, True], repeat=2)))
def test_the_law_has_a_first_month_and_a_last_one_for_the_pension(relief_covid: bool, labour: bool) -> None:
    flags = {"relief_covid": relief_covid, "labour_intensive": labour, "risk_class": "I", "wage": 1}
    for programmes in ((), PROGRAMMES):
        with pytest.raises(NotYetInForce):
            assess(month=FIRST - 1, programmes=frozenset(programmes), **flags)
    with pytest.raises(Unknown):
        assess(month=LAST + 1, **flags)
    assert assess(month=LAST + 1, programmes=PROGRAMMES - {"JP"}, **flags).jp_wage == 0
