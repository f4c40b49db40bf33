"""Amounts, dates, months, numbers and names, spelling by spelling."""

from datetime import date

import pytest

from lumbung.contributions.returnfile import amounts, days, people
from lumbung.contributions.returnfile.faults import Fault
from lumbung.law.month import Month
from lumbung.tables import Cell


def code(found: object) -> object:
    return found.code if isinstance(found, Fault) else found


AMOUNTS: list[tuple[Cell, int | str]] = [
    ("5.000.000", 5_000_000),
    ("5,000,000", 5_000_000),
    ("5000000", 5_000_000),
    ("Rp 5.000.000,00", 5_000_000),
    ("Rp5,000,000.00", 5_000_000),
    ("Rp. 5.000.000,-", 5_000_000),
    ("rp\u00a05.000.000", 5_000_000),
    ("IDR 5000000", 5_000_000),
    (" 5000000 ", 5_000_000),
    ("5000000,00", 5_000_000),
    ("5000000.00", 5_000_000),
    ("5.000,00", 5_000),
    ("5,000.00", 5_000),
    ("5.000,-", 5_000),
    ("0", 0),
    ("0,00", 0),
    (5_000_000.0, 5_000_000),
    (5_000_000, 5_000_000),
    (0.0, 0),
    (5_500_000.000000001, 5_500_000),
    ("5.000", "amount_two_ways"),
    ("5,000", "amount_two_ways"),
    ("500.000", "amount_two_ways"),
    ("Rp 500.000", "amount_two_ways"),
    ("5000.000", "amount_two_ways"),
    ("1.234,56", "not_whole_rupiah"),
    ("5000000,5", "not_whole_rupiah"),
    (5_000_000.5, "not_whole_rupiah"),
    ("-5000000", "negative_amount"),
    ("−5.000.000", "negative_amount"),
    ("(5.000.000)", "negative_amount"),
    ("Rp -5.000", "negative_amount"),
    (-1.0, "negative_amount"),
    ("1.234.56", "not_an_amount"),
    ("1,234,56", "not_an_amount"),
    ("1.000.000,000", "not_an_amount"),
    ("12.34.567", "not_an_amount"),
    ("1.000,000.00", "not_an_amount"),
    ("5.000.000.", "not_an_amount"),
    ("5 juta", "not_an_amount"),
    ("5E+06", "not_an_amount"),
    ("=A1*2", "not_an_amount"),
    ("+5000000", "not_an_amount"),
    ("٥٠٠٠٠٠٠", "not_an_amount"),
    ("Rp", "not_an_amount"),
    ("-", "amount_dash"),
    ("Rp -", "amount_dash"),
    (" – ", "amount_dash"),
    ("--", "not_an_amount"),
    (float("nan"), "not_an_amount"),
    (float("inf"), "not_an_amount"),
    (True, "not_an_amount"),
    (date(2025, 1, 1), "not_an_amount"),
    ("1" * 39, "amount_too_large"),
    ("1" * 5_000, "not_an_amount"),
    (1e300, "amount_too_large"),
    ("1.000.000.000.000", "amount_too_large"),
]


@pytest.mark.parametrize(("written", "meant"), AMOUNTS)
def test_an_amount_is_read_in_one_way_or_not_at_all(written: Cell, meant: int | str) -> None:
    assert code(amounts.read(written)) == meant


DATES: list[tuple[Cell, date | str]] = [
    ("31-01-1990", date(1990, 1, 31)),
    ("31/01/1990", date(1990, 1, 31)),
    ("1990-01-31", date(1990, 1, 31)),
    ("1990-01-31 00:00:00", date(1990, 1, 31)),
    (date(1990, 1, 31), date(1990, 1, 31)),
    ("29-02-1992", date(1992, 2, 29)),
    ("29-02-1990", "no_such_day"),
    ("01-13-1990", "no_such_day"),
    ("00-01-1990", "no_such_day"),
    ("01-01-0001", "no_such_day"),
    (date(1899, 12, 31), "no_such_day"),
    ("1-1-1990", "not_a_date"),
    ("31-01/1990", "not_a_date"),
    ("31-01-90", "not_a_date"),
    ("31.01.1990", "not_a_date"),
    ("1990-01-31 07:30", "not_a_date"),
    ("31 Januari 1990", "not_a_date"),
    (32874.0, "not_a_date"),
    (True, "not_a_date"),
]


