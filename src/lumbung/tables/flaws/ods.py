"""Flaws of an ODS sheet: formulas whose value is an error, and those without a value."""

import re
import zipfile
from io import BytesIO
from typing import IO
from xml.parsers import expat  # in a process that may fall

from lumbung.tables.flaws.found import ERROR, UNCALCULATED, Found

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_KINDS = (f"{_OFFICE}value-type", f"{_CALC}value-type")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# What an error looks like in the cell; before 2012 its value was written as 0.
_ERROR = re.compile(r"#(?:N/A|[A-Z]+/?[0-9]*[!?])|Err:[0-9]+")
_END = re.compile(rb"</(?:[\w.-]+:)?document-content\s*>(?:\s|<!--[^<]*-->)*\Z")
_PIECE = 1 << 20
_LONGEST = 40  # characters of a cell's text that are looked at


def look_through(content: bytes, sheet: str, found: Found) -> None:
    """Add the flaws of the sheet of this name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        with archive.open("content.xml") as stream:
            formulas = _holds(stream, b"formula")
        if formulas:
            with archive.open("content.xml") as stream:
                _Search(sheet, found).parse(stream)


def check_whole(content: bytes) -> None:
    """Raise ValueError for a document that is cut off: it must end with its outermost tag."""
    end = b""
    with zipfile.ZipFile(BytesIO(content)) as archive, archive.open("content.xml") as stream:
        while piece := stream.read(_PIECE):
            end = (end + piece)[-_PIECE:]
    if not _END.search(end):
        raise ValueError


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


class _Search:
    """Walks through a document and keeps count of lines and columns, as far as repeated ones go."""

    def __init__(self, sheet: str, found: Found) -> None:
        self._sheet, self._found = sheet, found
        self._inside = False
        self._line, self._lines = 1, 1
        self._column, self._columns = 0, 1
        self._cell: dict[str, str] | None = None  # the attributes of a cell with a formula
        self._has_text = False
        self._text = ""
        self._depth = 0  # in a cell; a note on it is deeper than its own text

    def parse(self, stream: IO[bytes]) -> None:
        """Read the whole document."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_TABLE}table":
            self._inside = attributes.get(f"{_TABLE}name") == self._sheet
            self._line = 1
        elif not self._inside:
            return
        elif tag == f"{_TABLE}table-row":
            self._lines = int(attributes.get(f"{_TABLE}number-rows-repeated", 1))
            self._column = 0
        elif tag in _CELLS:
            self._columns = int(attributes.get(f"{_TABLE}number-columns-repeated", 1))
            self._cell = attributes if f"{_TABLE}formula" in attributes else None
            self._has_text, self._text, self._depth = False, "", 0
        elif self._cell is not None:
            self._depth += 1
            self._has_text = self._has_text or (self._depth == 1 and tag == f"{_TEXT}p")

    def _end(self, tag: str) -> None:
        if not self._inside:
            return
        if tag == f"{_TABLE}table":
            self._inside = False
        elif tag == f"{_TABLE}table-row":
            self._line += self._lines
        elif tag in _CELLS:
            if self._cell is not None and (flaw := self._flaw(self._cell)):
                self._found.add(self._line, self._column, flaw, lines=self._lines, columns=self._columns)
            self._cell = None
            self._column += self._columns
        elif self._cell is not None:
            self._depth -= 1

    def _characters(self, text: str) -> None:
        if self._cell is not None and self._depth == 1 and len(self._text) < _LONGEST:
            self._text += text

    def _flaw(self, cell: dict[str, str]) -> str | None:
        """Why a formula has no value; None if it has one. The empty text is shown, so it has a text:p."""
        kinds = [cell[each] for each in _KINDS if each in cell]
        if "error" in kinds or _ERROR.fullmatch(self._text):
            return ERROR
        return None if kinds or self._has_text else UNCALCULATED
