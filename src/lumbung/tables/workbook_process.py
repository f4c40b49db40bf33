"""Reads one workbook in a process of its own, bounded in memory and time. A program, run by `workbook.py`.

It gets one line of JSON (the limits) and the workbook's bytes on its input. For each visible sheet it offers the
first rows and takes "take" or "next" for an answer; then it writes the rows of the sheet taken, in chunks, one
JSON line each. It knows nothing of what the rows mean.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import islice
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


def _offer(content: bytes, limits: dict[str, int]) -> bool:
    """Offer sheet after sheet until one is taken; whether any sheet had a cell at all."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    del content
    found = False
    for sheet in workbook.sheets_metadata[: limits["sheets"]]:
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
        _send(_rows(table, None, limits))
        break
    return found


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


def _say(message: Any) -> None:
    """Write one line of JSON and hand it over at once."""
    sys.stdout.buffer.write(json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
