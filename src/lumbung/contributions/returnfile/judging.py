"""Goes through the rows of a return under its heading and collects the good ones and every problem."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from lumbung.contributions.returnfile import amounts, days, people
from lumbung.contributions.returnfile.faults import Fault
from lumbung.contributions.returnfile.headings import Column, Field, Heading
from lumbung.errors import Problem, marked
from lumbung.law.month import Month
from lumbung.tables import Cell, Cells, Flaw, is_blank

MOST_ROWS = 250_000
MOST_PROBLEMS = 10_000
LONGEST_VALUE_SHOWN = 100

NO_NUMBER = Fault("number_missing", marked("The row has neither KPJ nor NIK. Write at least one of them."))
NAME_MISSING = Fault("name_missing", marked("The name is missing. Write it as it stands on the identity card."))
WAGE_MISSING = Fault("wage_missing", marked("The wage is missing. Write the wage of the month in rupiah, or 0."))
BEYOND_HEADING = Fault(
    "cell_beyond_heading",
    marked(
        "This line has more cells than the heading. Write an amount that has commas in quotation marks "
        '("5,000,000"), or separate the cells with semicolons.'
    ),
)
_CALCULATE = marked(
    "This cell holds an error or a formula that was never calculated. Open the file in a spreadsheet, correct it, "
    "save it, and send it again."
)
FLAWS = {
    Flaw.ERROR: Fault("cell_error", _CALCULATE),
    Flaw.UNCALCULATED: Fault("formula_without_value", _CALCULATE),
}
UNREADABLE = Fault(
    "sign_lost",
    marked("A sign of this text was lost when the file was saved. Write the text again and save the file."),
)
_LOST_SIGNS = ("\x00", "\ufffd")
_ERROR_TEXT = re.compile(r"#(?:N/A|[A-Z]{3,5}/?[0-9]?[!?])|Err:[0-9]{3}", re.IGNORECASE)
_TOTALS = frozenset({"total", "jumlah", "subtotal"})
_ABOUT_TOTALS = _TOTALS | {"sub", "grand", "keseluruhan", "seluruh", "seluruhnya", "upah", "gaji"}


@dataclass(frozen=True, slots=True)
class Row:
    """One member's wage of the month, as the file has it. Only the line shows in a repr: all else is personal."""

    line: int
    member_number: str | None = field(repr=False)
    nik: str | None = field(repr=False)
    name: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    wage: int = field(repr=False)
    back_pay: int = field(repr=False)


# What reads a cell of each field, what it is where nothing stands, and whether it must be there.
_READERS: tuple[tuple[Field, Callable[[Cell], object], object, Fault | None], ...] = (
    (Field.MEMBER_NUMBER, people.read_member_number, None, None),
    (Field.NIK, people.read_nik, None, None),
    (Field.NAME, people.read_name, "", NAME_MISSING),
    (Field.BIRTH_DATE, days.read_date, None, None),
    (Field.WAGE, amounts.read, 0, WAGE_MISSING),
    (Field.BACK_PAY, amounts.read_back_pay, 0, None),
)
_BLANK_ROW = tuple(blank for _, _, blank, _ in _READERS)


