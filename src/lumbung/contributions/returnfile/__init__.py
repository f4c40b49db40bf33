"""Reads an employer's monthly wage return out of a file: all its rows, or all its problems (rules: files.md)."""

from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice

from lumbung.contributions.returnfile.headings import NO_HEADING, Heading, locate, recognise
from lumbung.contributions.returnfile.judging import Judge, Row
from lumbung.errors import Problem, marked
from lumbung.law.month import Month
from lumbung.tables import TOP_LINES, Cells, Table, Unreadable, delimited, workbook
from lumbung.tables.kinds import kind_of

__all__ = ["ReturnFile", "Row", "Skipped", "read"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many lines below the heading were passed over: blank ones, and totals."""

    blank: int = 0
    totals: int = 0


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """What stood in a file. It may be taken in only if there are no problems.

    `rows` are the lines without a problem, in the file's order; `format` is csv, xlsx, xlsb, xls, ods, or empty
    when the file as a whole could not be read; `titles` gives the file's own heading for each field of a row.
    """

    rows: list[Row]
    problems: list[Problem]
    skipped: Skipped = Skipped()
    format: str = ""
    titles: dict[str, str] = field(default_factory=dict)


def read(content: bytes, *, month: Month | None = None, file_name: str = "") -> ReturnFile:
    """Read a return of any format; `month` is what its month column must say. Never raises on a user's file.

    `file_name` is what its sender calls the file: it decides nothing, the bytes do.
    """
    try:
        table = _table(content)
        if table is None:
            return ReturnFile([], [NO_HEADING])
        with closing(table.rows):
            return _judged(table, month)
    except Unreadable as unreadable:
        return ReturnFile([], [unreadable.problem])


def _table(content: bytes) -> Table | None:
    """The table of the file that has a heading of ours."""
    kind = kind_of(content)
    return delimited.read(content, recognise) if kind == "csv" else workbook.read(content, kind, recognise)


def _judged(table: Table, month: Month | None) -> ReturnFile:
    """The rows of a table judged, as far as they can be read."""
    top: list[Cells] = []
    broken: list[Problem] = []
    try:
        top.extend(islice(table.rows, TOP_LINES))
    except Unreadable as unreadable:
        broken.append(unreadable.problem)
    heading = locate(top)
    if heading is None:
        return ReturnFile([], broken or [NO_HEADING], format=table.format)
    judge = Judge(heading, month, delimited=table.format == "csv")
    try:
        judge.judge_all(heading.line + 1, chain(top[heading.line :], table.rows))
    except Unreadable as unreadable:
        broken.append(unreadable.problem)
    return _outcome(judge, heading, broken, table.format)


def _outcome(judge: Judge, heading: Heading, broken: list[Problem], kind: str) -> ReturnFile:
    """What the judge found; nothing is taken of a broken file or without a needed column."""
    problems = [*judge.all_problems(), *broken]
    if not judge.rows and not problems:
        sentence = marked("There is a heading but no row below it. Choose the file that holds the list.")
        problems = [Problem("no_rows", sentence)]
    titles = {str(each): column.title for each, column in heading.columns.items()}
    lacking = any(problem.code == "missing_column" for problem in heading.problems)
    rows = [] if broken or lacking else judge.rows
    return ReturnFile(rows, problems, Skipped(judge.blank, judge.totals), kind, titles)
