"""Fines: nothing in time, more with every month that starts, and never compounding."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.law.due_dates import due_date
from lumbung.law.errors import BadInput, NotApplicable
from lumbung.law.fines import clauses, late_fine, started_months
from lumbung.law.month import Month, months_later

from .bounded import bounded

months = st.integers(0, 180).map(lambda count: Month(2015, 7) + count)
days = st.dates(date(2015, 7, 1), date(2035, 12, 31))
delays = st.integers(-60, 2500)


@bounded
@given(months, st.integers(0, 10**12), delays, st.booleans(), st.sampled_from(["PU", "BPU"]))
def test_a_second_way_to_count_agrees(month: Month, owed: int, delay: int, relief: bool, segment: str) -> None:
    due = due_date(segment, month, relief_covid=relief)
    paid_on = due + timedelta(days=delay)
    late = late_fine(segment=segment, month=month, owed=owed, paid_on=paid_on, relief_covid=relief)
    started = 0
    while paid_on > months_later(due, started):
        started += 1
    relieved = relief and Month(2020, 8) <= month <= Month(2021, 1)
    rate = Decimal(0) if segment == "BPU" else Decimal("0.005") if relieved else Decimal("0.02")
    exact = owed * rate * started
    assert (late.due, late.months_late) == (due, started)
    assert late.fine == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@bounded
@given(days, st.integers(1, 3000), st.integers(0, 400))
def test_a_later_payment_never_starts_fewer_months(due: date, delay: int, more: int) -> None:
    paid_on = due + timedelta(days=delay)
    earlier, later = started_months(due, paid_on), started_months(due, paid_on + timedelta(days=more))
    assert 1 <= earlier <= later
    assert delay / 31 <= earlier <= delay / 28 + 1


@pytest.mark.parametrize(
    ("due", "paid_on", "months"),
    [
        (date(2025, 5, 15), date(2025, 5, 15), 0),
        (date(2025, 5, 15), date(2025, 5, 16), 1),
        (date(2025, 5, 15), date(2025, 6, 15), 1),
        (date(2025, 5, 15), date(2025, 6, 16), 2),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 31), date(2025, 3, 1), 2),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2024, 2, 29), date(2025, 3, 1), 13),
        (date(2025, 12, 15), date(2026, 1, 15), 1),
        (date(2025, 5, 15), date(2025, 4, 1), 0),
    ],
)
def test_months_that_have_started(due: date, paid_on: date, months: int) -> None:
    assert started_months(due, paid_on) == months


def test_a_holiday_moves_the_first_month_of_delay() -> None:
    asked = {"segment": "PU", "month": Month(2025, 4), "owed": 1_000_000, "paid_on": date(2025, 6, 16)}
    assert late_fine(**asked).fine == 40_000
    assert late_fine(**asked, holidays=[date(2025, 5, 15)]).fine == 20_000


def test_the_clause_behind_a_fine_is_that_of_the_segment_and_the_relief() -> None:
    def value(segment: str, relief: bool) -> str:
        return clauses(segment=segment, month=Month(2020, 9), relief_covid=relief)["fine"][0].value

    assert (value("PU", False), value("PU", True), value("BPU", True)) == ("2.00", "0.50", "0")


@pytest.mark.parametrize("segment", ["Jakon", "PMI"])
def test_segments_that_pay_by_contract_have_no_fine(segment: str) -> None:
    with pytest.raises(NotApplicable, match=f"late_fine.*{segment}"):
        late_fine(segment=segment, month=Month(2025, 4), owed=1, paid_on=date(2025, 6, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"owed": -1},
        {"owed": "1.5"},
        {"owed": 1.0},
        {"owed": None},
        {"paid_on": "2025-02-30"},
        {"paid_on": None},
        {"month": "2025-13"},
        {"segment": "pu"},
        {"relief_covid": 1},
        {"holidays": ["Idul Fitri"]},
    ],
)
def test_bad_inputs_are_refused(wrong: dict) -> None:
    good = {"segment": "PU", "month": Month(2025, 4), "owed": 1, "paid_on": date(2025, 6, 1)}
    with pytest.raises(BadInput):
        late_fine(**{**good, **wrong})


def test_the_clause_behind_a_fine_is_that_of_the_relief_only_for_who_takes_part() -> None:
    month = Month(2020, 9)
    names = [
        clauses(segment="PU", month=month, **asked)["fine"][0].parameter for asked in ({}, {"relief_covid": True})
    ]
    assert names == ["late_fine_rate", "late_fine_rate_relief_covid"]