class Judge:
    """Judges row after row; holds what was found so far."""

    def __init__(self, heading: Heading, month: Month | None, *, delimited: bool) -> None:
        self.rows: list[Row] = []
        self.problems: list[Problem] = list(heading.problems)
        self.unlisted = 0
        self.judged = 0
        self.blank = 0
        self.totals = 0
        self._month = month
        # In a text, a cell too many shows that a separator stood inside a cell; beside a sheet's list stand notes.
        self._most_cells = heading.width if delimited else None
        self._columns = columns = heading.columns
        self._lines_by_number: dict[str, int] = {}
        self._lines_by_nik: dict[str, int] = {}
        # A row is filled up with blanks, at least one: a column that the file lacks is the last cell.
        indexes = [columns[each].index if each in columns else -1 for each in Field]
        self._pick = itemgetter(*indexes)
        self._width = max(indexes) + 2
        self._readers = [
            (position, columns[what], read, missing)
            for position, (what, read, _, missing) in enumerate(_READERS)
            if what in columns
        ]
        self._number_column = columns.get(Field.MEMBER_NUMBER) or columns.get(Field.NIK)

    def judge_all(self, first_line: int, rows: Iterable[Cells]) -> None:
        """Judge the rows below the heading; those past the most that are taken are one problem."""
        for line, cells in enumerate(rows, first_line):
            if self.judged >= MOST_ROWS:
                sentence = marked("The list has more than {most} rows. Divide it among several divisions.")
                self.problems.append(Problem("too_many_rows", sentence, line, facts={"most": MOST_ROWS}))
                return
            self._judge(line, cells)

    def all_problems(self) -> list[Problem]:
        """The problems, and at their end how many more there are than can be listed."""
        if not self.unlisted:
            return self.problems
        sentence = marked("There are {more} more problems than are listed here. Correct these first.")
        return [*self.problems, Problem("more_problems", sentence, facts={"more": self.unlisted})]

    def _judge(self, line: int, cells: Cells) -> None:
        """Judge one row: pass it over, or keep it, or note what is wrong with it."""
        if not cells:
            self.blank += 1
            return
        filled = self._pick([*cells, *[None] * max(1, self._width - len(cells))])
        number, nik, name, born, wage, back_pay, month = [
            (cell.strip() or None) if type(cell) is str else cell for cell in filled
        ]
        if name is None and number is None and nik is None and wage is None:
            self._pass_over(line, cells)
            return
        if _is_total(name, number, nik, cells):
            self.totals += 1
            return
        self.judged += 1
        if beyond := self._beyond(cells):
            self._note(line, None, beyond, BEYOND_HEADING)
            return
        before = len(self.problems) + self.unlisted
        if number is None and nik is None and self._number_column:
            self._note(line, self._number_column, None, NO_NUMBER)
        row = self._read(line, (number, nik, name, born, wage, back_pay))
        if row.member_number:
            self._check_once(line, Field.MEMBER_NUMBER, row.member_number, self._lines_by_number)
        if row.nik:
            self._check_once(line, Field.NIK, row.nik, self._lines_by_nik)
        if month is not None:
            self._check_month(line, month)
        if len(self.problems) + self.unlisted == before:
            self.rows.append(row)

    def _pass_over(self, line: int, cells: Cells) -> None:
        """Count a row that is about nobody. One of NULs is the end of a file that was not written to its end."""
        self.blank += 1
        if any(type(each) is str and "\x00" in each for each in cells):
            self._note(line, None, None, UNREADABLE)

    def _beyond(self, cells: Cells) -> Cell:
        """The first cell right of the heading that is not blank; all cells of its line may have moved."""
        if self._most_cells is None or len(cells) <= self._most_cells:
            return None
        return next((cell for cell in cells[self._most_cells :] if not is_blank(cell)), None)

    def _read(self, line: int, cells: Sequence[Cell]) -> Row:
        """The row that the cells make; a cell that is a problem is noted and counts as blank."""
        values: list[Any] = [*_BLANK_ROW]
        for position, column, read, missing in self._readers:
            cell = cells[position]
            if cell is not None:
                value = _spoilt(cell) or read(cell)
                if type(value) is Fault:
                    self._note(line, column, cell, value)
                else:
                    values[position] = value
            elif missing is not None:
                self._note(line, column, cell, missing)
        return Row(line, *values)

    def _check_once(self, line: int, what: Field, value: str, lines: dict[str, int]) -> None:
        """A member stands in a return once."""
        first = lines.setdefault(value, line)
        if first != line:
            sentence = marked("This number stands in line {first} already. Keep one line for each member.")
            self._note(line, self._columns[what], value, Fault("duplicate_member", sentence, {"first": first}))

    def _check_month(self, line: int, cell: Cell) -> None:
        """The month in the row must be the return's."""
        month = _spoilt(cell) or days.read_month(cell)
        column = self._columns[Field.MONTH]
        if isinstance(month, Fault):
            self._note(line, column, cell, month)
        elif self._month and month != self._month:
            sentence = marked(
                "This row is for {found}, but the return is for {month}. Send it with its own month."
            )
            facts = {"found": str(month), "month": str(self._month)}
            self._note(line, column, cell, Fault("other_month", sentence, facts))

    def _note(self, line: int, column: Column | None, cell: Cell, fault: Fault) -> None:
        """Add a problem to the list, or count it when the list is full."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.unlisted += 1
            return
        title = column.title if column else None
        self.problems.append(Problem(fault.code, fault.sentence, line, title, shown(cell), fault.facts))


def shown(cell: Any) -> str | None:
    """A cell as its uploader knows it, cut to a length that a page can show."""
    if is_blank(cell) or isinstance(cell, Flaw):
        return None
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e20:
        return f"{cell:.0f}"
    return str(cell)[:LONGEST_VALUE_SHOWN].replace("\x00", "\ufffd")


def _spoilt(cell: Cell) -> Fault | None:
    """What is wrong with a cell of any column that lost its value, or some of it, before it came here."""
    if type(cell) is str:
        if _LOST_SIGNS[0] in cell or _LOST_SIGNS[1] in cell:
            return UNREADABLE
        return FLAWS[Flaw.ERROR] if cell[0] in "#Ee" and _ERROR_TEXT.fullmatch(cell) else None
    return FLAWS[cell] if type(cell) is Flaw else None


def _is_total(name: Cell, number: Cell, nik: Cell, cells: Cells) -> bool:
    """Whether the row sums up others: its name says so or, where nobody's name or number stands, any text."""
    if name is not None:
        return type(name) is str and _says_total(name)
    if (number and type(people.read_member_number(number)) is str) or (nik and type(people.read_nik(nik)) is str):
        return False
    return any(_says_total(cell) for cell in cells if isinstance(cell, str))


def _says_total(text: str) -> bool:
    """Whether a text is `total`, `jumlah` or `subtotal`, alone or with words like *grand* and *sub*."""
    folded = text[:LONGEST_VALUE_SHOWN].casefold()
    if "total" not in folded and "jumlah" not in folded:
        return False
    words = "".join(sign if sign.isalpha() else " " for sign in folded).split()
    return not _TOTALS.isdisjoint(words) and _ABOUT_TOTALS.issuperset(words)
