"""Due dates: a working day, never before the statute's day, and the statute's own when that is a working day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.law.due_dates import due_date
from lumbung.law.errors import BadInput, NotApplicable
from lumbung.law.month import Month

from .bounded import bounded

months = st.integers(0, 240).map(lambda count: Month(2015, 7) + count)
segments = st.sampled_from(["PU", "BPU"])


@bounded
@given(segments, months, st.booleans(), st.sets(st.integers(0, 25), max_size=20))
def test_the_due_date_is_the_first_working_day_from_the_statutes_day_on(
    segment: str, month: Month, relief: bool, closed: set[int]
) -> None:
    paid_in = month + 1 if segment == "PU" else month
    relieved = relief and Month(2020, 8) <= month <= Month(2021, 1)
    wanted = date(paid_in.year, paid_in.month, min(30, paid_in.days) if relieved else 15)
    holidays = {wanted + timedelta(days=count) for count in closed}
    due = due_date(segment, month, relief_covid=relief, holidays=holidays)
    assert due >= wanted
    assert due.weekday() < 5
    assert due not in holidays
    between = [wanted + timedelta(days=count) for count in range((due - wanted).days)]
    assert all(day.weekday() >= 5 or day in holidays for day in between)


@pytest.mark.parametrize("segment", ["Jakon", "PMI"])
def test_segments_that_pay_by_contract_have_no_monthly_due_date(segment: str) -> None:
    with pytest.raises(NotApplicable, match=segment):
        due_date(segment, Month(2025, 4))


@pytest.mark.parametrize(
    "given_input",
    [
        {"segment": "pu"},
        {"segment": None},
        {"month": "2025-13"},
        {"relief_covid": 1},
        {"holidays": ["2025-02-30"]},
        {"holidays": [datetime(2025, 5, 15)]},  # noqa: DTZ001  # an instant is no day
        {"month": Month(9999, 12)},
    ],
)
def test_bad_inputs_are_refused(given_input: dict) -> None:
    with pytest.raises(BadInput):
        due_date(**{"segment": "PU", "month": Month(2025, 4), **given_input})


def test_a_calendar_that_is_closed_to_its_end_is_refused() -> None:
    closed = [date(9999, 12, 15) + timedelta(days=count) for count in range(17)]
    with pytest.raises(BadInput, match=r"^9999-12 is not a month"):
        due_date("BPU", Month(9999, 12), holidays=closed)
