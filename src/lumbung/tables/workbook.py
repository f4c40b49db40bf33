"""Workbooks (XLSX, XLSB, XLS, ODS): asks a bounded process for the rows of the first sheet that has a heading."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from lumbung.errors import Problem, marked
from lumbung.tables import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LINES,
    TOP_LINES,
    Cell,
    Cells,
    Flaw,
    Recognise,
    Rows,
    Table,
    Unreadable,
    score,
)
from lumbung.tables.delimited import too_many_columns, too_many_lines
from lumbung.tables.kinds import DAMAGED, EMPTY, PASSWORD

MOST_MEMORY = 1_000_000_000  # bytes of address space; 200,000 rows of seven columns need a seventh of it
MOST_SECONDS = 30  # of processor time
MOST_SHEETS = 50
_PROGRAM = Path(__file__).with_name("workbook_process.py")

TOO_HARD = Problem(
    "too_hard_to_read",
    marked(
        "The workbook takes more memory or time to read than a list does. Copy the list alone into a new "
        "workbook, or save it as CSV, and send that file."
    ),
)


NO_VALUE = Problem(
    "cell_error",
    marked(
        "The sheet holds errors or formulas that were never calculated. Open the file in a spreadsheet, correct "
        "them, save it, and send it again."
    ),
)


def read(content: bytes, kind: str, recognise: Recognise) -> Table | None:
    """The first visible sheet with a row in which `recognise` finds a heading; None if there is none.

    The workbook's reader trusts a sheet's own coordinates and would take memory for all cells between two corners;
    so it runs in a process that may fall without harm. Raises Unreadable.
    """
    rows = _conversation(content, kind, recognise)
    return Table(kind, rows) if next(rows, None) is not None else None


def _conversation(content: bytes, kind: str, recognise: Recognise) -> Rows:
    """An empty row once a sheet is chosen, then the rows of that sheet. Nothing if no sheet has a heading."""
    with subprocess.Popen(
        [sys.executable, "-I", str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a panic prints what stood in the cell
    ) as process:
        try:
            ask, answers = cast(IO[bytes], process.stdin), _messages(cast(IO[bytes], process.stdout))
            _hand_over(ask, content, kind)
            yield from _chosen(ask, answers, recognise)
        finally:
            process.kill()
            with suppress(OSError):
                cast(IO[bytes], process.stdin).close()


def _hand_over(ask: IO[bytes], content: bytes, kind: str) -> None:
    """Send the limits and the workbook. A process that has fallen already is noticed by its silence."""
    limits = {
        "bytes": len(content),
        "memory": MOST_MEMORY,
        "seconds": MOST_SECONDS,
        "sheets": MOST_SHEETS,
        "columns": MOST_COLUMNS,
        "lines": MOST_LINES,
        "cell": LONGEST_CELL,
        "top": TOP_LINES,
        "kind": kind,
    }
    with suppress(OSError):
        ask.write(json.dumps(limits).encode() + b"\n")
        ask.write(content)
        ask.flush()


def _chosen(ask: IO[bytes], answers: Iterator[Any], recognise: Recognise) -> Iterator[Cells]:
    """Answer the process's offers; then pass on the rows of the sheet taken."""
    for message in answers:
        if isinstance(message, list):
            for row in message:
                yield _cells(row)
        elif "top" in message:
            take = score([_cells(row) for row in message["top"]], recognise) > 0
            with suppress(OSError):
                ask.write(b"take\n" if take else b"next\n")
                ask.flush()
            if take:
                yield ()
        elif not message["end"]:
            raise Unreadable(EMPTY)


def _messages(answers: IO[bytes]) -> Iterator[Any]:
    """What the process says, up to the end that it declares. Raises Unreadable for a fault or a sudden end."""
    for line in answers:
        if not line.endswith(b"\n"):  # it fell in the middle of a word
            break
        message = json.loads(line)
        if isinstance(message, dict) and "fault" in message:
            raise Unreadable(_fault(message["fault"]))
        yield message
        if isinstance(message, dict) and "end" in message:
            return
    raise Unreadable(TOO_HARD)


def _fault(name: str) -> Problem:
    """The problem behind the process's word for it."""
    if name == "columns":
        return too_many_columns()
    if name == "lines":
        return too_many_lines()
    return {"password": PASSWORD, "too_hard": TOO_HARD, "flaw": NO_VALUE}.get(name, DAMAGED)


def _cells(row: list[Any]) -> Cells:
    """A row as it came through JSON, with its dates and flaws made such again."""
    if any(type(cell) is list for cell in row):
        return [_unpacked(cell) if type(cell) is list else cell for cell in row]
    return row


def _unpacked(cell: list[Any]) -> Cell:
    """A cell that JSON carries as a list: a flaw by its name, or a date."""
    return Flaw(cell[0]) if len(cell) == 1 else date(*cell)
