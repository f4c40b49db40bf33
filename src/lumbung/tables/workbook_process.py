"""Reads one workbook in a process of its own, bounded in memory and time. A program, run by `workbook.py`.

It gets one line of JSON (the limits) and the workbook's bytes on its input. For each visible sheet it offers the
first rows and takes "take" or "next" for an answer; then it writes the rows of the sheet taken, in chunks, one
JSON line each. It knows nothing of what the rows mean.
"""

import json
import posixpath
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from itertools import islice
from typing import IO, Any
from xml.etree import ElementTree  # in a process that may fall

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
        flaws = _flaws(content, sheet.name) if limits["xlsx"] else {}
        if max(flaws, default=0) >= limits["lines"]:
            raise _Refused("lines")
        _send(_flawed(_rows(table, None, limits), flaws, limits["columns"]))
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


# The reader makes '' of an error and of a formula that has no value yet, as if nothing stood there; so the sheet's
# own text is looked through for them. A formula whose text is the empty text was calculated (t="str", <v></v>).
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(\s[^<>]*[^<>/]|)>(.*?)</(?:[\w.-]+:)?c\s*>", re.DOTALL)
_IS_ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_IS_TEXT = re.compile(rb"\st\s*=\s*[\"']str[\"']")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?(?<!/)>[^<]|<(?:[\w.-]+:)?is[\s>]")
_VALUE_OR_NONE = re.compile(rb"<(?:[\w.-]+:)?v[\s/>]")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_PIECE = 1 << 20


def _flaws(content: bytes, sheet: str) -> dict[int, dict[int, str]]:
    """The cells of an XLSX sheet that hold something without a value: line -> column (from 0) -> what."""
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        with archive.open(parts[_part_of(archive, parts, sheet)]) as stream:
            for piece in _pieces(stream):
                if any(sign in piece for sign in (b"<f", b":f", b'"e"', b"'e'")):
                    _look_through(piece, found)
    return found


def _part_of(archive: zipfile.ZipFile, parts: Mapping[str, str], sheet: str) -> str:
    """The name, in small letters, of the part that holds a sheet. Raises LookupError if there is none."""
    book = ElementTree.fromstring(archive.read(parts["xl/workbook.xml"]))  # noqa: S314
    relations = ElementTree.fromstring(archive.read(parts["xl/_rels/workbook.xml.rels"]))  # noqa: S314
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
            known = next(value for name, value in element.items() if name.endswith("}id"))
            target = targets[known].replace("\\", "/").lower()
            return target.lstrip("/") if target.startswith(("/", "xl/")) else posixpath.normpath(f"xl/{target}")
    raise LookupError


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A part piece by piece, cut only behind the end of a row."""
    rest = b""
    while more := stream.read(_PIECE):
        rest += more
        cut = rest.rfind(b"row>") + 4
        if cut > 3:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _look_through(piece: bytes, found: dict[int, dict[int, str]]) -> None:
    """Add the flaws in a piece of a sheet to those found. Raises _Refused for one that doesn't say its place."""
    for start, inside in _CELL.findall(piece):
        if not (flaw := _flaw(start, inside)):
            continue
        place = _PLACE.search(start)
        if place is None:
            raise _Refused("flaw")
        column = 0
        for letter in place[1].upper():
            column = column * 26 + letter - 64
        found.setdefault(int(place[2]), {})[column - 1] = flaw


def _flaw(start: bytes, inside: bytes) -> str | None:
    """Why a cell has no value, by its attributes and what is inside it; None if it has one or is blank."""
    if _IS_ERROR.search(start):
        return "error"
    if b"f" not in inside or not _FORMULA.search(inside) or _VALUE.search(inside):
        return None
    return None if _IS_TEXT.search(start) and _VALUE_OR_NONE.search(inside) else "uncalculated"


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
