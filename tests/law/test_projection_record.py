"""Projections of what only a real record has: years without a result, an income of one's own, a sum chosen."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung.law import development, self_employed
from lumbung.law.derivation import recomputed, walk
from lumbung.law.errors import BadAmount, BadCount, BadMonth, OutsideYear, WrongOrder
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.projection import Projection, Record, assumptions, project

from .bounded import bounded

TODAY = date(2025, 3, 10)
MIDDLE = assumptions("middle")
BORN = date(1990, 5, 17)
MEMBER = Record(born=BORN, wage=0, old_age_opening=20_000_000, this_year=[(Month(2025, 2), 342_000)])


def of(assumed: Any = MIDDLE, today: date = TODAY, **record: Any) -> Projection:
    return project(replace(MEMBER, **record), today=today, assumed=assumed)


moves = st.lists(
    st.tuples(st.builds(Month, st.integers(2023, 2024), st.integers(1, 12)), st.integers(0, 10**8)), max_size=8
)


@settings(bounded, max_examples=25)
@given(moves, st.integers(0, 10**9))
def test_years_without_a_result_go_as_the_laws_development(earlier: list[tuple[Month, int]], opening: int) -> None:
    """Two years that were not credited are what the same years come to when they are, at the assumed rate."""
    told = of(opened=2023, old_age_opening=opening, earlier=earlier)
    balance = opening
    for place, year in enumerate((2023, 2024)):
        mine = [each for each in earlier if each[0].year == year]
        result = development.development(
            opening=balance, rate=MIDDLE.development, contributions=mine, until=Month(year, 12)
        )
        balance = result.closing
        row = told.years[place]
        assert (row.year, row.months, row.wage) == (year, 0, 0)
        assert (row.contributions, row.development, row.balance) == (
            sum(amount for _, amount in mine), result.development, balance,
        )  # fmt: skip
    credited = of(old_age_opening=balance)
    assert told.old_age.future == credited.old_age.future
    assert told.years[2:] == credited.years
    assert [note for note in told.notes if note != "not_credited"] == list(credited.notes)
    assert all(recomputed(step) == step.value for step in walk(told.old_age.derivation))


def test_a_note_says_that_years_are_not_credited() -> None:
    assert "not_credited" in of(opened=2024).notes
    assert "not_credited" not in of(opened=2025).notes
    assert "not_credited" not in of().notes
    assert of(opened=2025) == of()


def test_this_years_money_stays_in_this_year() -> None:
    told = of(opened=2024, earlier=[(Month(2024, 12), 1_000)])
    assert [year.contributions for year in told.years[:3]] == [1_000, 342_000, 0]


def test_a_wage_counts_from_the_month_after_today_whatever_year_the_account_opened() -> None:
    told = of(opened=2022, wage=6_000_000)
    assert [year.months for year in told.years[:5]] == [0, 0, 0, 9, 12]
    assert [year.wage for year in told.years[:5]] == [0, 0, 0, 6_000_000, 6_300_000]


@pytest.mark.parametrize(
    ("record", "refusal"),
    [
        ({"opened": 2026}, WrongOrder),
        ({"opened": 1900}, BadCount),
        ({"opened": "soon"}, BadCount),
        ({"opened": 2024, "earlier": [(Month(2023, 12), 1)]}, OutsideYear),
        ({"opened": 2024, "earlier": [(Month(2025, 1), 1)]}, OutsideYear),
        ({"earlier": [(Month(2024, 12), 1)]}, OutsideYear),
        ({"this_year": [(Month(2025, 4), 1)]}, OutsideYear),
        ({"this_year": [(Month(2024, 12), 1)]}, OutsideYear),
        ({"income": -1}, BadAmount),
        ({"chosen": -1}, BadAmount),
        ({"chosen": "0.5"}, BadAmount),
        ({"chosen_until": "soon"}, BadMonth),
    ],
)
def test_a_record_that_can_not_be_is_refused(record: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        of(**record)


def test_the_edges_of_the_months_before_this_year_are_taken() -> None:
    told = of(opened=2024, earlier=[(Month(2024, 1), 12), (Month(2024, 12), 1)], this_year=[(Month(2025, 3), 7)])
    assert [year.contributions for year in told.years[:2]] == [13, 7]


@pytest.mark.parametrize(
    ("income", "saved"),
    [(1, 20_000), (1_099_999, 20_000), (1_100_000, 24_000), (2_700_000, 59_000), (20_199_999, 394_000),
     (20_200_000, 414_000), (10**9, 414_000)],
)  # fmt: skip
def test_who_works_for_himself_saves_two_percent_of_his_band(income: int, saved: int) -> None:
    assert self_employed.old_age_share(income) == saved
    assert self_employed.assess(income=income, month=Month(2026, 12)).jht == saved
    told = of(income=income, this_year=())
    assert told.years[0].contributions == 9 * saved
    assert told.years[0].months == 9


def test_an_income_moves_each_january_as_wages_do() -> None:
    told = of(income=2_690_000, assumed=assumptions("middle", wage_growth=1), this_year=())
    assert [year.contributions for year in told.years[:2]] == [9 * 52_000, 12 * 59_000]
    assert parameter("self_employed_base").latest().amounts()[2_700_000] == 2_950_000


def test_a_wage_and_an_income_are_both_saved_from() -> None:
    both, wage, income = (
        of(wage=wage, income=income, this_year=()).years[0].contributions
        for wage, income in ((6_000_000, 3_000_000), (6_000_000, 0), (0, 3_000_000))
    )
    assert both == wage + income
    assert wage == 9 * 342_000
    assert income == 9 * 59_000


def test_a_sum_that_was_chosen_is_saved_until_its_last_month() -> None:
    told = of(chosen=200_000, chosen_until=Month(2026, 2), this_year=())
    assert [(year.months, year.contributions) for year in told.years[:3]] == [
        (9, 9 * 200_000), (2, 2 * 200_000), (0, 0),
    ]  # fmt: skip
    over = of(chosen=200_000, chosen_until=Month(2025, 3), this_year=())
    assert over.years[0].months == 0


def test_a_sum_without_a_last_month_is_saved_to_the_end_and_never_grows() -> None:
    told = of(chosen=50_000, this_year=())
    assert [year.contributions for year in told.years[1:21]] == [600_000] * 20
    assert told.years[-1].contributions == 4 * 50_000  # up to the month before the birthday


def test_what_is_saved_alone_brings_no_pension() -> None:
    told = of(income=5_000_000, chosen=50_000)
    assert (told.pension, told.pension_months) == (None, 0)
    assert "no_pension" in told.notes


def test_more_saved_never_gives_less() -> None:
    sums = [
        of(income=income, chosen=chosen).old_age.future
        for income, chosen in ((0, 0), (1_000_000, 0), (3_000_000, 0), (3_000_000, 50_000))
    ]
    assert sums == sorted(set(sums))
