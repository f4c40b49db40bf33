"""Flaws of an XLS sheet: cells that hold an error, and formulas of a workbook that was never calculated."""

from collections.abc import Iterator
from io import BufferedReader
from itertools import islice
from typing import IO

from lumbung.tables.flaws.compound import Compound
from lumbung.tables.flaws.found import ERROR, UNCALCULATED, Found

# MS-XLS 2.3: the records that matter here; a formula has another number in the older kinds of XLS.
_BEGIN, _END, _SHEET, _CALCULATED, _BOOLEAN_OR_ERROR = 0x0809, 0x000A, 0x0085, 0x01C1, 0x0205
_FORMULAS = (0x0006, 0x0206, 0x0406)
_LOCKED, _FIRST_RECORDS = 0x002F, 10
_KEPT = 16  # bytes of a record that are looked at
_NO_NUMBER = b"\xff\xff"
_ERROR_VALUE, _EMPTY_TEXT = 2, 3


def look_through(content: bytes, sheet: int, found: Found) -> None:
    """Add the flaws of the sheet with this index.

    A spreadsheet says with which of its versions it calculated the workbook last (RecalcId). Without that, a
    formula whose value is 0 or the empty text comes from a program that doesn't calculate.
    """
    reader = BufferedReader(Compound(content).open("Workbook", "Book"), 1 << 16)
    sheets: list[int] = []
    calculated = False
    for kind, body in _records(reader):
        if kind == _SHEET:
            sheets.append(int.from_bytes(body[:4], "little"))
        calculated = calculated or kind == _CALCULATED
    reader.seek(sheets[sheet])
    for kind, body in _records(reader):
        flaw = None
        if kind == _BOOLEAN_OR_ERROR and body[7:8] == b"\x01":
            flaw = ERROR
        elif kind in _FORMULAS:
            flaw = _flaw(body[6:14], calculated=calculated)
        if flaw:
            found.add(int.from_bytes(body[:2], "little") + 1, int.from_bytes(body[2:4], "little"), flaw)


def is_locked(content: bytes) -> bool:
    """Whether a password protects the workbook: it says so (FilePass) before anything that is encrypted."""
    reader = BufferedReader(Compound(content).open("Workbook", "Book"), 1 << 10)
    return any(kind == _LOCKED for kind, _ in islice(_records(reader), _FIRST_RECORDS))


def _records(reader: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The records from a BOF to its EOF, without those of charts inside: kind and the beginning of the body."""
    depth = 0
    while len(head := reader.read(4)) == 4:
        kind, size = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:], "little")
        body = reader.read(size)
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth <= 1:
            yield kind, body[:_KEPT]


def _flaw(value: bytes, *, calculated: bool) -> str | None:
    """Why a formula has no value; None if it has one."""
    if value[6:8] == _NO_NUMBER:
        if value[0] == _ERROR_VALUE:
            return ERROR
        return UNCALCULATED if value[0] == _EMPTY_TEXT and not calculated else None
    return None if calculated or any(value) else UNCALCULATED
