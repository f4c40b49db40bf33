"""The whole books as one stream in the order of entries, for whoever checks them with other programs."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import sql

from lumbung.ledger.proof import _partitions, _snapshot

FETCHED_ROWS = 10_000  # of one cursor at a time; what a reading holds in memory follows from it
_SORT_MEMORY = "64MB"  # on the server, for each month that is being read; beyond it the server sorts on disk
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry with its lines of the general ledger: debits positive, credits negative, in rupiah.

    `day` is the value date, `book_day` the day of `recorded_at` in the fund's calendar. `reverses` and `corrects`
    name the entry that this one takes back, whole or in part.
    """

    entry_id: int
    key: str
    kind: str
    day: date
    book_day: date
    recorded_at: datetime
    reason: str
    reverses: int | None
    corrects: int | None
    control: tuple[tuple[str, int], ...]


class JournalLine(NamedTuple):
    """A member's line of an entry, in rupiah, as the member sees it: a withdrawal takes away, all else adds."""

    member_number: str
    contribution_month: date | None
    contribution: int
    development: int
    withdrawal: int
    pension: int


class MemberTotal(NamedTuple):
    """What a member number has: the balance of its last line, not a sum of its lines."""

    member_number: str
    old_age: int
    pension: int


class ControlTotal(NamedTuple):
    """A control account, and the sum of its lines in rupiah, debits positive."""

    code: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How many entries and members' lines were booked, and the first and last value date; None without any."""

    entries: int
    lines: int
    first_day: date | None
    last_day: date | None


_ENTRIES = """
    SELECT e.id, e.key, e.kind, e.day, public.ledger_book_day(e.recorded_at), e.recorded_at, e.reason, e.reverses,
           e.corrects, c.accounts, c.amounts
    FROM public.ledger_entry AS e
    CROSS JOIN LATERAL (
        SELECT array_agg(c.account ORDER BY c.position), array_agg(c.amount ORDER BY c.position)
        FROM public.ledger_controlline AS c WHERE c.entry_id = e.id
    ) AS c (accounts, amounts)
    WHERE public.ledger_book_day(e.recorded_at) <= %(until)s
    ORDER BY e.id
"""
_EXTENT = """
    SELECT count(*), coalesce(sum(e.line_count), 0)::bigint, min(e.day), max(e.day)
    FROM public.ledger_entry AS e
    WHERE public.ledger_book_day(e.recorded_at) <= %(until)s
"""
_CONTROL_TOTALS = """
    SELECT a.code, a.name, coalesce(t.total, 0)::bigint FROM public.ledger_controlaccount AS a
    LEFT JOIN (
        SELECT l.account, sum(l.amount) FROM public.ledger_controlline AS l
        JOIN public.ledger_entry AS e ON e.id = l.entry_id
        WHERE public.ledger_book_day(e.recorded_at) <= %(until)s GROUP BY l.account
    ) AS t (account, total) ON t.account = a.code
    ORDER BY a.code
"""
_TOTALS = "member_number, contribution_total + development_total - withdrawal_total AS old_age, pension_total"
_MEMBERS_NOW: LiteralString = f"SELECT {_TOTALS} FROM public.ledger_memberaccount AS m"  # noqa: S608
# All descending, which is the key read backwards: no sort, and one row of each partition in memory.
_MEMBERS_THEN: LiteralString = f"""
    SELECT * FROM (
        SELECT DISTINCT ON (member_number) {_TOTALS} FROM public.ledger_memberline WHERE book_day <= %(until)s
        ORDER BY member_number DESC, book_day DESC, position DESC
    ) AS m
"""  # noqa: S608
_LINES = """
    SELECT m.entry_id, m.member_number, m.contribution_month, m.contribution, m.development, m.withdrawal,
           m.pension
    FROM public.{partition} AS m WHERE m.book_day <= %(until)s ORDER BY m.entry_id,
"""
_BY_NUMBER: LiteralString = " m.member_number"
# Members in the order of their numbers would say more about a number than its pseudonym does.
_SHUFFLED: LiteralString = " hashtextextended(m.member_number, %(seed)s), m.member_number"


