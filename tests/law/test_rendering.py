"""How a derivation is written: numbers for people, exact values for programs, each form to the letter."""

import json
import re
from datetime import date
from fractions import Fraction

import pytest

from lumbung.law import version
from lumbung.law.derivation import Answer, Step, as_data, derived, given, of_law, plain, render, written
from lumbung.law.month import Month
from lumbung.law.parameter import Source


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0, "rupiah", "Rp 0"),
        (1_234_567, "rupiah", "Rp 1,234,567"),
        (-1_500, "rupiah", "Rp −1,500"),
        (Fraction(1_234_567, 100), "rupiah", "Rp 12,345.67"),
        (Fraction(1, 3), "rupiah", "Rp 0.33"),
        (Fraction(1, 200), "rupiah", "Rp 0.01"),
        (Fraction(54, 10_000), "percent", "0.54 %"),
        (Fraction(1, 3), "percent", "33.3333 %"),
        (Fraction(2, 3), "factor", "0.666667"),
        (Fraction(5, 2), "years", "2.5"),
        (12, "months", "12"),
        (True, "yes_or_no", "yes"),
        (False, "yes_or_no", "no"),
        (None, "day", "none"),
        (date(2025, 3, 9), "day", "9 March 2025"),
        (Month(2025, 3), "month", "March 2025"),
        ("periodic", "words", "every month"),
        ("widow", "words", "widow"),
    ],
)
def test_values_are_written_for_people(value: Answer, unit: str, told: str) -> None:
    assert written(given("a", "A", value, unit)) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Fraction(4, 2), 2),
        (Fraction(-1, 3), "-1/3"),
        (date(2025, 3, 9), "2025-03-09"),
        (Month(2025, 3), "2025-03"),
        (7, 7),
        (True, True),
        (None, None),
        ("words", "words"),
    ],
)
def test_values_are_exact_for_programs(value: Answer, told: object) -> None:
    assert plain(value) == told
    assert type(plain(value)) is type(told)


def loud(words: str) -> str:
    return f"«{words}»"


def example() -> Step:
    wage = given("wage", "Wage", 1_000_000, "rupiah")
    rate = of_law("jkk_rate", date(2024, 1, 1), "II")
    return derived("jkk", "Accident", "rounded_product", wage, rate)


def test_a_step_as_data() -> None:
    found = as_data(example(), loud)
    wage, rate = found.pop("steps")
    assert found == {
        "name": "jkk",
        "label": "«Accident»",
        "value": 5_400,
        "unit": "rupiah",
        "operation": "rounded_product",
        "formula": "«multiplied, rounded half-up to whole rupiah»",
    }
    assert wage == {
        "name": "wage", "label": "«Wage»", "value": 1_000_000, "unit": "rupiah", "operation": "given",
        "formula": "«given»",
    }  # fmt: skip
    source = example().children[1].clause.source  # type: ignore[union-attr]
    assert rate["clause"] == {
        "parameter": "jkk_rate",
        "key": "II",
        "from": "2015-07-01",
        "title": loud(source.title),
        "url": source.url,
        "confidence": source.confidence,
    }
    assert (rate["value"], rate["operation"]) == ("27/5000", "parameter")
    assert json.loads(render(example(), "json", loud)) == {
        "law_version": version(),
        "derivation": as_data(example(), loud),
    }
    assert render(given("a", "é", 1, "rupiah"), "json").startswith('{\n  "law_version": ')
    assert '"label": "é"' in render(given("a", "é", 1, "rupiah"), "json")


def test_a_derivation_as_text() -> None:
    title = example().children[1].clause.source.title  # type: ignore[union-attr]
    label = example().children[1].label
    assert render(example(), "text").splitlines() == [
        "Accident: Rp 5,400  (multiplied, rounded half-up to whole rupiah)",
        "  Wage: Rp 1,000,000  (given)",
        f"  {label}: 0.54 %  (law, since 1 July 2015: {title})",
        f"Law version {version()}",
    ]
    assert "LAW, SINCE" in render(example(), "text", lambda words: words.replace("law, since", "LAW, SINCE"))
    assert render(example(), "text", lambda words: f"«{words}»").endswith(f"«Law version {version()}»")


def test_a_value_that_is_less_than_sure_says_so() -> None:
    row = of_law("old_age_electronic_limit", date(2021, 9, 1), unit="rupiah")
    assert row.clause is not None
    assert row.clause.source.is_confirmed == (not re.search(r"\((likely|uncertain)\)", render(row, "text")))
    words = {"likely": "mungkin", "uncertain": "belum pasti"}
    for confidence, said in (("sourced", "T"), ("K-high", "T (mungkin)"), ("K-med", "T (belum pasti)")):
        assert Source("T", None, confidence).said(lambda word: words.get(word, word)) == said


def test_a_derivation_as_html() -> None:
    whole = derived("whole", "Whole & all", "sum", given("part", "Part", 1, "rupiah"))
    tree = derived("twice", "Twice", "sum", whole, whole)
    assert render(tree, "html", lambda words: words.replace("Part", "<Bagian>")) == (
        '<div class="derivation"><details open><summary><span>Twice</span> <strong>Rp 2</strong> '
        "<small>added together</small></summary><ul>"
        "<li><details><summary><span>Whole &amp; all</span> <strong>Rp 1</strong> <small>added together</small>"
        "</summary><ul><li><p><span>&lt;Bagian&gt;</span> <strong>Rp 1</strong> <small>given</small></p></li></ul>"
        "</details></li>"
        "<li><p><span>Whole &amp; all</span> <strong>Rp 1</strong> <small>as above</small></p></li></ul></details>"
        f"<p>Law version {version()}</p></div>"
    )


def test_a_strange_unit_is_a_slip_of_the_programmer() -> None:
    for make in (
        lambda: given("a", "A", 1, "dollars"),
        lambda: of_law("jkk_rate", date(2024, 1, 1), "I", unit="dollars"),
        lambda: derived("a", "A", "sum", unit="dollars"),
    ):
        with pytest.raises(AssertionError, match="dollars"):
            make()
    with pytest.raises(AssertionError, match=r"a is Fraction\(1, 2\)"):
        _ = given("a", "A", Fraction(1, 2), "rupiah").whole


def test_a_factor_is_an_exact_share_as_a_percentage_is() -> None:
    for unit in ("percent", "factor"):
        assert of_law("jkk_rate", date(2024, 1, 1), "I", unit=unit).value == Fraction(24, 10_000)


def test_yes_and_no_are_translated_in_every_form_for_people() -> None:
    step = given("a", "A", True, "yes_or_no")
    for form in ("text", "html"):
        assert "ya" in render(step, form, lambda words: {"yes": "ya"}.get(words, words))
