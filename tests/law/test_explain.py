"""Derivations: each step follows from its children, the root is the figure of the rule, JSON alone shows it."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.law import (
    accident,
    construction,
    contributions,
    death,
    development,
    due_dates,
    explanations,
    fines,
    job_loss,
    job_loss_benefit,
    migrant_workers,
    old_age,
    pension,
    self_employed,
)
from lumbung.law.derivation import OPERATIONS, Step, derived, plain, recomputed, render, walk, written
from lumbung.law.derivation import given as fact
from lumbung.law.month import Month

from .bounded import bounded

MONEY = st.integers(0, 10**10)
MONTHS = st.builds(Month, st.integers(2016, 2026), st.integers(1, 12))
DAYS = st.dates(date(2015, 9, 1), date(2027, 2, 28))
CLASSES = st.sampled_from(["I", "II", "III", "IV", "V"])


def some(codes: frozenset[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(codes)), min_size=1)


def holds(step: Step) -> None:
    """Every step is what its operation makes of its children."""
    for each in walk(step):
        assert recomputed(each) == each.value, each.name
        assert each.label, each.name


@bounded
@given(
    st.fixed_dictionaries(
        {
            "wage": MONEY,
            "month": MONTHS,
            "risk_class": CLASSES,
            "programmes": some(contributions.PROGRAMMES),
            "labour_intensive": st.booleans(),
            "relief_covid": st.booleans(),
        }
    )
)
def test_a_wage_workers_month(asked: dict[str, Any]) -> None:
    tree, owed = explanations.contribution(**asked), contributions.assess(**asked)
    holds(tree)
    assert tree.value == owed.total
    for step in walk(tree):
        if hasattr(owed, step.name):
            assert step.value == getattr(owed, step.name)


@bounded
@given(
    st.fixed_dictionaries(
        {
            "income": MONEY,
            "month": MONTHS,
            "programmes": some(self_employed.PROGRAMMES),
            "sector": st.sampled_from(self_employed.SECTORS),
            "relief_covid": st.booleans(),
            "paid_by_state": st.booleans(),
        }
    )
)
def test_a_self_employed_members_month(asked: dict[str, Any]) -> None:
    tree, owed = explanations.self_employed_contribution(**asked), self_employed.assess(**asked)
    holds(tree)
    assert tree.value == owed.total
    for step in walk(tree):
        if step.name in {"jkk", "jkm", "jht", "base"}:
            assert step.value == getattr(owed, step.name)


@bounded
@given(MONEY, MONTHS, st.booleans())
def test_a_construction_project(value: int, month: Month, relief: bool) -> None:
    tree = explanations.construction_contribution(contract_value=value, month=month, relief_covid=relief)
    holds(tree)
    owed = construction.assess(contract_value=value, month=month, relief_covid=relief)
    assert (tree.value, tree.find("jkk").value, tree.find("jkm").value) == (owed.total, owed.jkk, owed.jkm)


@bounded
@given(st.sampled_from([6, 12, 24]), st.integers(0, 30), st.booleans(), st.sampled_from([0, 50_000, 600_000]))
def test_a_migrant_worker(length: int, beyond: int, agency: bool, saved: int) -> None:
    asked: dict[str, Any] = {
        "contract_months": length, "extension_months": beyond, "agency": agency, "old_age": saved,
        "month": Month(2024, 5),
    }  # fmt: skip
    tree = explanations.migrant_contribution(**asked)
    holds(tree)
    assert tree.value == migrant_workers.assess(**asked).total


@bounded
@given(st.sampled_from(["PU", "BPU"]), MONTHS, MONEY, st.dates(date(2016, 1, 1), date(2028, 1, 1)), st.booleans())
def test_a_fine(segment: str, month: Month, owed: int, paid_on: date, relief: bool) -> None:
    asked: dict[str, Any] = {
        "segment": segment, "month": month, "owed": owed, "paid_on": paid_on, "relief_covid": relief,
    }  # fmt: skip
    tree, found = explanations.late_fine(**asked), fines.late_fine(**asked)
    holds(tree)
    assert (tree.value, tree.find("months_late").value) == (found.fine, found.months_late)


@bounded
@given(st.dates(date(2021, 2, 2), date(2026, 12, 31)), CLASSES)
def test_the_funding_of_job_loss(day: date, risk_class: str) -> None:
    tree = explanations.job_loss_funding(day=day, risk_class=risk_class)
    holds(tree)
    assert tree.value == job_loss.funding(day=day, risk_class=risk_class).total


@bounded
@given(st.data())
def test_a_year_of_development(data: st.DataObject) -> None:
    until = data.draw(st.one_of(st.none(), st.integers(1, 12)))
    months = st.builds(Month, st.just(2024), st.integers(1, until or 12))
    asked = {
        "opening": data.draw(MONEY),
        "rate": data.draw(st.integers(0, 2500).map(lambda basis: f"{basis // 100}.{basis % 100:02d}")),
        "contributions": data.draw(st.lists(st.tuples(months, st.integers(-(10**9), 10**9)), max_size=15)),
        "until": None if until is None else Month(2024, until),
    }
    result = development.development(**asked)
    tree, closing = explanations.year_of_development(**asked), explanations.closing_balance(**asked)
    holds(closing)
    assert (tree.value, closing.value) == (result.development, result.closing)


RATES = st.integers(0, 10_000).map(lambda basis: f"{basis // 100}.{basis % 100:02d}")


@bounded
@given(MONEY, MONEY, st.integers(0, 9), st.integers(0, 3), RATES, st.sampled_from(sorted(development.CONVENTIONS)))
def test_years_of_saving(wage: int, opening: int, years: int, idle: int, rate: str, convention: str) -> None:
    asked: dict[str, Any] = {
        "wage": wage, "opening": opening, "years": years, "idle_years": idle, "rate": rate,
        "convention": convention,
    }  # fmt: skip
    tree, plan = explanations.plan_of_development(**asked), development.plan(**asked)
    holds(tree)
    assert tree.value == plan.closing
    assert (tree.find("contributions").value, tree.find("development").value) == (
        plan.contributions,
        plan.development,
    )
    assert len({step.name for step in walk(tree) if step.name.startswith("year_")}) == years + idle


def test_numbers_of_any_length_are_told() -> None:
    """Years of exact interest have more digits than Python writes of a whole number."""
    exact = Fraction(3**9100, 10**4400)
    told = plain(exact)
    assert isinstance(told, str)
    assert max(map(len, told.split("/"))) > 4300
    assert written(Step("a", "A", exact, "rupiah", "given")).startswith("Rp ")
    asked: dict[str, Any] = {"wage": 10**15, "opening": 10**15, "years": 30, "idle_years": 30, "rate": "100"}
    tree = explanations.plan_of_development(**asked)
    assert tree.value == development.plan(**asked).closing
    assert render(tree, "text")


def test_a_step_that_stands_twice_is_told_once() -> None:
    whole = derived("whole", "Whole", "sum", fact("part", "Part", 1, "rupiah"))
    tree = derived("twice", "Twice", "sum", whole, whole)
    *told, version = render(tree, "text").splitlines()
    assert version.startswith("Law version")
    assert told == [
        "Twice: Rp 2  (added together)",
        "  Whole: Rp 1  (added together)",
        "    Part: Rp 1  (given)",
        "  Whole: Rp 1  (as above)",
    ]
    assert render(tree, "html").count("Part") == 1
    assert render(tree, "json").count('"Part"') == 2


@bounded
@given(
    st.sampled_from(["PU", "BPU"]), MONTHS, st.booleans(), st.sets(st.dates(date(2015, 9, 1), date(2027, 3, 31)))
)
def test_a_due_date(segment: str, month: Month, relief: bool, holidays: set[date]) -> None:
    tree = explanations.due_date(segment, month, relief_covid=relief, holidays=holidays)
    holds(tree)
    assert tree.value == due_dates.due_date(segment, month, relief_covid=relief, holidays=holidays)


def test_a_due_date_names_the_holidays_that_move_it_and_no_others() -> None:
    holidays = {date(2025, 5, 15), date(2025, 5, 16), date(2025, 5, 1), date(2025, 5, 20)}
    tree = explanations.due_date("PU", Month(2025, 4), holidays=holidays)
    assert tree.value == date(2025, 5, 19)
    named = [step.value for step in walk(tree) if step.name == "holiday"]
    assert named == [date(2025, 5, 15), date(2025, 5, 16)]


def test_the_results_that_carry_their_derivation() -> None:
    day = date(2025, 5, 5)
    born = date(1968, 2, 29)
    years = [pension.PensionYear(2015 + n, 12, 5_000_000 + n, 10_000_000) for n in range(3)]
    found: list[tuple[Step, object]] = [
        (pension.age(born=born).derivation, pension.age(born=born).right_from),
        (pension.kind(cause="death", months_paid=12, months_since_enrolment=15).derivation, 180),
        (pension.survivor(benefit=1_000_001, heir="parent").derivation, 200_000),
        (death.death(day).derivation, 42_000_000),
        (death.scholarship(children=2, day=day).derivation, 174_000_000),
        (accident.accident(kind="death", wage=1_000_000, day=day).derivation, 48_000_000 + 22_000_000),
        (job_loss_benefit.job_loss(wage=6_000_000, dismissed_on=day).derivation, 18_000_000),
        (old_age.claim(cause="housing", day=day, member_since=date(2000, 1, 1)).derivation, Fraction(30, 100)),
    ]
    inflation = dict.fromkeys(range(2015, 2018), "3.5")
    benefit = pension.benefit(years=years, inflation=inflation, retires=2018, day=day)
    found.append((benefit.derivation, benefit.payable))
    payments = [old_age.Payment(date(y, 5, 1), 120_000_000) for y in (2021, 2022, 2025)]
    taxed = old_age.tax(payments=payments, tax_number=False)
    found += list(zip(taxed.derivations, taxed.tax, strict=True))
    for tree, value in found:
        holds(tree)
        assert tree.value == value, tree.name


# What a program does that knows JSON and the meaning of the operations, and nothing of ours.
def _number(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"-?\d+/\d+", value):
        return Fraction(value)
    return value


def _half_up(exact: Fraction) -> int:
    return int((abs(exact) * 2 + 1) // 2) * (1 if exact >= 0 else -1)


def _product(values: list[Any]) -> Fraction:
    result = Fraction(1)
    for value in values:
        result *= value
    return result


def _pairs(values: list[Any]) -> Fraction:
    return sum((Fraction(a) * b for a, b in zip(values[::2], values[1::2], strict=True)), Fraction(0))


READ: dict[str, Callable[[list[Any]], Any]] = {
    "sum": sum,
    "smallest": min,
    "product": _product,
    "rounded_product": lambda values: _half_up(_product(values)),
    "sum_of_products": _pairs,
    "part_between": lambda v: max(min(v[1], v[3]) - max(v[0], v[2]), 0),
    "same": lambda v: v[0],
    "at_least": lambda v: v[0] >= v[1],
    "if_so": lambda v: v[1] if v[0] else v[2],
}


def _read(step: dict[str, Any]) -> Any:
    if "steps" not in step:
        return _number(step["value"])
    value = READ[step["operation"]]([_read(child) for child in step["steps"]])
    assert value == _number(step["value"]), step["name"]
    return value


def test_json_alone_is_enough_to_recompute() -> None:
    trees = [
        explanations.contribution(wage=12_345_679, month=Month(2020, 10), risk_class="IV", relief_covid=True),
        explanations.self_employed_contribution(income=3_333_333, month=Month(2026, 2), sector="transport"),
        explanations.construction_contribution(contract_value=7_654_321_987, month=Month(2024, 1)),
        explanations.migrant_contribution(contract_months=12, month=Month(2024, 1), extension_months=3),
        explanations.year_of_development(opening=999, rate="5.60", contributions=[(Month(2025, 3), 77_777_777)]),
    ]
    for tree in trees:
        data = json.loads(render(tree, "json"))
        assert data["law_version"]
        assert _read(data["derivation"]) == tree.value


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {name for name, _ in attrs} - {"class", "open"}
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        self.texts.append(text)


def test_text_and_html_show_each_step_once_and_nothing_breaks_out() -> None:
    hostile = "<script>\"&' </details>"
    wage = fact("wage", hostile, 5_000_000, "rupiah")
    tree = derived("double", "Twice", "sum", wage, fact("again", hostile, 5_000_000, "rupiah"))
    reader = _Reader()
    reader.feed(render(tree, "html"))
    assert reader.open == []
    assert set(reader.seen) <= {"div", "details", "summary", "ul", "li", "p", "span", "strong", "small"}
    assert reader.texts.count(hostile) == 2
    assert render(tree, "text").count(hostile) == 2
    assert "Rp 10,000,000" in render(tree, "text").splitlines()[0]


def test_words_are_translated() -> None:
    tree = explanations.contribution(wage=5_000_000, month=Month(2025, 4), risk_class="I")
    marked = render(tree, "text", translate=lambda words: f"«{words}»")
    assert "«JHT, member»: Rp 100,000  («multiplied, rounded half-up to whole rupiah»)" in marked


def test_every_operation_says_what_it_does() -> None:
    words = [operation.words for operation in OPERATIONS.values()]
    assert len(set(words)) == len(words)


@settings(bounded, max_examples=30)
@given(MONEY, MONEY)
def test_a_step_that_lies_is_found(first: int, second: int) -> None:
    honest = derived("total", "Total", "sum", fact("a", "A", first, "rupiah"), fact("b", "B", second, "rupiah"))
    lie = Step(honest.name, honest.label, first + second + 1, "rupiah", "sum", honest.children)
    with pytest.raises(AssertionError):
        holds(lie)


def test_a_name_that_no_step_has_is_an_error_that_says_it() -> None:
    with pytest.raises(KeyError, match="nothing"):
        fact("a", "A", 1, "rupiah").find("nothing")


def test_pairs_are_pairs_and_an_average_of_nothing_is_nothing() -> None:
    for operation in ("sum_of_products", "weighted_average"):
        with pytest.raises(ValueError, match="argument"):
            OPERATIONS[operation].compute(1, 2, 3)
    assert OPERATIONS["weighted_average"].compute(7, 0) == 0


def test_a_year_by_twelfth_roots_is_exact_to_a_hundred_places() -> None:
    found = OPERATIONS["year_by_twelfth_roots"].compute(0, 1, Fraction(53, 1000))
    assert isinstance(found, Fraction)
    with localcontext(Context(prec=400)):
        step = Decimal("1.053") ** (Decimal(1) / 12)
        paid = sum((step**months for months in range(1, 13)), Decimal(0))
        assert abs(found - Fraction(paid)) <= Fraction(1, 2 * 10**100)


def test_what_was_taken_out_is_told_as_such() -> None:
    moved = [(Month(2024, month), amount) for month, amount in ((1, 5), (2, 0), (3, -5))]
    tree = explanations.year_of_development(opening=0, rate="5", contributions=moved)
    labels = [step.label for step in walk(tree) if step.name.startswith("amount_")]
    assert labels == ["Amount of a month", "Amount of a month", "Taken out in a month"]
