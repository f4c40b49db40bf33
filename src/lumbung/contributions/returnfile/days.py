"""Birth dates and contribution months as people and spreadsheets write them."""

import re
from datetime import date

from lumbung.contributions.returnfile.faults import Fault
from lumbung.errors import marked
from lumbung.law.month import Month
from lumbung.tables import Cell

NO_DATE = Fault(
    "not_a_date",
    marked("This is not a date. Write day, month and year like 31-01-1990, or format the cell as a date."),
)
NO_SUCH_DAY = Fault("no_such_day", marked("The calendar has no such day. Correct the day, the month or the year."))
NO_MONTH = Fault("not_a_month", marked("This is not a month. Write month and year like 10-2026."))
YEARS = range(1900, 2200)

_DAY_FIRST = re.compile(r"([0-9]{2})([-/])([0-9]{2})\2([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{4})")
_MONTH_LAST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})")
_NAMED = re.compile(r"([a-z]{3,9})[-/., ]*([0-9]{4}|[0-9]{2})")
_NAMES = (
    "januari january jan",
    "februari february feb pebruari peb",
    "maret march mar",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu aug ags agt",
    "september sep sept",
    "oktober october okt oct",
    "november nov nopember nop",
    "desember december des dec",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}


def read_date(cell: Cell) -> date | Fault:
    """The day in a cell that is not blank, or why there is none."""
    if isinstance(cell, date):
        return cell if cell.year in YEARS else NO_SUCH_DAY
    return _read_date_text(cell.strip()) if isinstance(cell, str) else NO_DATE


def _read_date_text(text: str) -> date | Fault:
    """A day written as DD-MM-YYYY, DD/MM/YYYY or YYYY-MM-DD, with no time of day but midnight."""
    if len(text) > 10 and _MIDNIGHT.fullmatch(text[10:]):
        text = text[:10]
    if found := _DAY_FIRST.fullmatch(text):
        day, _, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    else:
        return NO_DATE
    try:
        written = date(int(year), int(month), int(day))
    except ValueError:
        return NO_SUCH_DAY
    return written if written.year in YEARS else NO_SUCH_DAY


def read_month(cell: Cell) -> Month | Fault:
    """The month in a cell that is not blank, or why there is none."""
    if isinstance(cell, date):
        return Month.of(cell)
    if type(cell) is float or type(cell) is int:
        whole = cell == cell // 1 and 0 < cell < 1_000_000
        return _read_digits(f"{int(cell):06d}") if whole else NO_MONTH  # 12026 has lost the nought of 012026
    return _read_month_text(cell.strip()) if isinstance(cell, str) else NO_MONTH


def _read_month_text(text: str) -> Month | Fault:
    """A month written with its number or its name, or a whole date in it."""
    if re.fullmatch(r"[0-9]{6}", text):
        return _read_digits(text)
    if found := _MONTH_FIRST.fullmatch(text):
        return _month(found[2], found[1])
    if found := _MONTH_LAST.fullmatch(text):
        return _month(found[1], found[2])
    if (found := _NAMED.fullmatch(text.casefold())) and found[1] in _MONTHS:
        return _month(found[2] if len(found[2]) == 4 else f"20{found[2]}", str(_MONTHS[found[1]]))
    day = _read_date_text(text)
    return NO_MONTH if isinstance(day, Fault) else Month.of(day)


def _read_digits(digits: str) -> Month | Fault:
    """MMYYYY or YYYYMM. No text is both: a year of ours does not begin with the number of a month."""
    first = _month(digits[2:], digits[:2])
    return _month(digits[:4], digits[4:]) if isinstance(first, Fault) else first


def _month(year: str, month: str) -> Month | Fault:
    if int(year) not in YEARS or not 1 <= int(month) <= 12:
        return NO_MONTH
    return Month(int(year), int(month))
