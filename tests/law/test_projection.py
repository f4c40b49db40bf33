"""Projections: the law's own figures carried forward, right at the edges, monotonic, and never an exception."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lumbung.law import development, pension
from lumbung.law.contributions import assess, pension_shares
from lumbung.law.derivation import recomputed, walk
from lumbung.law.errors import BadInput, BadPercent, OutsideYear, WrongOrder
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionYear
from lumbung.law.projection import (
    NOTES,
    SCENARIOS,
    Assumptions,
    Projection,
    Record,
    assumptions,
    changeable,
    project,
)

from .bounded import bounded

TODAY = date(2025, 3, 10)
MIDDLE = assumptions("middle")
FLAT = assumptions("middle", wage_growth=0, inflation=0)
FIVE_YEARS = [PensionYear(2020 + n, 12, 5_000_000, 9_000_000) for n in range(5)]
MEMBER = Record(
    born=date(1990, 5, 17), wage=6_000_000, old_age_opening=20_000_000, this_year=[(Month(2025, 2), 342_000)],
    pension_years=FIVE_YEARS, pension_paid=9_000_000,
)  # fmt: skip


def of(
    today: date = TODAY, assumed: Assumptions = MIDDLE, stops_work: date | None = None, **record: Any
) -> Projection:
    return project(replace(MEMBER, **record), today=today, assumed=assumed, stops_work=stops_work)


@pytest.mark.parametrize("years", [1, 2, 7, 30])
@pytest.mark.parametrize("rate", ["0", "5", "5.7"])
def test_a_constant_wage_comes_to_what_the_plan_says(years: int, rate: str) -> None:
    """Whole years from January on: a plan rounds at its end, a member's account every year (half a rupiah)."""
    told = project(
        Record(born=date(2026 + years - 56, 1, 1), wage=5_000_001, old_age_opening=1_234_567),
        today=date(2025, 12, 31),
        assumed=replace(FLAT, development=Decimal(rate)),
    )
    plan = development.plan(wage=5_000_001, years=years, rate=rate, opening=0)
    grown = development.plan(wage=0, years=0, rate=rate, opening=1_234_567, idle_years=years + 1)
    assert told.old_age.day == date(2026 + years, 1, 1)
    assert sum(year.months for year in told.years) == 12 * years
    assert sum(year.contributions for year in told.years) == plan.contributions
    tolerance = (
        0 if rate == "0" else float(sum(Fraction(1, 2) * (1 + Fraction(rate) / 100) ** n for n in range(32)))
    )
    assert abs(told.old_age.future - plan.closing - grown.closing) <= (tolerance if years > 1 else 2)


def test_one_year_is_the_plan_to_the_rupiah() -> None:
    told = project(Record(born=date(1971, 1, 1), wage=5_000_000), today=date(2025, 12, 31), assumed=FLAT)
    assert told.old_age.future == development.plan(wage=5_000_000, years=1, rate="5").closing


def test_each_year_is_the_laws_own_development() -> None:
    told = of()
    balance = MEMBER.old_age_opening
    for year in told.years:
        last = 4 if year.year == 2046 else 12
        owed = assess(wage=year.wage, month=Month(2025, 4), risk_class="I", programmes=frozenset({"JHT"})).total
        amounts = [(Month(2025, 2), 342_000)] if year.year == 2025 else []
        first = 4 if year.year == 2025 else 1
        amounts += [(Month(year.year, month), owed) for month in range(first, last + 1)]
        result = development.development(
            opening=balance, rate=MIDDLE.development, contributions=amounts, until=Month(year.year, last)
        )
        assert (year.development, year.balance) == (result.development, result.closing)
        assert (year.months, year.contributions) == (last - first + 1, sum(amount for _, amount in amounts))
        balance = result.closing
    assert told.old_age.future == balance


