"""Flaws of an ODS sheet: formulas whose value is an error, and those without a value."""

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from html import unescape
from io import BytesIO
from typing import IO
from xml.parsers import expat  # in a process that may fall

from lumbung.tables.flaws.found import ERROR, UNCALCULATED, Found


@cache
def _value(attribute: bytes) -> re.Pattern[bytes]:
    """Finds the value of an attribute (group 2) in a tag."""
    return re.compile(rb"\s" + attribute + rb"\s*=\s*([\"'])(.*?)\1", re.DOTALL)


# By the names that every writer gives to the namespaces, as the reader does. The bulk is gone through by find and
# count of bytes: a regular expression takes several times as long.
_ATTRIBUTES = rb"((?:[^<>\"'/]++|/(?!>)|\"[^\"]*+\"|'[^']*+')*+)"
_BETWEEN_ROWS = re.compile(rb"<table:(table|table-row)(?=[\s/>])" + _ATTRIBUTES + rb"/?>|</table:(table)\s*>")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])" + _ATTRIBUTES + rb"/?>")
_NAME = _value(b"table:name")
_KIND = _value(b"(?:office|calcext):value-type")
_IS_ERROR = re.compile(rb"\scalcext:value-type\s*=\s*[\"']error[\"']")
_NOTE = re.compile(rb"<office:annotation(?=[\s>]).*?</office:annotation\s*>", re.DOTALL)
_PARAGRAPH = re.compile(rb"<text:p(?=[\s/>])[^<>]*>([^<]{0,40})")
# What an error looks like in the cell; before 2012 its value was written as 0.
_ERROR = re.compile(rb"#(?:N/A|[A-Z]+/?[0-9]*[!?])|Err:[0-9]+")
_ROW, _ROW_END, _FORMULA = b"<table:table-row", b"</table:table-row", b"table:formula"
_CELLS = (b"<table:table-cell", b"<table:covered-table-cell")
_ROWS_REPEATED, _COLUMNS_REPEATED = b"table:number-rows-repeated", b"table:number-columns-repeated"
_PIECE = 1 << 20
_LONGEST_ROW = 50_000_000  # bytes


def check_whole(content: bytes) -> None:
    """Raise ExpatError for XML that is not well-formed, as when it is cut off: about 100 MB a second."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for part in ("content.xml", "META-INF/manifest.xml"):
            parser = expat.ParserCreate()
            with archive.open(part) as stream:
                while piece := stream.read(_PIECE):
                    parser.Parse(piece, False)
            parser.Parse(b"", True)


def look_through(content: bytes, sheet: str, found: Found) -> None:
    """Add the flaws of the sheet of this name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        with archive.open("content.xml") as stream:
            formulas = _holds(stream, b"formula")
        if formulas:
            with archive.open("content.xml") as stream:
                _search(stream, sheet, found)


def _holds(stream: IO[bytes], word: bytes) -> bool:
    """Whether a word stands in a text. Raises ValueError for a text of two bytes a letter."""
    rest = b""
    while piece := stream.read(_PIECE):
        if b"\x00" in piece:
            raise ValueError
        if word in rest + piece:
            return True
        rest = piece[-len(word) :]
    return False


class _Rows:
    """The rows of one sheet, counted as they go by."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._inside = False
        self._line = 1

    def pass_by(self, between: bytes) -> None:
        """What stands between two rows: sheets that begin or end, and rows of nothing."""
        for tag, start, end in _BETWEEN_ROWS.findall(between):
            if end:
                self._inside = False
            elif tag == b"table":
                name = _NAME.search(start)
                self._inside = name is not None and unescape(name[2].decode()) == self._sheet
                self._line = 1
            else:
                self._line += _repeated(start, _ROWS_REPEATED)

    def look_through(self, row: bytes, found: Found) -> None:
        """A row from its first tag on, without its last."""
        if not self._inside:
            return
        start = row[: row.find(b">") + 1]
        lines = _repeated(start, _ROWS_REPEATED)
        if _FORMULA in row:
            _look_through(row, self._line, lines, found)
        self._line += lines


def _search(stream: IO[bytes], sheet: str, found: Found) -> None:
    """Go through the rows of the sheet, and into those with a formula."""
    rows = _Rows(sheet)
    for piece in _pieces(stream):
        begin = piece.rfind(_ROW)
        if begin < 0:
            rows.pass_by(piece)
            continue
        rows.pass_by(piece[:begin])
        rows.look_through(piece[begin:], found)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A document in pieces, each up to the end of a row, and at last what follows the rows.

    Raises ValueError for a row without end.
    """
    rest = b""
    while more := stream.read(_PIECE):
        *whole, rest = (rest + more).split(_ROW_END)
        yield from whole
        if len(rest) > _LONGEST_ROW:
            raise ValueError
    yield rest


def _repeated(start: bytes, name: bytes) -> int:
    """How many times a row or cell stands, by the attributes of its tag."""
    return int(found[2]) if name in start and (found := _value(name).search(start)) else 1


def _look_through(row: bytes, line: int, lines: int, found: Found) -> None:
    """Add the flaws of a row that stands in so many lines."""
    column = counted = at = 0
    while (formula := row.find(_FORMULA, at)) >= 0:
        start = row.rfind(b"<", 0, formula)
        at = formula + 1
        if not (cell := _CELL.match(row, start)):
            continue
        column += _columns(row[counted:start])
        counted = at = cell.end()
        columns = _repeated(cell[1], _COLUMNS_REPEATED)
        inside = b"" if cell[0].endswith(b"/>") else row[at : row.find(b"</table:", at)]
        if flaw := _flaw(cell[1], inside):
            found.add(line, column, flaw, lines=lines, columns=columns)
        column += columns


def _columns(cells: bytes) -> int:
    """How many columns some cells fill."""
    if _COLUMNS_REPEATED not in cells:
        return sum(map(cells.count, _CELLS))
    return sum(_repeated(start, _COLUMNS_REPEATED) for start in _CELL.findall(cells))


def _flaw(start: bytes, inside: bytes) -> str | None:
    """Why a formula has no value; None if it has one. The empty text is shown, so it has a text:p."""
    if _IS_ERROR.search(start):
        return ERROR
    shown = b"<text:p" in inside and _PARAGRAPH.search(_NOTE.sub(b"", inside))
    if shown and _ERROR.fullmatch(shown[1].strip()):
        return ERROR
    return None if shown or _KIND.search(start) else UNCALCULATED
