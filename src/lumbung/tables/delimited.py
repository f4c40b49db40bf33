"""Text in rows and columns: finds the encoding and the separator, and reads within limits."""

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from io import BytesIO, TextIOWrapper
from itertools import islice

from lumbung.errors import Problem, marked
from lumbung.tables import (
    MOST_COLUMNS,
    MOST_LINES,
    TOP_LINES,
    Cells,
    Recognise,
    Table,
    Unreadable,
    score,
)

SEPARATORS = (",", ";", "\t")
LONGEST_LINE = 300_000  # characters
MOST_LINES_OF_RECORD = 100  # a quoted cell may hold line ends; an unclosed quote swallows the file
_CONTROLS = bytes(range(9)) + bytes(range(14, 32)) + b"\x7f"
_CHUNK = 1 << 20
_PIECE = 1_000  # bytes, an even number, in which letters beyond Latin-1 are few
_END_OF_FILE = b"\x1a"  # what DOS programs write behind the last line
# A letter beyond ASCII as UTF-8 has it; in Windows-1252 these are rows of signs that no name holds.
_LETTER_OF_UTF_8 = re.compile(
    rb"\xc2\xa0|\xc3[\x80-\xbf]|[\xc4\xc5][\x80-\x9f\xa1-\xbf]|\xe2\x80[\x93\x94\x98-\x9d]|\xef\xbb\xbf"
)

NOT_TEXT = Problem(
    "not_text",
    marked("The file holds no readable text. Save the list as XLSX or as CSV (UTF-8) and send that file."),
)


def read(content: bytes, recognise: Recognise) -> Table | None:
    """The table as the separator shows it that makes most of the headings known; None if none does."""
    content = content.removesuffix(_END_OF_FILE)
    encoding = encoding_of(content)
    if encoding == "cp1252" and (found := _LETTER_OF_UTF_8.search(content)):
        raise Unreadable(_mixed(content[: found.start()]))
    scores = {}
    faults = []
    for separator in SEPARATORS:
        top: list[Cells] = []
        try:
            top.extend(islice(records(content, encoding, separator), TOP_LINES))
        except Unreadable as unreadable:
            faults.append(unreadable)
        scores[separator] = score(top, recognise)
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if scores[best]:
        return Table("csv", records(content, encoding, best))
    if faults:
        raise faults[0]
    return None


def encoding_of(content: bytes) -> str:
    """The name of the encoding: as the byte order mark says, else as it reads; at last Windows-1252.

    Raises Unreadable.
    """
    wide = _wide(content)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if wide is None:
            raise Unreadable(NOT_TEXT)
        return _checked(content, "utf-16")
    if wide:
        return _checked(content, wide)
    controls = len(content) - len(content.translate(None, delete=_CONTROLS))
    if controls > max(10, len(content) // 200):
        raise Unreadable(NOT_TEXT)
    if content.startswith(codecs.BOM_UTF8):
        return _checked(content, "utf-8-sig")
    return "utf-8" if _decodes(content, "utf-8") else "cp1252"


def _wide(content: bytes) -> str | None:
    """Which kind of UTF-16 it is without its mark: nearly every other byte of a list is a nought, none between."""
    if b"\x00" not in content[:_PIECE] and len(content) > 2:
        return None
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        halves = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
        if all(piece[first::2].count(0) * 4 > len(piece[first::2]) * 3 - 4 for piece in halves):
            return encoding
    return None


def _checked(content: bytes, encoding: str) -> str:
    """The encoding, when the content keeps to it."""
    if not _decodes(content, encoding):
        raise Unreadable(NOT_TEXT)
    return encoding


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether the whole content is text in this encoding; decoded piece by piece, for the memory's sake."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(content)
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(bytes(view[start : start + _CHUNK]))
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


class _Lines:
    """The lines of a text, none longer than the limit, and no more of them in one record than the limit."""

    def __init__(self, stream: TextIOWrapper) -> None:
        self._stream = stream
        self._of_record = 0
        self.record = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self._of_record += 1
        if len(line) > LONGEST_LINE:
            raise Unreadable(_too_long(self.record))
        if self._of_record > MOST_LINES_OF_RECORD:
            raise Unreadable(_open_quote(self.record))
        return line

    def next_record(self) -> None:
        """A record is complete; the next one begins."""
        self.record += 1
        self._of_record = 0


def records(content: bytes, encoding: str, separator: str) -> Generator[list[str], None, None]:
    """The records of a text; the n-th is line n of a spreadsheet. Raises Unreadable where a limit is passed.

    A byte that is no letter in the encoding is U+FFFD; a NUL stays one.
    """
    lines = _Lines(TextIOWrapper(BytesIO(content), encoding, errors="replace", newline=""))
    reader = csv.reader(lines, delimiter=separator)
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise Unreadable(too_many_columns(lines.record))
            if lines.record > MOST_LINES:
                raise Unreadable(too_many_lines())
            yield cells
            lines.next_record()
    except csv.Error as error:
        too_long = "field limit" in str(error)
        raise Unreadable(_cell_too_long(lines.record) if too_long else _open_quote(lines.record)) from error


def too_many_columns(line: int | None = None) -> Problem:
    """A row is wider than any list is."""
    sentence = marked(
        "The table has more than {most} columns. Keep the columns of the list and delete the others."
    )
    return Problem("too_many_columns", sentence, line, facts={"most": MOST_COLUMNS})


def too_many_lines() -> Problem:
    """The table is longer than a spreadsheet can be."""
    sentence = marked("The table has more than {most} lines. Delete the empty lines at its end, or split it.")
    return Problem("too_many_lines", sentence, facts={"most": MOST_LINES})


def _mixed(before: bytes) -> Problem:
    sentence = marked(
        "This line has letters in UTF-8, but other lines have them in Windows-1252. Open the file in your "
        "spreadsheet program, correct the odd letters, and save it as XLSX or CSV (UTF-8)."
    )
    return Problem("mixed_encodings", sentence, len((before + b".").splitlines()))


def _too_long(line: int) -> Problem:
    sentence = marked("This line has more than {most} characters. Save the list again as XLSX or CSV.")
    return Problem("line_too_long", sentence, line, facts={"most": LONGEST_LINE})


def _cell_too_long(line: int) -> Problem:
    sentence = marked(
        "A cell in this line has more than {most} characters. Shorten it. If it should be short, a quotation mark "
        '(") before it is not closed.'
    )
    return Problem("cell_too_long", sentence, line, facts={"most": csv.field_size_limit()})


def _open_quote(line: int) -> Problem:
    sentence = marked('A quotation mark (") is opened in this line and not closed. Close or delete it.')
    return Problem("open_quote", sentence, line)