@pytest.mark.parametrize(("written", "meant"), DATES)
def test_a_date_has_three_forms_and_must_be_in_the_calendar(written: Cell, meant: date | str) -> None:
    assert code(days.read_date(written)) == meant


MONTHS: list[Cell] = [
    "10-2025",
    "10/2025",
    "2025-10",
    "2025/10",
    "102025",
    "202510",
    102025.0,
    202510,
    date(2025, 10, 1),
    date(2025, 10, 31),
    "01-10-2025",
    "2025-10-31",
    "Oktober 2025",
    "OCT-2025",
    "Okt-25",
]


@pytest.mark.parametrize("written", MONTHS)
def test_a_month_is_known_in_all_its_spellings(written: Cell) -> None:
    assert days.read_month(written) == Month(2025, 10)


def test_a_month_in_a_number_cell_may_have_lost_its_nought() -> None:
    assert days.read_month(12025.0) == Month(2025, 1)


@pytest.mark.parametrize(
    "written", ["13-2025", "2025", "10", "Smarch 2025", 46296.0, 10.5, -1, True, "00-2025", ""]
)
def test_what_is_no_month_is_not_guessed(written: Cell) -> None:
    assert code(days.read_month(written)) == "not_a_month"


MEMBER_NUMBERS: list[tuple[Cell, str]] = [
    ("01234567890", "01234567890"),
    ("0123456789", "0123456789"),
    ("123456789012", "123456789012"),
    (" 1234 5678 901 ", "12345678901"),
    ("'01234567890", "01234567890"),
    (12345678901.0, "12345678901"),
    (123456789012, "123456789012"),
    ("123456789", "not_a_member_number"),
    ("1234567890123", "not_a_member_number"),
    ("1234567890A", "not_a_member_number"),
    ("1234.5678.90", "not_a_member_number"),
    ("１２３４５６７８９０１", "not_a_member_number"),
    (123456789.0, "digits_lost"),
    (1234567890123456.0, "digits_lost"),
    (12345678901.5, "digits_lost"),
    (float("nan"), "digits_lost"),
    (float("-inf"), "digits_lost"),
    (1e300, "digits_lost"),
    (-12345678901.0, "digits_lost"),
    ("1.23457E+11", "digits_lost"),
    ("1,23457e11", "digits_lost"),
    ('="01234567890"', "formula"),
    ("-", "formula"),
    ("@1234567890", "formula"),
    ("x" * 1_001, "cell_too_long"),
    (date(2025, 1, 1), "not_a_member_number"),
    (False, "not_a_member_number"),
]


@pytest.mark.parametrize(("written", "meant"), MEMBER_NUMBERS)
def test_a_member_number_keeps_every_digit_or_is_a_problem(written: Cell, meant: str) -> None:
    assert code(people.read_member_number(written)) == meant


NIKS: list[tuple[Cell, str]] = [
    ("3171010101010001", "3171010101010001"),
    ("0171010101010001", "0171010101010001"),
    ("3171 0101 0101 0001", "3171010101010001"),
    (3171010101010001.0, "digits_lost"),
    (317101010101000.0, "digits_lost"),
    ("3.17101E+15", "digits_lost"),
    ("317101010101000", "not_a_nik"),
    ("31710101010100011", "not_a_nik"),
    ("tidak ada", "not_a_nik"),
    ("+3171010101010001", "formula"),
]


@pytest.mark.parametrize(("written", "meant"), NIKS)
def test_an_identity_number_has_sixteen_digits_of_text(written: Cell, meant: str) -> None:
    assert code(people.read_nik(written)) == meant


NAMES: list[tuple[Cell, str]] = [
    ("Budi Santoso", "Budi Santoso"),
    ("  Budi \u00a0 Santoso\n", "Budi Santoso"),
    ("Jose\u0301", "José"),
    ("Budi\u200b", "Budi"),
    ("Ma'ruf, S.E.", "Ma'ruf, S.E."),
    ("=HYPERLINK(1)", "formula"),
    (" +62", "formula"),
    ("@SUM(A1)", "formula"),
    ("12345", "not_a_name"),
    ("Budi\x07", "not_a_name"),
    (5.0, "not_a_name"),
    (date(2025, 1, 1), "not_a_name"),
    ("B" * 1_001, "cell_too_long"),
]


@pytest.mark.parametrize(("written", "meant"), NAMES)
def test_a_name_is_plain_text_with_a_letter(written: Cell, meant: str) -> None:
    assert code(people.read_name(written)) == meant
