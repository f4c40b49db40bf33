"""Workbooks that LibreOffice 7.4 really saved, out of a semicolon CSV of invented people (see decision 0004).

`text` was imported with KPJ, NIK, date and wage as text, `detected` with LibreOffice guessing the kinds of cells.
"""

from datetime import date
from pathlib import Path

import pytest

from lumbung.law.month import Month

from .making import codes, contents, read

SAVED = Path(__file__).with_name("saved")
MONTH = Month(2026, 10)  # in the files themselves
PEOPLE = [
    ("01234567890", "3171010101010001", "Budi Santoso", date(1990, 1, 1), 5_000_000, 0),
    ("12345678902", "3171014101900002", "Siti Aminah", date(1991, 2, 3), 6_000_000, 0),
    ("12345678903", None, "Nur Aini", date(1992, 2, 3), 7_500_000, 0),
]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_columns_kept_as_text_come_through_whole(kind: str) -> None:
    found = read((SAVED / f"libreoffice-text.{kind}").read_bytes(), MONTH)
    assert contents(found) == PEOPLE
    assert [row.line for row in found.rows] == [4, 5, 6]
    assert (found.format, found.skipped.totals) == (kind, 1)


def test_a_spreadsheet_that_guesses_loses_digits_and_that_is_a_problem() -> None:
    found = read((SAVED / "libreoffice-detected.xlsx").read_bytes(), MONTH)
    assert codes(found) == [(4, "NIK", "digits_lost"), (5, "NIK", "digits_lost")]
    assert found.problems[0].value == "3171010101010000"  # the file's last digit was a 1