@pytest.mark.parametrize(
    ("born", "day", "last_year", "months"),
    [
        (date(1970, 5, 17), date(2026, 5, 17), 2026, 9 + 4),
        (date(1970, 5, 1), date(2026, 5, 1), 2026, 9 + 4),  # the month of the birthday is never whole
        (date(1970, 5, 31), date(2026, 5, 31), 2026, 9 + 4),
        (date(1970, 1, 1), date(2026, 1, 1), 2026, 9),
        (date(1970, 1, 31), date(2026, 1, 31), 2026, 9),
        (date(1969, 12, 31), date(2025, 12, 31), 2025, 8),
        (date(1972, 2, 29), date(2028, 2, 29), 2028, 9 + 24 + 1),
        (date(1969, 4, 1), date(2025, 4, 1), 2025, 0),
        (date(1969, 3, 11), date(2025, 3, 11), 2025, 0),  # tomorrow
        (date(1969, 3, 10), TODAY, 2025, 0),  # today
        (date(1961, 8, 9), TODAY, 2025, 0),
    ],
)
def test_old_age_months_at_the_edges(born: date, day: date, last_year: int, months: int) -> None:
    told = of(born=born)
    assert (told.old_age.day, told.years[-1].year) == (day, last_year)
    assert sum(year.months for year in told.years) == months
    assert ("old_age_now" in told.notes) == (day <= TODAY)


@pytest.mark.parametrize(
    ("born", "begins", "months"),
    [
        (date(1970, 5, 17), date(2030, 6, 1), 60 + 9 + 4 * 12 + 4),  # 60 in May 2030
        (date(1970, 5, 1), date(2030, 6, 1), 60 + 9 + 4 * 12 + 4),
        (date(1970, 1, 31), date(2030, 2, 1), 60 + 9 + 4 * 12),
        (date(1968, 2, 29), date(2027, 4, 1), 60 + 9 + 12 + 2),  # 59 on 1 March 2027
        (date(1968, 12, 31), date(2028, 1, 1), 60 + 9 + 12 + 11),  # 59 on the last day of 2027
        (date(1969, 1, 1), date(2029, 2, 1), 60 + 9 + 3 * 12),  # not 59 before 2028: 60 in January 2029
    ],
)
def test_pension_months_at_the_edges(born: date, begins: date, months: int) -> None:
    told = of(born=born)
    assert begins == pension.age(born).right_from
    assert (told.pension_from, told.pension_months) == (begins, months)


def test_29_february_has_its_birthday_in_march_of_a_common_year() -> None:
    assert of(today=date(2025, 3, 1), born=date(1969, 3, 1), this_year=()).old_age.day == date(2025, 3, 1)
    told = of(born=date(2004, 2, 29))
    assert told.old_age.day == date(2060, 2, 29)
    assert told.pension_from == date(2069, 4, 1)  # 65 on 1 March 2069


@pytest.mark.parametrize(
    ("stops", "months"),
    [(date(2025, 3, 31), 0), (date(2020, 1, 1), 0), (date(2025, 4, 1), 1), (date(2025, 12, 31), 9), (None, 254)],
)
def test_the_month_of_the_last_day_of_work_is_the_last_one_paid(stops: date | None, months: int) -> None:
    told = of(stops_work=stops, born=date(1990, 6, 17))
    assert sum(year.months for year in told.years) == months
    if stops is not None:
        assert told.pension_months == 60 + months
    assert told.old_age.day == date(2046, 6, 17)


def test_money_that_came_in_the_month_of_the_close_earns_nothing() -> None:
    asked: dict[str, Any] = {"born": date(1969, 3, 20), "old_age_opening": 12_000_000}
    assumed = replace(MIDDLE, development=Decimal(6))
    told = of(**asked, this_year=[(Month(2025, 3), 500_000)], assumed=assumed)
    assert told.old_age.future == 12_000_000 + 120_000 + 500_000
    in_january = of(
        **{**asked, "born": date(1969, 1, 20)},
        this_year=[(Month(2025, 1), 7)],
        today=date(2025, 1, 5),
        assumed=assumed,
    )
    assert (in_january.old_age.future, in_january.old_age.day) == (12_000_007, date(2025, 1, 20))


def test_who_is_past_56_gets_a_pension_answer_too() -> None:
    told = of(born=date(1967, 6, 15))
    assert told.notes[0] == "old_age_now"
    assert told.old_age.day == TODAY
    assert (told.pension_from, told.pension_kind) == (date(2026, 7, 1), "lump_sum")
    assert told.pension_months == 60 + 9 + 5


def test_a_lump_sum_adds_what_was_and_will_be_paid_and_says_what_is_left_out() -> None:
    told = of(born=date(1967, 6, 15), assumed=FLAT)
    assert told.pension is not None
    assert told.pension.future == 9_000_000 + 14 * pension_shares(6_000_000)
    assert "lump_sum" in told.notes
    assert "left out" in NOTES["lump_sum"]


