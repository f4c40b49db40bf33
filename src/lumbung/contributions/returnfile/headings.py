"""Which column of a wage return holds what, recognised by its heading (rules: files.md)."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, starmap, zip_longest

from lumbung.errors import Problem, marked
from lumbung.tables import TOP_LINES, Cell, Cells, is_blank


class Field(StrEnum):
    """What a column of a return can hold."""

    MEMBER_NUMBER = "member_number"
    NIK = "nik"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    WAGE = "wage"
    BACK_PAY = "back_pay"
    MONTH = "month"


HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.MEMBER_NUMBER: ("KPJ", "No KPJ", "Nomor Peserta", "No Peserta", "Member number"),
    Field.NIK: ("NIK", "No KTP", "Nomor KTP", "No Identitas", "NIK KTP"),
    Field.NAME: ("Nama", "Nama Lengkap", "Nama Tenaga Kerja", "Name"),
    Field.BIRTH_DATE: ("Tgl Lahir", "Tanggal Lahir", "Birth date"),
    Field.WAGE: ("Upah", "Gaji", "Upah Pokok + Tunjangan Tetap", "Wage"),
    Field.BACK_PAY: ("Rapel", "Rapel Upah", "Back pay"),
    Field.MONTH: ("BLTH", "Bulan", "Month"),
}

NO_HEADING = Problem(
    "no_heading",
    marked(
        "None of the first {lines} lines has the headings of a wage list. Write a line with at least KPJ (or "
        "NIK), Nama and Upah above the list."
    ),
    facts={"lines": TOP_LINES},
)


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column stands (from 0) and its heading as the file has it."""

    index: int
    title: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a list: its line, the columns known, and what is wrong with it.

    `width` is the number of cells up to the last in which a heading stands, ours or not.
    """

    line: int
    width: int
    columns: dict[Field, Column]
    problems: tuple[Problem, ...]


def _bare(heading: str) -> str:
    """A heading without regard to case, blanks, dots and underscores."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(
        sign for sign in folded if sign not in "._" and not sign.isspace() and unicodedata.category(sign) != "Cf"
    )


_FIELDS = {_bare(heading): field for field, headings in HEADINGS.items() for heading in headings}


def field_of(cell: Cell) -> Field | None:
    """What a heading says that its column holds; None for a heading that is not ours."""
    return _FIELDS.get(_bare(cell)) if isinstance(cell, str) and len(cell) <= 100 else None


def recognise(row: Cells) -> int:
    """How many different columns a row names as a heading; 0 if it names fewer than two."""
    named = len({field for cell in row if (field := field_of(cell))})
    return named if named > 1 else 0


def locate(top: Iterable[Cells]) -> Heading | None:
    """The heading among the first rows: the row that names the most columns, the first of equals.

    A heading may stand in two lines: their cells, one below the other, make a row that names more than either.
    """
    rows = [*enumerate(top, 1)]
    pairs = ((line, _joined(upper, lower)) for (_, upper), (line, lower) in pairwise(rows))
    line, row = max(
        [*rows, *((line, pair) for line, pair in pairs if pair)],
        key=lambda numbered: (recognise(numbered[1]), -numbered[0]),
        default=(0, ()),
    )
    if not recognise(row):
        return None
    columns: dict[Field, Column] = {}
    problems: list[Problem] = []
    for index, cell in enumerate(row):
        if field := field_of(cell):
            column = Column(index, str(cell).strip())
            if field in columns:
                problems.append(_twice(line, columns[field], column))
            columns.setdefault(field, column)
    width = max(index for index, cell in enumerate(row, 1) if not is_blank(cell))
    return Heading(line, width, columns, (*problems, *_missing(line, columns.keys())))


def _joined(upper: Cells, lower: Cells) -> Cells | None:
    """The heading in two rows, if neither is whole alone as they are together; None if there is no such."""
    row = [*starmap(_joined_cell, zip_longest(upper, lower))]
    named = {field_of(cell) for cell in row}
    if _missing(0, named) or not _missing(0, {field_of(cell) for cell in lower}):
        return None
    return row if recognise(row) > recognise(upper) else None


def _joined_cell(upper: Cell, lower: Cell) -> Cell:
    """What two cells of a heading say: one of them if the other is blank; the lower if it is ours; else both."""
    if is_blank(lower):
        return upper
    return lower if is_blank(upper) or field_of(lower) else f"{upper} {lower}"


def _twice(line: int, first: Column, second: Column) -> Problem:
    sentence = marked('This column and the column "{first}" hold the same. Delete one of them or rename it.')
    return Problem("duplicate_column", sentence, line, second.title, second.title, {"first": first.title})


def _missing(line: int, columns: Collection[Field | None]) -> list[Problem]:
    """A problem for each column that a return needs and this heading lacks."""
    problems = []
    if Field.MEMBER_NUMBER not in columns and Field.NIK not in columns:
        sentence = marked("No column holds the member number or the NIK. Add one of these headings: {headings}.")
        problems.append(_lacking(line, sentence, Field.MEMBER_NUMBER, Field.NIK))
    if Field.NAME not in columns:
        sentence = marked("No column holds the name. Add one of these headings: {headings}.")
        problems.append(_lacking(line, sentence, Field.NAME))
    if Field.WAGE not in columns:
        sentence = marked("No column holds the wage. Add one of these headings: {headings}.")
        problems.append(_lacking(line, sentence, Field.WAGE))
    return problems


def _lacking(line: int, sentence: str, *fields: Field) -> Problem:
    headings = ", ".join(heading for field in fields for heading in HEADINGS[field])
    return Problem("missing_column", sentence, line, facts={"headings": headings})
