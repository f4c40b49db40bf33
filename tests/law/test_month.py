"""The month: written one way, counted like months, and never one that does not exist."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.law.errors import BadInput, BadMonth
from lumbung.law.month import Month, birthday, months_later

from .bounded import bounded

HUGE = 10**5000  # Python refuses to write it out


def repr_type(given: object) -> str:
    return type(given).__name__


months = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


@bounded
@given(months)
def test_a_month_is_read_as_it_is_written(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert len(str(month)) == 7


@bounded
@given(months, st.integers(-600, 600))
def test_adding_and_taking_away_are_mirrors(month: Month, count: int) -> None:
    assert month + count - count == month
    assert (month + count) - month == count
    assert (month + count > month) == (count > 0)


@bounded
@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_lies_in_its_month(day: date) -> None:
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day
    assert month.last_day + timedelta(days=1) == (month + 1).first_day
    assert month.days == (month.last_day - month.first_day).days + 1


def test_december_is_followed_by_january() -> None:
    assert Month(2025, 12) + 1 == Month(2026, 1)
    assert Month(2026, 1) - 1 == Month(2025, 12)
    assert Month(2026, 1) - Month(2025, 2) == 11


@pytest.mark.parametrize(
    "written",
    [
        "2025-13",
        "2025-00",
        "0000-01",
        "2025-4",
        "25-04",
        "2025-04-01",
        "2025/04",
        " 2025-04",
        "٢٠٢٥-٠٤",
        "",
        "abc",
    ],
)
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(BadMonth):
        Month.parse(written)


@pytest.mark.parametrize("given", [None, 2025, date(2025, 4, 1), HUGE, b"2025-04"], ids=repr_type)
def test_only_text_is_read_as_a_month(given: object) -> None:
    with pytest.raises(BadInput):
        Month.parse(given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("year", "month"), [(2025, 0), (2025, 13), (0, 1), (10000, 1), (2025, True), (2025.0, 4)])
def test_no_month_outside_the_calendar_can_be_made(year: int, month: int) -> None:
    with pytest.raises(BadMonth):
        Month(year, month)


def test_counting_past_the_calendar_is_refused() -> None:
    with pytest.raises(BadMonth):
        Month(9999, 12) + 1


def test_a_month_is_not_counted_with_anything_else() -> None:
    with pytest.raises(TypeError):
        Month(2025, 4) + "1"  # type: ignore[operator]
    with pytest.raises(TypeError):
        Month(2025, 4) - "1"  # type: ignore[operator]


@bounded
@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(-600, 600))
def test_months_later_it_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert Month.of(later) - Month.of(day) == months
    assert later.day == day.day or (later.day < day.day and later == Month.of(later).last_day)


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        (date(1990, 5, 17), 54, date(2044, 5, 17)),
        (date(1992, 2, 29), 56, date(2048, 2, 29)),
        (date(1992, 2, 29), 57, date(2049, 3, 1)),
        (date(1990, 5, 17), 0, date(1990, 5, 17)),
    ],
)
def test_a_birthday(born: date, age: int, day: date) -> None:
    assert birthday(born, age) == day


def test_a_birthday_past_the_calendar_is_refused() -> None:
    for born in (date(9990, 5, 17), date(9996, 2, 29)):
        with pytest.raises(BadMonth):
            birthday(born, 54)


def test_what_is_no_month_is_told_as_it_was_written() -> None:
    for written in ("0000-01", "2025-13", "2025-4"):
        with pytest.raises(BadMonth, match=f"^{written} is not a month"):
            Month.parse(written)
    with pytest.raises(BadMonth, match=r"^10052-02 is not a month"):
        birthday(date(9996, 2, 29), 56)
    with pytest.raises(BadMonth, match=r"^2025-13 is not a month"):
        Month(2025, 13)
