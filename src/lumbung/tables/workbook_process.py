"""Reads one workbook in a process of its own, bounded in memory and time. A program, run by `workbook.py`.

It gets one line of JSON (the limits) and the workbook's bytes on its input. For each visible sheet it offers the
first rows and takes "take" or "next" for an answer; then it writes the rows of the sheet taken, in chunks, one
JSON line each. It knows nothing of what the rows mean.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

_CHUNK = 100  # rows; even the widest chunk stays small


class _Refused(Exception):
    """The workbook breaks a limit; the argument names it."""


def main() -> None:
    """Read, and say at the end either that it is the end or what was wrong."""
    limits = json.loads(sys.stdin.buffer.readline())
    _bound(limits["memory"], limits["seconds"])
    content = sys.stdin.buffer.read(limits["bytes"])
    from python_calamine import PasswordError  # after the bounds  # noqa: PLC0415

    sys.path.append(str(Path(__file__).resolve().parents[2]))  # where Lumbung lies, installed or not
    try:
        _say({"end": _offer(content, limits)})
    except _Refused as refused:
        _say({"fault": str(refused)})
    except PasswordError:
        _say({"fault": "password"})
    except MemoryError:
        _say({"fault": "too_hard"})
    except BaseException:  # the reader's panics are no Exception, and each of them means the same  # noqa: BLE001
        _say({"fault": "damaged"})


def _bound(memory: int, seconds: int) -> None:
    """Give this process no more memory (bytes) and processor time than that, where the system can."""
    import resource  # noqa: PLC0415

    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS knows no bound on memory
            continue


def _offer(content: bytes, limits: dict[str, Any]) -> bool:
    """Offer sheet after sheet until one is taken; whether any sheet had a cell at all."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    _check_before(content, limits["kind"])
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    found = False
    for index, sheet in enumerate(workbook.sheets_metadata[: limits["sheets"]]):
        if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        table = workbook.get_sheet_by_name(sheet.name)
        if table.start is None:  # the reader panics over the rows of an empty sheet
            continue
        found = True
        top = _rows(table, limits["top"], limits)
        _say({"top": list(top)})
        if sys.stdin.buffer.readline() != b"take\n":
            continue
        workbook.close()
        _check_size(table, limits)
        flaws = _flaws(content, index, sheet.name, limits)
        if max(flaws, default=0) >= limits["lines"]:
            raise _Refused("lines")
        _send(_flawed(_rows(table, None, limits), flaws, limits["columns"]))
        break
    return found


def _check_before(content: bytes, kind: str) -> None:
    """Refuse what the reader stumbles over: an XLS with a password; an ODS cut off, which it reads for ever."""
    from lumbung.tables.flaws import ods, xls  # noqa: PLC0415

    if kind == "xls" and xls.is_locked(content):
        raise _Refused("password")
    if kind == "ods":
        ods.check_whole(content)


def _flaws(content: bytes, index: int, name: str, limits: dict[str, Any]) -> dict[int, dict[int, str]]:
    """The cells of a sheet that hold something without a value: line -> column (from 0) -> what."""
    from lumbung.tables import flaws  # noqa: PLC0415

    try:
        return flaws.find(
            content,
            limits["kind"],
            flaws.Sheet(index, name),
            most_columns=limits["columns"],
        )
    except flaws.Unplaced as unplaced:
        raise _Refused("flaw") from unplaced


def _check_size(table: Any, limits: dict[str, int]) -> None:
    """Refuse a sheet wider or longer than any list is."""
    if table.width > limits["columns"]:
        raise _Refused("columns")
    if table.total_height >= limits["lines"]:
        raise _Refused("lines")


def _rows(table: Any, most: int | None, limits: dict[str, int]) -> Iterator[list[Any]]:
    """The rows of a sheet from line 1 on, as JSON can carry them; a row of blanks as an empty list."""
    longest, columns = limits["cell"] + 1, limits["columns"] + 1
    blank = [""] * table.width
    for row in islice(table.iter_rows(), most):
        if row == blank:
            yield []
        else:
            yield [cell[:longest] if type(cell) is str else _plain(cell) for cell in row[:columns]]


def _plain(cell: Any) -> Any:
    """A cell as JSON can carry it: a date as year, month and day; a time of day or a duration as text."""
    if isinstance(cell, date):
        return [cell.year, cell.month, cell.day]
    return cell if isinstance(cell, bool | int | float) else str(cell)


def _send(rows: Iterator[list[Any]]) -> None:
    """Write rows in chunks."""
    while chunk := list(islice(rows, _CHUNK)):
        _say(chunk)


def _flawed(rows: Iterator[list[Any]], flaws: Mapping[int, Mapping[int, str]], most: int) -> Iterator[list[Any]]:
    """The rows with the flaws in their places, and after them those rows in which nothing else stands."""
    line = 0
    for line, row in enumerate(rows, 1):
        yield _marked(row, flaws[line], most) if line in flaws else row
    for below in range(line + 1, max(flaws, default=0) + 1):
        yield _marked([], flaws.get(below, {}), most)


def _marked(row: list[Any], flaws: Mapping[int, str], most: int) -> list[Any]:
    """A row with its flaws, as JSON can carry them; past the most columns there is no list."""
    inside = {column: flaw for column, flaw in flaws.items() if column < most}
    cells = [*row, *[""] * (max(inside, default=-1) + 1 - len(row))]
    for column, flaw in inside.items():
        cells[column] = [flaw]
    return cells


def _say(message: Any) -> None:
    """Write one line of JSON and hand it over at once."""
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
