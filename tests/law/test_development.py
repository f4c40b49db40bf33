"""Development: linear, monotone, rounded once, and equal to a second computation in exact fractions."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.law.development import development, plan
from lumbung.law.errors import BadInput, OutsideYear
from lumbung.law.inputs import half_up
from lumbung.law.month import Month

from .bounded import bounded

rates = st.decimals(0, 30, places=3)
amounts = st.integers(-5_000_000, 5_000_000)
openings = st.integers(0, 10**12)
entries = st.lists(st.tuples(st.integers(1, 12).map(lambda month: Month(2024, month)), amounts), max_size=30)


def nearest(exact: Fraction) -> int:
    """Half-up by counting, apart from the law's own rounding: away from zero at a half."""
    below = abs(exact).__floor__()
    size = below + (abs(exact) - below >= Fraction(1, 2))
    return size if exact >= 0 else -size


@bounded
@given(openings, rates, entries)
def test_an_account_agrees_with_a_walk_through_its_months(
    opening: int, rate: Decimal, given_entries: list
) -> None:
    """The balance held at the end of each month earns a twelfth of the rate, not yet added to the balance."""
    held, earned = Fraction(opening), Fraction(0)
    for number in range(1, 13):
        held += sum(amount for month, amount in given_entries if month.month == number)
        earned += held * Fraction(rate) / 100 / 12
        if all(month.month <= number for month, _ in given_entries):
            found = development(opening=opening, rate=rate, contributions=given_entries, until=Month(2024, number))
            assert (found.development, found.closing) == (nearest(earned), held + nearest(earned))


@bounded
@given(openings, rates, entries, st.integers(-3, 3))
def test_development_is_linear_up_to_rounding(
    opening: int, rate: Decimal, given_entries: list, factor: int
) -> None:
    once = development(opening=opening, rate=rate, contributions=given_entries).development
    often = development(
        opening=opening * abs(factor),
        rate=rate,
        contributions=[(month, amount * abs(factor)) for month, amount in given_entries],
    ).development
    assert abs(often - once * abs(factor)) <= abs(factor)


@bounded
@given(openings, rates, entries, st.integers(0, 10**9), st.integers(1, 12))
def test_more_money_and_earlier_money_never_earn_less(
    opening: int, rate: Decimal, given_entries: list, more: int, month: int
) -> None:
    def earned(entries: list) -> int:
        return development(opening=opening, rate=rate, contributions=entries).development

    results = [earned([*given_entries, (Month(2024, number), more)]) for number in range(month, 0, -1)]
    assert earned(given_entries) <= results[0]
    assert all(later <= earlier for later, earlier in pairwise(results))


@bounded
@given(openings, rates, rates)
def test_a_higher_rate_never_earns_less(opening: int, one: Decimal, other: Decimal) -> None:
    low, high = (development(opening=opening, rate=rate).development for rate in sorted((one, other)))
    assert 0 <= low <= high


@bounded
@given(amounts, rates)
def test_a_reversal_mirrors_what_it_reverses(amount: int, rate: Decimal) -> None:
    there = development(opening=0, rate=rate, contributions=[(Month(2024, 5), amount)])
    back = development(opening=0, rate=rate, contributions=[(Month(2024, 5), -amount)])
    assert (back.development, back.closing) == (-there.development, -there.closing)


@bounded
@given(st.fractions(-(10**9), 10**9, max_denominator=1000))
def test_half_up_is_the_nearest_whole_number(exact: Fraction) -> None:
    assert half_up(exact) == nearest(exact)


@bounded
@given(st.integers(0, 50_000_000), st.integers(0, 45), st.integers(0, 20), rates, openings)
def test_a_plan_agrees_with_payments_followed_one_by_one(
    wage: int, years: int, idle: int, rate: Decimal, opening: int
) -> None:
    share = Fraction(rate) / 100
    monthly = nearest(wage * Fraction(37, 1000)) + nearest(wage * Fraction(20, 1000))
    end = years + idle
    in_first_year = sum(1 + share * Fraction(13 - month, 12) for month in range(1, 13))
    closing = opening * (1 + share) ** end + sum(
        monthly * in_first_year * (1 + share) ** (end - year) for year in range(1, years + 1)
    )
    found = plan(wage=wage, years=years, rate=rate, opening=opening, idle_years=idle)
    assert (found.contributions, found.closing) == (12 * years * monthly, nearest(closing))
    assert found.development == found.closing - found.contributions - opening


