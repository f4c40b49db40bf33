"""Reads the bank's list of payments: CSV in UTF-8 with commas and four named columns (rules: files.md)."""

import re
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from lumbung.errors import Problem, marked
from lumbung.tables import LONGEST_CELL, Cells, Unreadable, delimited
from lumbung.tables.kinds import kind_of

COLUMNS = ("payment_code", "amount", "received_on", "bank_reference")
MOST_LINES = 250_000
MOST_PROBLEMS = 10_000
LONGEST_TEXT = 64  # characters of a payment code or a bank reference
LARGEST_AMOUNT = 9_999_999_999_999_999  # rupiah in one payment; the ledger holds a thousand times that
LONGEST_VALUE_SHOWN = 100

_AMOUNT = re.compile(r"[0-9]{1,40}")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

NOT_CSV = marked(
    "A bank file is a CSV file (UTF-8, commas), but this is a workbook. Save it as CSV and send that."
)
NOT_UTF8 = marked("The bank file is not in UTF-8. Save it as CSV in UTF-8 and send that.")
NO_HEADER = marked("The first line must name the columns {columns}, with commas between them.")
WRONG_HEADER = marked("This name stands in the first line twice, or is none of {columns}. Correct the first line.")
NO_LINES = marked("There is a header but no payment below it. Choose the file that holds the payments.")
TOO_MANY = marked("The file has more than {most} payments. Divide it.")
WRONG_WIDTH = marked("This line has {found} cells instead of {wanted}. Correct its commas and quotation marks.")
NO_CODE = marked("A payment code has 1 to {most} printable characters. Correct it.")
NO_AMOUNT = marked("An amount is whole rupiah above 0, in digits without dots or commas. Correct it.")
TOO_LARGE = marked("This amount is larger than {most} rupiah. Correct it.")
NO_DAY = marked("A day is written year, month, day, like 2026-10-31. Correct it.")
NO_REFERENCE = marked("A bank reference has 1 to {most} printable characters. Correct it.")
SAME_LINE = marked("This line repeats line {first}. Delete one of the two.")
SAME_REFERENCE = marked("This bank reference stands in line {first} already, with another payment. Ask the bank.")
MORE = marked("There are {more} more problems than are listed here. Correct these first.")


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment as the bank reports it: whole rupiah, and the day on which the bank received them."""

    line: int
    payment_code: str
    amount: int
    received_on: date
    bank_reference: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """What stood in a bank file. It may be taken in only if there are no problems."""

    lines: list[BankLine]
    problems: list[Problem]


class _Fault(NamedTuple):
    code: str
    sentence: str
    facts: dict[str, object]


def read(content: bytes) -> BankFile:
    """All payments of a bank file, or all its problems. Never raises on a file, whatever it holds."""
    lines: list[BankLine] = []
    problems = _Problems()
    try:
        with closing(_records(content)) as records:
            titles = _titles(next(records, []), problems)
            if titles:
                _read_lines(titles, records, lines, problems)
                if not lines and not problems.listed:
                    problems.listed.append(Problem("no_lines", NO_LINES))
    except Unreadable as unreadable:
        problems.listed.append(unreadable.problem)
    return BankFile(lines, problems.all())


class _Problems:
    """The problems found so far, and how many there are beyond those listed."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self._unlisted = 0

    def note(self, line: int, column: str | None, value: str | None, fault: _Fault) -> None:
        """Add a problem, or count it when the list is full."""
        if len(self.listed) >= MOST_PROBLEMS:
            self._unlisted += 1
            return
        shown = None if value is None else _storable(value[:LONGEST_VALUE_SHOWN])
        title = None if column is None else _storable(column[:LONGEST_VALUE_SHOWN])
        self.listed.append(Problem(fault.code, fault.sentence, line, title, shown, fault.facts))

    def all(self) -> list[Problem]:
        """The list, and at its end how many more there are."""
        if not self._unlisted:
            return self.listed
        return [*self.listed, Problem("more_problems", MORE, facts={"more": self._unlisted})]


def _storable(text: str) -> str:
    """A text with a sign to be seen for each NUL, which no database keeps."""
    return text.replace("\x00", "\ufffd")


