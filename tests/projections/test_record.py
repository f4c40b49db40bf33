"""From lines and months paid to the law's record, without a database."""

from datetime import date

import pytest

from lumbung.development.bookkeeping import Line
from lumbung.law.month import Month
from lumbung.law.pension import PensionYear
from lumbung.projections.record import MonthPaid, account, last_paid, pension_years

TODAY = date(2025, 11, 22)
LINES = [
    Line(date(2023, 4, 10), contribution=1_000_000),
    Line(date(2023, 12, 31), development=40_000),
    Line(date(2024, 5, 12), contribution=300_000),
    Line(date(2025, 2, 14), contribution=500_000),
    Line(date(2025, 2, 20), contribution=50_000),
    Line(date(2025, 8, 5), withdrawal=100_000),
]


def months(*moves: tuple[int, int, int]) -> tuple[tuple[Month, int], ...]:
    return tuple((Month(year, month), amount) for year, month, amount in moves)


def test_the_account_opens_after_the_last_year_that_was_credited() -> None:
    told = account(LINES, credited=[2023, 2024], today=TODAY)
    assert (told.opened, told.old_age_opening, told.earlier) == (2025, 1_340_000, ())
    assert told.this_year == months((2025, 2, 550_000), (2025, 8, -100_000))


def test_years_without_a_result_are_gone_through_again() -> None:
    told = account(LINES, credited=[2023], today=TODAY)
    assert (told.opened, told.old_age_opening) == (2024, 1_040_000)
    assert told.earlier == months((2024, 5, 300_000))
    never = account([line for line in LINES if not line.development], credited=[], today=TODAY)
    assert (never.opened, never.old_age_opening) == (2023, 0)
    assert never.earlier == months((2023, 4, 1_000_000), (2024, 5, 300_000))


def test_an_account_without_lines_opens_empty_this_year() -> None:
    told = account([], credited=[], today=TODAY)
    assert (told.opened, told.old_age_opening, told.earlier, told.this_year) == (2025, 0, (), ())


def test_this_year_may_be_credited_already() -> None:
    lines = [*LINES, Line(date(2025, 12, 31), development=77_000)]
    told = account(lines, credited=[2023, 2024, 2025], today=date(2025, 12, 31))
    assert (told.opened, told.old_age_opening) == (2025, 1_340_000)
    assert sum(amount for _, amount in told.this_year) == 450_000


def test_a_value_date_that_lies_ahead_counts_today() -> None:
    lines = [*LINES, Line(date(2025, 12, 1), contribution=7)]
    told = account(lines, credited=[2024], today=date(2025, 11, 30))
    assert told.this_year[-1] == (Month(2025, 11), 7)


def test_an_opening_below_zero_weighs_as_an_amount_of_january() -> None:
    lines = [Line(date(2024, 6, 1), withdrawal=5), Line(date(2025, 6, 1), contribution=100)]
    told = account(lines, credited=[2024], today=TODAY)
    assert (told.old_age_opening, told.this_year) == (0, months((2025, 1, -5), (2025, 6, 100)))


def paid(year: int, month: int, wage: int, employer: int = 1, pension: int | None = None) -> MonthPaid:
    return MonthPaid(Month(year, month), employer, f"PT {employer}", wage, wage if pension is None else pension)


def test_a_year_has_a_row_for_each_wage_and_cap() -> None:
    rows = [paid(2025, month, 20_000_000, pension=cap) for month, cap in
            ((1, 10_042_300), (2, 10_042_300), (3, 10_547_400))]  # fmt: skip
    rows += [paid(2024, 5, 4_000_000), paid(2024, 6, 4_000_000), paid(2024, 7, 4_100_000)]
    assert pension_years(rows) == [
        PensionYear(2024, 2, 4_000_000, 10_042_300),
        PensionYear(2024, 1, 4_100_000, 10_042_300),
        PensionYear(2025, 2, 10_042_300, 10_042_300),
        PensionYear(2025, 1, 10_547_400, 10_547_400),
    ]


def test_a_month_with_two_employers_counts_once_up_to_the_cap() -> None:
    rows = [paid(2024, 5, 4_000_000), paid(2024, 5, 3_000_000, employer=2), paid(2024, 6, 9_000_000)]
    rows.append(paid(2024, 6, 9_000_000, employer=2))
    assert pension_years(rows) == [
        PensionYear(2024, 1, 7_000_000, 10_042_300),
        PensionYear(2024, 1, 10_042_300, 10_042_300),
    ]


def test_a_month_without_pension_does_not_count() -> None:
    assert pension_years([paid(2024, 5, 4_000_000, pension=0)]) == []


@pytest.mark.parametrize(
    ("employers", "expected"),
    [
        ({1}, [(1, 9, 110)]),
        ({1, 2}, [(1, 9, 110), (2, 8, 200)]),
        ({3}, [(1, 9, 110)]),  # a new employer: the newest month that anybody paid for
        (set(), [(1, 9, 110)]),
    ],
)
def test_the_newest_month_of_each_present_employer(
    employers: set[int], expected: list[tuple[int, int, int]]
) -> None:
    rows = [paid(2025, 8, 100), paid(2025, 8, 200, employer=2), paid(2025, 9, 110), paid(2025, 7, 90, employer=2)]
    found = last_paid(rows, employers)
    assert sorted((row.employer_id, row.month.month, row.wage) for row in found) == expected
    assert last_paid([], employers) == []