def test_wages_above_the_cap_count_up_to_the_cap_of_their_month() -> None:
    told = of(born=date(1967, 6, 15), wage=50_000_000, today=date(2025, 12, 31), assumed=FLAT, this_year=())
    assert told.pension is not None
    caps = [parameter("pension_wage_cap").at(date(2026, month, 1)).whole() for month in range(1, 6)]
    assert caps[1] < caps[2]
    assert told.pension.future == 9_000_000 + sum(map(pension_shares, caps))


def test_a_pension_is_the_laws_formula_on_the_years() -> None:
    """Fifteen years on one wage without inflation and within the bounds: 15 % of it."""
    had = [PensionYear(2015 + n, 12, 6_000_000, 9_000_000) for n in range(10)]
    told = of(
        born=date(1973, 1, 1), today=date(2024, 12, 31), pension_years=had, this_year=(), wage=6_000_000,
        assumed=assumptions("middle", wage_growth=0, inflation=0, economic_growth=0),
        stops_work=date(2029, 12, 31),
    )  # fmt: skip
    assert (told.pension_kind, told.pension_months) == ("periodic", 180)
    assert told.pension is not None
    prices = {year: parameter("inflation").at(date(year, 1, 1)).content for year in range(2015, 2026)}
    years = [PensionYear(2015 + n, 12, 6_000_000, 9_000_000) for n in range(15)]
    retires = pension.age(date(1973, 1, 1)).reached_on.year
    expected = pension.benefit(
        years=years, inflation={**dict.fromkeys(range(2026, retires), 0), **prices}, retires=retires
    )
    assert told.pension.derivation.find("monthly").value == expected.monthly
    assert told.pension.future == expected.monthly
    assert "bounds_moved" in told.notes


def test_a_pension_that_runs_is_moved_by_published_inflation() -> None:
    """Sixteen years until 2030; every rate from 2026 on is the assumed one."""
    had = [PensionYear(2015 + n, 12, 6_000_000, 9_000_000) for n in range(16)]
    asked: dict[str, Any] = {
        "born": date(1970, 5, 17),
        "pension_years": had,
        "this_year": (),
        "old_age_opening": 0,
    }
    begins = of(**asked, today=date(2031, 6, 1), assumed=MIDDLE)
    later = of(**asked, today=date(2033, 1, 15), assumed=MIDDLE)
    assert begins.pension is not None
    assert later.pension is not None
    assert {"pension_runs", "old_age_now"} <= set(begins.notes)
    assert begins.pension.future == begins.pension.today
    assert later.pension.day == date(2033, 1, 15)
    moved = pension.next_year(pension.next_year(begins.pension.future, MIDDLE.inflation), MIDDLE.inflation)
    assert later.pension.future == moved


def test_bounds_hold_until_march() -> None:
    """Born in December and in January: the right begins in January, under last year's bounds, and in February."""
    had = [PensionYear(2015 + n, 12, 1_000, 9_000_000) for n in range(10)]
    low = [
        of(born=born, pension_years=had, wage=1_000, old_age_opening=0, this_year=())
        for born in (date(1979, 12, 5), date(1980, 1, 5), date(1980, 2, 5))
    ]
    smallest = [told.pension.future for told in low if told.pension is not None]
    assert smallest[0] == smallest[1] < smallest[2]


def test_without_a_wage_nothing_is_paid_and_no_month_counts() -> None:
    told = of(wage=0, this_year=())
    assert sum(year.months + year.contributions for year in told.years) == 0
    assert told.pension_months == 60
    nothing = of(wage=0, pension_years=(), pension_paid=0, this_year=())
    assert (nothing.pension, nothing.pension_kind, "no_pension" in nothing.notes) == (None, None, True)
    assert of(in_pension=False).pension_months == 60


def test_who_was_too_old_for_the_programme_gets_no_pension_and_no_error() -> None:
    told = of(born=date(1959, 6, 30))
    assert (told.pension, told.pension_from, told.pension_months) == (None, None, 0)
    assert "too_old_for_pension" in told.notes
    assert of(born=date(1959, 7, 1)).pension_from == date(2015, 8, 1)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_assumptions_can_be_seen_and_each_be_changed(scenario: str) -> None:
    kept = assumptions(scenario)
    assert assumptions(scenario, inflation=None) == kept
    for name in ("wage_growth", "inflation", "economic_growth", "development"):
        changed = assumptions(scenario, **{name: "7.25"})
        assert changed == replace(kept, **{name: Decimal("7.25")})