@contextmanager
def read(until: date | None = None, *, shuffled: bool = False) -> Iterator["Journal"]:
    """Open one state of the books, whatever is posted meanwhile; read-only, so a replica will do.

    With `until` it holds what was booked by the end of that day. `shuffled` gives members in a random order
    instead of that of their numbers.
    """
    with _snapshot() as cursor:
        cursor.execute(sql.SQL("SET LOCAL work_mem = {}").format(_SORT_MEMORY))
        yield Journal(cursor, until, _SHUFFLED if shuffled else _BY_NUMBER)


@dataclass(slots=True)
class Journal:
    """One state of the books. Whatever their size, it holds some thousands of rows in memory at a time."""

    _cursor: psycopg.Cursor[dict[str, Any]]
    until: date | None
    _order: LiteralString
    _arguments: dict[str, Any] = field(init=False)
    _names: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        seed = secrets.randbits(63)
        self._arguments = {"until": self.until or date.max, "seed": seed}

    def extent(self) -> Extent:
        """How much there is to read."""
        return Extent(*self._rows(_EXTENT)[0])

    def control_totals(self) -> list[ControlTotal]:
        """Every control account with what stands on it."""
        return [ControlTotal(*row) for row in self._rows(_CONTROL_TOTALS)]

    def members(self) -> Iterator[MemberTotal]:
        """Each member number that has a line, with what it has. May be read several times."""
        query = _MEMBERS_NOW if self.until is None else _MEMBERS_THEN
        return map(MemberTotal._make, self._stream(sql.SQL(query + " ORDER BY" + self._order)))

    def entries(self) -> Iterator[tuple[JournalEntry, Iterator[JournalLine]]]:
        """Each entry, in the order of ids, with its members' lines.

        The lines are to be read before the next entry is asked for. They lie by book month and have no index by
        entry, so each month is sorted once; a month is open from its first entry to its last.
        """
        months = _Months(self)
        for row in self._stream(sql.SQL(_ENTRIES)):
            *facts, accounts, amounts = row
            entry = JournalEntry(*[*facts, tuple(zip(accounts or (), amounts or (), strict=True))])
            yield entry, months.lines(entry)

    def partitions(self) -> list[tuple[str, date, date]]:
        """The partitions of members' lines, each with its first day and the day beyond."""
        return _partitions(self._cursor)

    def lines_of(self, partition: str) -> Iterator[Row]:
        """The lines of a partition in the order of entries, each behind the id of its entry."""
        query = sql.SQL(_LINES + self._order).format(partition=sql.Identifier(partition))
        return self._stream(query)

    def _rows(self, query: LiteralString) -> Sequence[Row]:
        with psycopg.Cursor(self._cursor.connection) as cursor:
            return cursor.execute(query, self._arguments).fetchall()

    def _stream(self, query: sql.SQL | sql.Composed) -> Iterator[Row]:
        name = f"lumbung_journal_{next(self._names)}"
        with psycopg.ServerCursor(self._cursor.connection, name) as cursor:
            cursor.itersize = FETCHED_ROWS
            yield from cursor.execute(query, self._arguments)


class _Months:
    """The members' lines of the months that are being read, each month at the entry it has come to."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.partitions = journal.partitions()
        self.open: dict[str, Iterator[Row]] = {}
        self.next: dict[str, Row | None] = {}

    def lines(self, entry: JournalEntry) -> Iterator[JournalLine]:
        """The lines of this entry; those of earlier ones that nobody read are passed over."""
        partition = next(
            (name for name, first, beyond in self.partitions if first <= entry.book_day < beyond), None
        )
        if partition is None:
            return
        if partition not in self.open:
            self.open[partition] = self.journal.lines_of(partition)
            self.next[partition] = next(self.open[partition], None)
        rows, row = self.open[partition], self.next[partition]
        while row is not None and row[0] <= entry.entry_id:
            if row[0] == entry.entry_id:
                yield JournalLine._make(row[1:])
            row = self.next[partition] = next(rows, None)
