"""What LibreOffice itself saves, of lists made by it, by Excel's and by payroll programs: exact rows or problems.

As on an Indonesian officer's computer: the program runs under the locale id-ID.
"""

from pathlib import Path

import pytest

from .corpus.example import MONTH, Example, Member, Place, people
from .making import read

LIST = people(4, 5, 6)
GOOD_OF_THE_WRONG = ((5, "12345678904", None, "Dewi", None, 10_000_000, 0),)
ERRORS = ((2, "Rapel", "cell_error"), (3, "Upah", "cell_error"), (4, "Nama", "cell_error"))
CALCULATED = (*people(2, 3, 4)[:2], (4, "12345678903", None, "Rina Wati", None, 7_000_000, 2))
LOST = ((2, "NIK", "digits_lost"), (3, "NIK", "digits_lost"))

OUTCOMES: dict[str, tuple[tuple[Member, ...], tuple[Place, ...]]] = {
    **{f"{kind}/upah.{kind}": (LIST, ()) for kind in ("xlsx", "xls", "ods")},
    **{f"{kind}/salah.{kind}": (GOOD_OF_THE_WRONG, ERRORS) for kind in ("xlsx", "xls", "ods")},
    **{f"{kind}/hias.{kind}": (people(5, 6, 7), ()) for kind in ("xlsx", "xls", "ods")},
    **{f"{kind}/tua.{kind}": (CALCULATED, ()) for kind in ("xlsx", "xls", "ods")},
    **{f"{folder}/upah.csv": (LIST, ()) for folder in ("shown", "semicolon", "unicode", "raw")},
    "shown/salah.csv": (GOOD_OF_THE_WRONG, ERRORS),
    "guessed/teks.xlsx": ((people(2, 3, 4)[2],), LOST),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_libreoffice_saves_is_read_exactly(name: str, exported: Path) -> None:
    example = Example(name, (exported / name).read_bytes, *OUTCOMES[name], kind=name.rpartition(".")[2])
    assert example.outcome() == example.expected


def test_the_amounts_of_the_texts_differ_as_they_are_shown_or_not(exported: Path) -> None:
    """Otherwise two of the files above would be one."""
    assert b'"Rp5.000.000,00"' in (exported / "shown" / "upah.csv").read_bytes()
    assert b"Rp" not in (exported / "raw" / "upah.csv").read_bytes()
    assert (exported / "unicode" / "upah.csv").read_bytes()[1::2].count(0) > 100


def test_a_web_page_that_libreoffice_saves_is_refused(exported: Path) -> None:
    found = read((exported / "html" / "upah.html").read_bytes(), MONTH)
    assert [problem.code for problem in found.problems] == ["not_a_table"]