@pytest.mark.parametrize(
    ("name", "rate"),
    [("inflation", "21"), ("inflation", "-11"), ("development", "-1"), ("wage_growth", 2.5)],
)
def test_an_assumption_beyond_reason_is_refused(name: str, rate: object) -> None:
    with pytest.raises(BadPercent):
        assumptions("low", **{name: rate})


@pytest.mark.parametrize(
    ("record", "refusal"),
    [
        ({"born": date(2025, 3, 11)}, WrongOrder),
        ({"wage": -1}, BadInput),
        ({"old_age_opening": "1.5"}, BadInput),
        ({"this_year": [(Month(2024, 12), 1)]}, OutsideYear),
        ({"this_year": [(Month(2025, 4), 1)]}, OutsideYear),
        ({"pension_years": [PensionYear(2014, 12, 1, 1)]}, BadInput),
        ({"pension_years": [PensionYear(2026, 12, 1, 1)]}, BadInput),
        ({"pension_years": [PensionYear(2024, 13, 1, 1)]}, BadInput),
        ({"pension_paid": -1}, BadInput),
        ({"in_pension": 1}, BadInput),
    ],
)
def test_a_record_that_can_not_be_is_refused(record: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        of(**record)


QUICK = [Phase.explicit, Phase.generate]  # each try takes long: a failure is told as it is found
RATES = st.integers(-1000, 2000).map(lambda basis: Decimal(basis) / 100)
ASSUMED = st.builds(Assumptions, RATES, RATES, RATES, RATES.map(abs))
YEARS: st.SearchStrategy[Sequence[PensionYear]] = st.lists(
    st.builds(PensionYear, st.integers(2015, 2025), st.integers(0, 12), st.integers(0, 10**8), st.just(9_000_000)),
    max_size=8,
    unique_by=lambda row: row.year,
)
RECORDS = st.builds(
    Record,
    born=st.dates(date(1945, 1, 1), TODAY),
    wage=st.integers(0, 10**8),
    old_age_opening=st.integers(0, 10**9),
    this_year=st.lists(
        st.tuples(st.builds(Month, st.just(2025), st.integers(1, 3)), st.integers(0, 10**7)), max_size=3
    ),
    pension_years=YEARS,
    pension_paid=st.integers(0, 10**8),
    in_pension=st.booleans(),
)
STOPS = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2090, 1, 1)))


@settings(bounded, max_examples=25, phases=QUICK)
@given(RECORDS, ASSUMED, STOPS)
def test_every_record_has_a_projection_that_follows_from_its_steps(
    record: Record, assumed: Assumptions, stops: date | None
) -> None:
    told = project(record, today=TODAY, assumed=assumed, stops_work=stops)
    for total in (told.old_age, told.pension):
        if total is None:
            continue
        assert all(recomputed(step) == step.value for step in walk(total.derivation))
        assert (total.derivation.value, total.day >= TODAY) == (total.today, True)
        assert total.today <= total.future or assumed.inflation < 0
    assert told.years[-1].balance == told.old_age.future
    assert set(told.notes) <= set(NOTES)
    assert (told.pension is None) == (told.pension_kind is None) == (told.pension_months == 0)


@settings(bounded, max_examples=15, phases=QUICK)
@given(RECORDS, ASSUMED, st.integers(1, 10**7))
def test_more_wage_and_a_higher_rate_never_give_less(record: Record, assumed: Assumptions, more: int) -> None:
    record = replace(record, wage=record.wage + 1)
    before = project(record, today=TODAY, assumed=assumed)
    wealthier = project(record, today=TODAY, assumed=assumed, wage=record.wage + more)
    assert wealthier.old_age.future >= before.old_age.future
    if before.pension is not None and wealthier.pension is not None:
        assert wealthier.pension.future >= before.pension.future
    earning = replace(assumed, development=min(assumed.development + 1, Decimal(20)))
    assert project(record, today=TODAY, assumed=earning).old_age.future >= before.old_age.future


def test_low_middle_and_high_stand_in_that_order() -> None:
    low, middle, high = (of(assumed=assumptions(scenario)) for scenario in SCENARIOS)
    assert low.old_age.today < middle.old_age.today < high.old_age.today
    assert [told.pension.today for told in (low, middle, high) if told.pension] == sorted(
        told.pension.today for told in (low, middle, high) if told.pension
    )


