"""Rows of cells out of the bytes of a CSV file or a workbook, whatever stands in them, within fixed limits."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from lumbung.errors import Problem


class Flaw(Enum):
    """Why a workbook has no value for a cell in which something stands."""

    ERROR = "error"
    UNCALCULATED = "uncalculated"  # a formula that no spreadsheet has worked out


Cell = str | float | bool | date | Flaw | None
Cells = Sequence[Cell]
Rows = Generator[Cells, None, None]

MOST_BYTES = 50_000_000
MOST_COLUMNS = 200
MOST_LINES = 1_048_576  # what a spreadsheet has
LONGEST_CELL = 1_000  # characters; a longer cell arrives cut to one more, so that the reader can tell
TOP_LINES = 10  # a heading stands in one of these

# How many headings a row has that the caller knows.
Recognise = Callable[[Cells], int]


class Unreadable(Exception):
    """The file as a whole can't be read; `problem` says so to the user."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file: its rows from the first line of the sheet on, read as they are asked for.

    Reading a row may raise Unreadable: a file can turn out to be hostile late. Close `rows` when done with them.
    """

    format: str
    rows: Rows


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (type(cell) is str and (not cell or cell.isspace()))


def score(top: Sequence[Cells], recognise: Recognise) -> int:
    """How well the best of the first rows would do as a heading."""
    return max((recognise(row) for row in top), default=0)