def _records(content: bytes) -> Generator[list[str], None, None]:
    """The records of the file, once it is sure that it is CSV in UTF-8."""
    if kind_of(content) != "csv":
        raise Unreadable(Problem("not_csv", NOT_CSV))
    encoding = delimited.encoding_of(content)
    if not encoding.startswith("utf-8"):
        raise Unreadable(Problem("not_utf8", NOT_UTF8))
    return delimited.records(content, encoding, ",")


def _titles(header: Cells, problems: _Problems) -> list[str]:
    """The names of the columns in the file's order; none if the header is not what it must be."""
    titles = [str(cell).strip() for cell in header]
    if set(COLUMNS).isdisjoint(titles):
        problems.note(1, None, None, _Fault("no_header", NO_HEADER, {"columns": ",".join(COLUMNS)}))
        return []
    for index, title in enumerate(titles):
        if title not in COLUMNS or title in titles[:index]:
            problems.note(1, title, title, _Fault("wrong_header", WRONG_HEADER, {"columns": ",".join(COLUMNS)}))
    if not set(COLUMNS).issubset(titles):
        problems.note(1, None, None, _Fault("no_header", NO_HEADER, {"columns": ",".join(COLUMNS)}))
    return [] if problems.listed else titles


def _read_lines(
    titles: list[str], records: Iterable[list[str]], lines: list[BankLine], problems: _Problems
) -> None:
    """Judge each line below the header, and add what is good to `lines`."""
    first: dict[str, BankLine] = {}
    for number, cells in enumerate(records, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) >= MOST_LINES:
            raise Unreadable(Problem("too_many_lines", TOO_MANY, number, facts={"most": MOST_LINES}))
        line = _line(number, titles, cells, problems)
        if line is None:
            continue
        earlier = first.setdefault(line.bank_reference, line)
        if earlier is line:
            lines.append(line)
        else:
            problems.note(number, "bank_reference", line.bank_reference, _repeated(earlier, line))


def _repeated(earlier: BankLine, line: BankLine) -> _Fault:
    """Two lines have one reference: the same payment twice, or two payments."""
    facts: dict[str, object] = {"first": earlier.line}
    same = (earlier.payment_code, earlier.amount, earlier.received_on) == (
        line.payment_code,
        line.amount,
        line.received_on,
    )
    return _Fault("same_line", SAME_LINE, facts) if same else _Fault("same_reference", SAME_REFERENCE, facts)


def _line(number: int, titles: list[str], cells: list[str], problems: _Problems) -> BankLine | None:
    """One payment, or nothing but its problems."""
    if len(cells) != len(titles):
        facts: dict[str, object] = {"found": len(cells), "wanted": len(titles)}
        problems.note(number, None, None, _Fault("wrong_width", WRONG_WIDTH, facts))
        return None
    values: dict[str, object] = {}
    for title, cell in zip(titles, cells, strict=True):
        read_value = _READERS[title]
        value = read_value(cell[:LONGEST_CELL].strip())
        if isinstance(value, _Fault):
            problems.note(number, title, cell, value)
        else:
            values[title] = value
    return BankLine(line=number, **values) if len(values) == len(titles) else None  # type: ignore[arg-type]


def _text(cell: str) -> str | None:
    """A cell of printable characters, short enough; None for any other."""
    return cell if cell and len(cell) <= LONGEST_TEXT and cell.isprintable() else None


def _payment_code(cell: str) -> str | _Fault:
    return _text(cell) or _Fault("not_a_payment_code", NO_CODE, {"most": LONGEST_TEXT})


def _bank_reference(cell: str) -> str | _Fault:
    return _text(cell) or _Fault("not_a_bank_reference", NO_REFERENCE, {"most": LONGEST_TEXT})


def _amount(cell: str) -> int | _Fault:
    if not _AMOUNT.fullmatch(cell) or not int(cell):
        return _Fault("not_an_amount", NO_AMOUNT, {})
    amount = int(cell)
    return amount if amount <= LARGEST_AMOUNT else _Fault("amount_too_large", TOO_LARGE, {"most": LARGEST_AMOUNT})


def _received_on(cell: str) -> date | _Fault:
    found = _DAY.fullmatch(cell)
    try:
        return date(*map(int, found.groups())) if found else _Fault("not_a_day", NO_DAY, {})
    except ValueError:
        return _Fault("not_a_day", NO_DAY, {})


_READERS: dict[str, Callable[[str], object]] = {
    "payment_code": _payment_code,
    "amount": _amount,
    "received_on": _received_on,
    "bank_reference": _bank_reference,
}