def test_a_derivation_grows_by_the_years_and_hands_each_balance_on() -> None:
    told = of(born=date(2024, 1, 1))
    tree = told.old_age.derivation
    assert sum(1 for _ in walk(tree)) < 60 * len(told.years)
    closings = [step for step in walk(tree) if step.name == "closing"]
    for later, earlier in pairwise(closings):
        assert later.children[0] is earlier
        assert later.children[-1].find("opening").value == earlier.value


def test_another_wage_is_the_record_with_that_wage() -> None:
    told = project(MEMBER, today=TODAY, assumed=MIDDLE, wage=9_000_000)
    assert told == of(wage=9_000_000)
    assert told != of()


def test_the_assumptions_that_can_be_changed_are_those_there_are() -> None:
    assert set(changeable()) == {"wage_growth", "economic_growth", "inflation", "development"}
    assert all(replace(MIDDLE, **{name: Decimal(1)}) != MIDDLE for name in changeable())


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"born": date(2025, 3, 11)}, "today can't lie before born"),
        ({"pension_years": [PensionYear(2024, 13, 1, 1)]}, "months must be a whole number from 0 to 12"),
        ({"pension_years": [PensionYear(2014, 1, 1, 1)]}, "year must be a whole number from 2015 to 2025"),
        ({"pension_years": [PensionYear(2024, 1, 1, 0)]}, "cap must be whole rupiah from 1 to"),
        ({"this_year": [(Month(2025, 2), "x")]}, "amount must be whole rupiah from -1000000000000000 to"),
        ({"old_age_opening": -1}, "old_age_opening must be whole rupiah from 0 to"),
        ({"pension_paid": -1}, "pension_paid must be whole rupiah from 0 to"),
        ({"in_pension": 1}, "in_pension must be true or false"),
    ],
)
def test_what_a_record_says_wrongly_is_named(record: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=f"^{told}"):
        of(**record)


def test_what_was_taken_out_this_year_lowers_the_balance() -> None:
    assert of(this_year=[(Month(2025, 2), -1_000_000)]).old_age.future < of(this_year=()).old_age.future


def test_months_after_the_last_of_enrolment_do_not_count() -> None:
    when = pension.age(date(1966, 12, 16))
    assert when.last_enrolment_month == Month(2024, 11)
    whole = [PensionYear(year, 12, 5_000_000, 9_559_600) for year in (2023, 2024, 2025)]
    told = of(today=date(2025, 12, 31), born=date(1966, 12, 16), pension_years=whole, this_year=())
    assert told.pension_months == 12 + 11


def test_months_paid_ahead_are_not_paid_twice() -> None:
    had, ahead = ([*FIVE_YEARS, PensionYear(2025, months, 6_000_000, 10_547_400)] for months in (3, 12))
    assert of(pension_years=had).pension_months == of(pension_years=ahead).pension_months


def test_bounds_are_moved_from_the_day_on_which_nobody_knows_them() -> None:
    unknown = parameter("pension_maximum").unknown_from()
    assert unknown == date(2027, 3, 1)
    had = [PensionYear(2015 + n, 12, 5_000_000, 9_000_000) for n in range(10)] + [
        PensionYear(2015 + n, 0, 1, 1) for n in range(10)
    ]
    for born, moved in ((date(1968, 2, 10), True), (date(1968, 1, 10), False)):
        told = of(born=born, pension_years=[*had, PensionYear(2025, 3, 1, 1)], this_year=())
        assert told.pension_from == date(2027, born.month + 1, 1)
        assert ("bounds_moved" in told.notes) == (moved and told.pension_kind == "periodic")


def test_things_may_fall_but_a_development_result_is_never_below_zero() -> None:
    falling = assumptions("middle", wage_growth=-1, inflation=-1, economic_growth=-1)
    assert (falling.wage_growth, falling.inflation, falling.economic_growth) == (-1, -1, -1)
    assert of(assumed=falling).years[-1].wage < MEMBER.wage
    with pytest.raises(BadPercent, match=r"^development must be a percentage from 0 to"):
        assumptions("middle", development=-1)


def test_a_sum_is_told_from_todays_prices_down() -> None:
    tree = of().old_age.derivation
    (exact,) = tree.children
    assert (tree.name, exact.name, exact.children[1].name) == ("today", "exact", "prices")