def root_twelve(exact: Fraction) -> Fraction:
    """The twelfth root to 40 places by bisection in whole numbers."""
    scale = 10**40
    target, low, high = exact.numerator * scale**12, 0, 2 * scale
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**12 * exact.denominator <= target else (low, middle)
    return Fraction(low, scale)


@bounded
@given(st.integers(0, 50_000_000), st.integers(0, 20), st.integers(0, 10), rates, openings)
def test_the_ministrys_plan_agrees_with_roots_in_whole_numbers(
    wage: int, years: int, idle: int, rate: Decimal, opening: int
) -> None:
    growth = 1 + Fraction(rate) / 100
    step = root_twelve(growth)
    monthly = nearest(wage * Fraction(37, 1000)) + nearest(wage * Fraction(20, 1000))
    within_year = sum(step**months for months in range(1, 13))
    closing = opening * growth ** (years + idle) + sum(
        monthly * within_year * growth ** (years + idle - year) for year in range(1, years + 1)
    )
    found = plan(wage=wage, years=years, rate=rate, opening=opening, idle_years=idle, convention="ministry")
    assert found.contributions == 12 * years * monthly
    certain = abs(closing - closing.__floor__() - Fraction(1, 2)) > Fraction(1, 10**15)
    assert found.closing == nearest(closing) or not certain
    assert abs(found.closing - closing) <= Fraction(1, 2) + Fraction(1, 10**15)


@bounded
@given(st.integers(0, 50_000_000), st.integers(1, 40), rates)
def test_the_two_conventions_differ_by_little(wage: int, years: int, rate: Decimal) -> None:
    simulator = plan(wage=wage, years=years, rate=rate)
    ministry = plan(wage=wage, years=years, rate=rate, convention="ministry")
    assert simulator.contributions == ministry.contributions
    assert ministry.closing - 1 <= simulator.closing <= ministry.closing * Fraction(102, 100) + 1


def test_the_largest_plan_is_computed_and_not_an_accident() -> None:
    found = plan(wage=10**15, years=100, rate=100, opening=10**15, idle_years=100, convention="ministry")
    assert found.closing > 10**70
    assert found.closing == found.contributions + found.development + 10**15


@pytest.mark.parametrize(
    "given_input",
    [
        {"opening": -1},
        {"opening": True},
        {"opening": 1.0},
        {"opening": "1.5"},
        {"rate": -1},
        {"rate": "5%"},
        {"rate": 5.0},
        {"rate": Decimal("NaN")},
        {"rate": 101},
        {"rate": None},
        {"contributions": [(Month(2024, 1), 0.5)]},
        {"contributions": [("2024-13", 5)]},
        {"until": "2024-13"},
    ],
)
def test_bad_inputs_of_a_development_are_refused(given_input: dict) -> None:
    with pytest.raises(BadInput):
        development(**{"opening": 1000, "rate": 5, **given_input})


@pytest.mark.parametrize(
    ("months", "until"),
    [
        ([Month(2024, 1), Month(2025, 1)], None),
        ([Month(2024, 6)], Month(2024, 5)),
        ([Month(2024, 6)], Month(2025, 6)),
        ([Month(2024, 6)], Month(2023, 12)),
    ],
)
def test_one_development_is_one_year(months: list[Month], until: Month | None) -> None:
    with pytest.raises(OutsideYear):
        development(opening=0, rate=5, contributions=[(month, 1) for month in months], until=until)


@pytest.mark.parametrize(
    "given_input",
    [
        {"wage": -1},
        {"years": -1},
        {"years": 101},
        {"years": True},
        {"years": "1.5"},
        {"idle_years": 101},
        {"convention": "bank"},
        {"rate": "five"},
        {"opening": -1},
    ],
)
def test_bad_inputs_of_a_plan_are_refused(given_input: dict) -> None:
    with pytest.raises(BadInput):
        plan(**{"wage": 1000, "years": 5, "rate": 5, **given_input})
