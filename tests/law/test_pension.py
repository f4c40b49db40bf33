"""The pension programme beside its cases: how its bounds move, deferral, the lump sum, and what always holds."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.bounded import bounded

from lumbung.errors import Refusal
from lumbung.law import pension
from lumbung.law.derivation import recomputed, walk
from lumbung.law.errors import BadAmount, BadCount, BadInput, NotYetInForce, Unknown
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionYear


def published(name: str) -> dict[int, int]:
    """The published values by the year of their March."""
    return {value.start.year: value.whole() for value in parameter(name).values if value.content is not None}


CAPS, MINIMA, MAXIMA = published("pension_wage_cap"), published("pension_minimum"), published("pension_maximum")


@pytest.mark.parametrize("year", sorted(CAPS)[1:])
def test_each_published_cap_follows_from_the_one_before(year: int) -> None:
    step = pension.next_wage_cap(CAPS[year - 1], year)
    assert step.value == CAPS[year]
    assert all(recomputed(each) == each.value for each in walk(step))


@pytest.mark.parametrize("year", sorted(MINIMA)[1:])
@pytest.mark.parametrize("bounds", [MINIMA, MAXIMA], ids=["minimum", "maximum"])
def test_each_published_bound_follows_from_the_one_before(bounds: dict[int, int], year: int) -> None:
    step = pension.next_bound(bounds[year - 1], year)
    assert step.value == bounds[year]
    assert all(recomputed(each) == each.value for each in walk(step))


def test_every_year_since_the_beginning_is_published() -> None:
    assert sorted(CAPS) == sorted(MINIMA) == sorted(MAXIMA) == list(range(2015, 2027))


def test_the_next_values_wait_for_the_year_to_end() -> None:
    for move, value in ((pension.next_wage_cap, CAPS[2026]), (pension.next_bound, MINIMA[2026])):
        with pytest.raises(Unknown):
            move(value, 2027)
        with pytest.raises(NotYetInForce):
            move(value, 2015)
        assert move(value, 2027, 0).value == value


def test_caps_are_rounded_down_and_bounds_up() -> None:
    assert pension.next_wage_cap(10_000_000, 2027, "5.0019").value == 10_500_100
    assert pension.next_wage_cap(10_000_000, 2027, "5.0009").value == 10_500_000
    assert pension.next_wage_cap(8_939_700, 2021).value == 8_754_600  # the economy shrank
    assert pension.next_bound(400_000, 2027, "1.0001").value == 404_100
    assert pension.next_bound(400_000, 2027, "1").value == 404_000


def test_bounds_go_up_to_the_fifty_until_2022_and_to_the_hundred_from_2023() -> None:
    assert pension.next_bound(331_000, 2022, "0.01").value == 331_050
    assert pension.next_bound(331_000, 2023, "0.01").value == 331_100


@pytest.mark.parametrize("bad", [0, -1, "7000000", Decimal(7), True, None])
def test_only_a_whole_amount_moves(bad: object) -> None:
    for move in (pension.next_wage_cap, pension.next_bound):
        with pytest.raises(BadAmount):
            move(bad, 2020)  # type: ignore[arg-type]


def test_a_pension_moves_with_the_prices_of_the_year_before() -> None:
    assert pension.next_year(1_000_000, "1.57") == 1_015_700
    assert pension.next_year(1_000_050, "1.57") == 1_015_751  # 1,015,750.785
    assert pension.next_year(100, "0.5") == 101  # half a rupiah goes up
    assert pension.next_year(1_000_000, -1) == 990_000


def test_who_still_works_may_put_the_pension_off_for_three_years() -> None:
    assert pension.age(date(1965, 7, 16)).deferred_until == date(2026, 7, 16)
    assert pension.age(date(1964, 2, 29)).deferred_until == date(2024, 3, 1)
    assert pension.age(date(1959, 7, 1)).deferred_until == date(2018, 7, 1)


def test_the_right_begins_after_the_birthday_and_the_age_is_the_one_in_force() -> None:
    for day in range(date(1959, 7, 1).toordinal(), date(1985, 1, 1).toordinal(), 97):
        born = date.fromordinal(day)
        when = pension.age(born)
        assert parameter("pension_age").at(when.reached_on).whole() == when.age
        assert when.right_from > when.reached_on > when.last_enrolment_month.last_day
        assert (when.right_from - when.reached_on).days <= 31


def test_the_pension_age_never_falls_for_who_is_younger() -> None:
    ages = [pension.age(date(year, month, 1)).age for year in range(1960, 1990) for month in (1, 6, 12)]
    assert ages == sorted(ages)
    assert (ages[0], ages[-1]) == (56, 65)


def test_a_lump_sum_is_paid_from_the_next_month_on() -> None:
    paid = pension.lump_sum(contributions=3_000_000, development=250_000, happened_on=date(2025, 12, 5))
    assert (paid.amount, paid.payable_from) == (3_250_000, date(2026, 1, 1))
    assert pension.lump_sum(contributions=0, development=0, happened_on=date(2025, 1, 31)).amount == 0
    with pytest.raises(BadInput):
        pension.lump_sum(contributions=-1, development=0, happened_on=date(2025, 1, 31))


YEAR = PensionYear(2024, 12, 6_000_000, 10_042_300)


def test_a_disability_that_counts_as_fifteen_years_has_the_average_of_the_years_paid() -> None:
    short = pension.benefit(years=[YEAR], inflation={2024: 0}, retires=2025)
    counted = pension.benefit(years=[YEAR], inflation={2024: 0}, retires=2025, months_counted=180)
    assert (short.average, short.monthly) == (6_000_000, 60_000)
    assert (counted.average, counted.monthly) == (6_000_000, 900_000)
    with pytest.raises(BadCount):
        pension.benefit(years=[YEAR], inflation={2024: 0}, retires=2025, months_counted=11)


def test_children_share_what_one_child_has() -> None:
    one, two, three = (pension.survivor(benefit=1_000_001, heir="child", children=n) for n in (1, 2, 3))
    assert one.monthly == two.monthly == three.monthly == 500_001
    assert (one.shared_by, two.shared_by, three.shared_by) == (1, 2, 2)
    assert pension.survivor(benefit=1_000_001, heir="child").shared_by == 1
    assert pension.survivor(benefit=1_000_001, heir="spouse", children=2).shared_by == 1


def test_the_day_of_the_event_chooses_the_rule() -> None:
    on = date(2015, 7, 1)
    assert pension.kind(cause="death", months_paid=12, months_since_enrolment=12, day=on).kind == "periodic"
    assert pension.survivor(benefit=100, heir="parent", day=on).monthly == 20
    with pytest.raises(NotYetInForce):
        pension.kind(cause="age", months_paid=180, day=date(2015, 6, 30))
    with pytest.raises(NotYetInForce):
        pension.survivor(benefit=100, heir="parent", day=date(2015, 6, 30))


rows = st.builds(
    PensionYear,
    year=st.integers(2015, 2024),
    months=st.integers(1, 12),
    wage=st.integers(0, 50_000_000),
    cap=st.integers(1, 12_000_000),
)
years = st.lists(rows, min_size=1, max_size=10, unique_by=lambda row: row.year)
rates = st.fixed_dictionaries(
    {year: st.decimals("-5", "20", places=2) for year in range(2015, 2025)}  # type: ignore[misc]
)


@bounded
@given(years, rates)
def test_a_pension_is_recomputed_from_its_parts_and_its_order_says_nothing(
    told: list[PensionYear], inflation: dict[int, Decimal]
) -> None:
    benefit = pension.benefit(years=told, inflation=inflation, retires=2025, day=date(2025, 3, 1))
    assert all(recomputed(step) == step.value for step in walk(benefit.derivation))
    assert benefit.derivation.value == benefit.payable
    assert benefit.payable is not None
    assert MINIMA[2025] <= benefit.payable <= MAXIMA[2025]
    turned = pension.benefit(years=told[::-1], inflation=inflation, retires=2025)
    assert (turned.monthly, turned.average, turned.weighted[::-1]) == (
        benefit.monthly,
        benefit.average,
        benefit.weighted,
    )
    months = sum(row.months for row in told)
    assert abs(benefit.monthly - Fraction(months, 1200) * benefit.average) <= Fraction(1, 2)
    assert min(benefit.weighted) <= benefit.average <= max(benefit.weighted)


@bounded
@given(years, rates, st.integers(1, 5_000_000))
def test_a_higher_wage_never_lowers_a_pension(
    told: list[PensionYear], inflation: dict[int, Decimal], more: int
) -> None:
    first, *others = told
    raised = [PensionYear(first.year, first.months, first.wage + more, first.cap), *others]
    before, after = (pension.benefit(years=each, inflation=inflation, retires=2025) for each in (told, raised))
    assert after.monthly >= before.monthly


@bounded
@given(st.sampled_from(pension.CAUSES), st.integers(0, 500), st.integers(0, 500))
def test_a_month_more_never_loses_a_pension(cause: str, paid: int, since: int) -> None:
    here, more = (
        pension.kind(cause=cause, months_paid=months, months_since_enrolment=since) for months in (paid, paid + 1)
    )
    assert not (here.kind == "periodic" and more.kind == "lump_sum")
    assert here.months_counted >= paid
    assert (here.kind == "periodic") == (here.months_counted >= 180)
    assert all(recomputed(step) == step.value for step in walk(here.derivation))


NAMED: list[tuple[Callable[[], object], str]] = [
    (lambda: pension.next_year(-1, 1), "monthly must be whole rupiah from 0"),
    (lambda: pension.next_year(1, -100), "inflation must be a percentage from -99"),
    (lambda: pension.lump_sum(contributions=-1, development=0, happened_on=date(2025, 1, 1)), "contributions"),
    (lambda: pension.lump_sum(contributions=0, development=-1, happened_on=date(2025, 1, 1)), "development must"),
    (lambda: pension.next_wage_cap(0, 2024, 1), "previous must be rupiah from 1 to 1000000000000000"),
    (lambda: pension.next_wage_cap(1, 2024, -100), "economic_growth must be a percentage"),
    (lambda: pension.next_bound(1, 2024, -100), "inflation must be a percentage"),
    (lambda: pension.next_bound("1", 2024), "previous must be"),  # type: ignore[arg-type]
    (lambda: pension.survivor(benefit=1, heir="child", children=0),
     "The rule survivor_pension has no answer for children 0; it knows one child and more"),
    (lambda: pension.survivor(benefit=1, heir="child", children=101), "children must be a whole number from 0"),
    (lambda: pension.survivor(benefit=1, heir="aunt"), "heir must be one of child, parent, spouse; aunt is none"),
    (lambda: pension.kind(cause="flood", months_paid=1), "cause must be one of age, death, disability; flood is"),
    (lambda: pension.kind(cause="age", months_paid=1201), "months_paid must be a whole number from 0 to 1200"),
    (lambda: pension.kind(cause="death", months_paid=1), "months_since_enrolment is missing"),
    (lambda: pension.kind(cause="age", months_paid=1, months_since_enrolment=1201), "months_since_enrolment must"),
    (lambda: pension.benefit(years=[], inflation={}, retires=2025), "years is missing"),
    (lambda: pension.benefit(years=[YEAR], inflation={}, retires=2025), "inflation of 2024 is missing"),
    (lambda: pension.benefit(years=[YEAR], inflation={}, retires=2023), "retires can't lie before year 2024"),
    (lambda: pension.benefit(years=[YEAR, PensionYear(2024, 1, 1, 1)], inflation={2024: 0}, retires=2025),
     "The months of 2024 come to more than 12"),
    (lambda: pension.benefit(years=[PensionYear(2024, 0, 1, 1)], inflation={2024: 0}, retires=2025),
     "months must be a whole number from 1 to 1200"),
    (lambda: pension.benefit(years=[YEAR], inflation={2024: 0}, retires=2025, months_counted=1201),
     "months_counted must be a whole number from 12 to 1200"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "told"), NAMED)
def test_what_can_not_be_used_is_named_with_its_bounds(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(Refusal) as refused:
        ask()
    assert str(refused.value).startswith(told)


def test_a_wage_of_the_year_of_retirement_has_no_inflation_yet() -> None:
    told = pension.benefit(years=[PensionYear(2025, 3, 6_000_000, 5_000_000)], inflation={}, retires=2025)
    assert (told.indices, told.weighted, told.average) == ((1,), (5_000_000,), 5_000_000)


def test_a_change_is_told_as_published_or_as_assumed() -> None:
    published, assumed = pension.next_wage_cap(10_042_300, 2025), pension.next_wage_cap(10_042_300, 2025, "5.03")
    assert published.whole == assumed.whole == 10_547_400
    assert published.find("economic_growth").operation == "parameter"
    assert assumed.find("economic_growth").operation == "given"
    assert pension.next_bound(1_000, 2024, 0).whole == 1_000
    assert (assumed.name, assumed.find("moved").name, assumed.find("factor").value) == (
        "pension_wage_cap", "moved", 1 + Fraction("0.0503"))  # fmt: skip
    assert pension.next_bound(1, 2024, 1).name == "pension_bound"


def test_a_pension_lies_within_the_bounds_of_its_day_only_when_a_day_is_given() -> None:
    inside = pension.benefit(years=[YEAR], inflation={2024: 0}, retires=2025, day=date(2025, 3, 1))
    assert (inside.monthly, inside.payable) == (60_000, MINIMA[2025])
    assert pension.benefit(years=[YEAR], inflation={2024: 0}, retires=2025).payable is None


def test_programs_find_the_steps_by_their_names() -> None:
    counted = pension.benefit(years=[YEAR], inflation={2024: 0}, retires=2025, months_counted=180)
    assert counted.derivation.find("months").value == 180
    lump = pension.lump_sum(contributions=3, development=4, happened_on=date(2025, 1, 31)).derivation
    assert [(step.name, step.value) for step in walk(lump)] == [
        ("amount", 7),
        ("contributions", 3),
        ("development", 4),
    ]
    moved = pension.next_bound(100, 2024, 1)
    assert [step.name for step in walk(moved)] == [
        "pension_bound", "moved", "previous", "factor", "one", "inflation", "pension_bound_step",
    ]  # fmt: skip
