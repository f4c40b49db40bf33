"""Who a row is about: member number, identity number and name, taken only when nothing can have been lost."""

import re
import unicodedata

from lumbung.contributions.returnfile.faults import Fault
from lumbung.errors import marked
from lumbung.tables import LONGEST_CELL, Cell

DIGITS_LOST = Fault(
    "digits_lost",
    marked(
        "A spreadsheet keeps this as a number and may have lost digits of it. Format the whole column as text, "
        "write the number again with all its digits, and save the file."
    ),
)
FORMULA = Fault(
    "formula", marked("A text may not begin with =, +, - or @. Write the plain text, or leave the cell empty.")
)
TOO_LONG = Fault(
    "cell_too_long", marked("This cell has more than {most} characters. Shorten it."), {"most": LONGEST_CELL}
)
NO_MEMBER_NUMBER = Fault(
    "not_a_member_number", marked("A member number (KPJ) has 10 to 12 digits and nothing else. Correct it.")
)
NO_NIK = Fault("not_a_nik", marked("An identity number (NIK) has 16 digits and nothing else. Correct it."))
NO_NAME = Fault("not_a_name", marked("This is not a name. Write the name as it stands on the identity card."))

_EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_FORMULA_SIGNS = ("=", "+", "-", "@")
_SAFE_DIGITS = 15  # a number cell keeps no more
_MEMBER_NUMBER_LENGTHS = range(10, 13)
_NIK_LENGTHS = range(16, 17)


def read_member_number(cell: Cell) -> str | Fault:
    """The member number in a cell that is not blank, with its leading noughts."""
    return _read_digits(cell, _MEMBER_NUMBER_LENGTHS, NO_MEMBER_NUMBER)


def read_nik(cell: Cell) -> str | Fault:
    """The identity number in a cell that is not blank."""
    return _read_digits(cell, _NIK_LENGTHS, NO_NIK)


def _read_digits(cell: Cell, lengths: range, fault: Fault) -> str | Fault:
    """A number that is a name: text of digits, or a number cell too short to have lost any."""
    if type(cell) is str:
        digits = cell if cell.isascii() and cell.isdigit() else _tidy_digits(cell)
        if digits.isascii() and digits.isdigit():
            return digits if len(digits) in lengths else fault
        return DIGITS_LOST if _EXPONENT.fullmatch(digits) else _text_fault(cell) or fault
    if type(cell) is float or type(cell) is int:
        digits = f"{cell:.0f}"
        kept = digits.isdigit() and float(digits) == cell and len(digits) <= _SAFE_DIGITS
        return digits if kept and len(digits) in lengths else DIGITS_LOST
    return fault


def _tidy_digits(text: str) -> str:
    """Without blanks, and without the apostrophe by which a spreadsheet is told that digits are text."""
    return "".join(text.split()).removeprefix("'")


def _text_fault(text: str) -> Fault | None:
    """What no text may be."""
    if len(text) > LONGEST_CELL:
        return TOO_LONG
    return FORMULA if text.strip().startswith(_FORMULA_SIGNS) else None


def read_name(cell: Cell) -> str | Fault:
    """The name in a cell that is not blank, each run of blanks made one, invisible signs left out."""
    if type(cell) is not str:
        return NO_NAME
    if fault := _text_fault(cell):
        return fault
    name = " ".join(cell.split())
    if not name.isascii():
        name = "".join(sign for sign in unicodedata.normalize("NFC", name) if sign.isprintable())
    return name if name.isprintable() and any(map(str.isalpha, name)) else NO_NAME
