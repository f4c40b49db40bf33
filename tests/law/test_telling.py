"""Numbers of the law in words and as data, and which cases rest on which of them."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from lumbung.law import proof
from lumbung.law.exact_yaml import read
from lumbung.law.old_age import DOCUMENTS
from lumbung.law.parameter import parameters
from lumbung.law.telling import in_words, parameter_as_data, row_in_words
from lumbung.law.terms import OWN, TERMS


@pytest.mark.parametrize(
    ("content", "unit", "told"),
    [
        (Decimal("3.70"), "percent of the monthly wage", "3.7 %"),
        (10547400, "rupiah per month", "Rp 10,547,400"),
        (Decimal(100), "percent", "100 %"),
        (36, "months", "36 months"),
        (1, "years", "1 year"),
        (15, "day of the month", "15"),
        (("JHT", "JKK"), "programme codes", "JHT, JKK"),
        (None, "rupiah", "unknown"),
        ({"low": Decimal("3.0"), "high": 7}, "percent a year", "low: 3 %, high: 7 %"),
    ],
)
def test_a_value_in_words(content: object, unit: str, told: str):
    assert in_words(content, unit) == told


def test_every_value_of_every_parameter_can_be_told():
    for each in parameters().values():
        assert len(parameter_as_data(each)["values"]) == len(each.values)
        for value in each.values:
            assert in_words(value.content, each.unit)


def codes(content: object) -> set[str]:
    """Keys and words of a table, without the names and parts of its disabilities."""
    if isinstance(content, Mapping):
        inside = [item for key, item in content.items() if not (isinstance(item, Mapping) and "name" in item)]
        named = {key for key, item in content.items() if isinstance(key, str) and item in inside}
        return named.union(*map(codes, inside))
    if isinstance(content, tuple):
        return set().union(*map(codes, content))
    return {content} if isinstance(content, str) else set()


def test_every_code_of_every_table_is_called_something():
    found = {code for each in parameters().values() for value in each.values for code in codes(value.content)}
    assert found == set(TERMS) | set(DOCUMENTS) | (OWN & found)


def test_a_disability_is_told_by_its_name_with_its_doubt():
    table = parameters()["disability_table"].values[0].content
    assert row_in_words("a", table["arm_right_shoulder"], "percent") == (
        "lengan kanan dari sendi bahu ke bawah", "40 %",
    )  # fmt: skip
    assert row_in_words("a", table["arm_right_elbow"], "percent")[1] == "35 % (likely)"
    assert row_in_words("a", table["sight_10_percent"], "percent")[1] == "7 % for each 10 % (likely)"


def test_each_case_is_named_where_its_answer_rests():
    found = proof.cases_by_parameter()
    assert set(found) <= set(parameters())
    folder = Path(proof.__file__).parent / "cases"
    names = {case["name"] for path in folder.glob("*.yaml") for case in read(path.read_bytes())}
    assert {name for cases in found.values() for name in cases} <= names
    assert len(found["pension_wage_cap"]) > 50
    assert "disability_table" not in found  # it stands in no derivation
