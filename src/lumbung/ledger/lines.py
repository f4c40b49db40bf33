"""Reading single lines of members' accounts: those of an entry, those between two days, and balances at a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from lumbung.ledger.queries import Balance, HistoryLine


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of one member number, and the key of its entry, which says what it stands for."""

    member_number: str = field(repr=False)
    key: str
    line: HistoryLine = field(repr=False)

    @property
    def old_age(self) -> int:
        """What the line adds to old-age savings, in rupiah."""
        return self.line.contribution + self.line.development - self.line.withdrawal


@dataclass(frozen=True, slots=True)
class Booked:
    """What a number had by the end of a day, and how many lines its account had then."""

    balance: Balance
    lines: int


_COLUMNS = """
    l.member_number, e.key, l.position, l.entry_id, e.kind, l.day, e.recorded_at, l.contribution_month,
    l.contribution, l.development, l.withdrawal, l.pension, l.pension_months,
    l.contribution_total + l.development_total - l.withdrawal_total, coalesce(e.reverses, e.corrects), {by},
    e.reason
"""
# Of the entries that take this one back, the one that did so for this member: a correction takes back some lines.
_OF_ENTRIES = f"""
    SELECT {_COLUMNS.format(by="b.id")}
    FROM public.ledger_entry AS e
    JOIN public.ledger_memberline AS l
      ON l.entry_id = e.id AND l.book_day = public.ledger_book_day(e.recorded_at)
     AND l.member_number = ANY(%(numbers)s)
    LEFT JOIN LATERAL (
        SELECT t.id FROM public.ledger_entry AS t
        WHERE (t.reverses = e.id OR t.corrects = e.id) AND EXISTS (
            SELECT FROM public.ledger_memberline AS x
            WHERE x.entry_id = t.id AND x.book_day = public.ledger_book_day(t.recorded_at)
              AND x.member_number = l.member_number
        )
        ORDER BY t.id LIMIT 1
    ) AS b ON true
    WHERE e.id = ANY(%(entries)s) OR e.key = ANY(%(keys)s)
    ORDER BY e.id, l.member_number
"""  # noqa: S608
_BETWEEN = f"""
    SELECT {_COLUMNS.format(by="NULL::bigint")}
    FROM public.ledger_memberline AS l JOIN public.ledger_entry AS e ON e.id = l.entry_id
    WHERE l.member_number = ANY(%(numbers)s) AND l.book_day > %(after)s AND l.book_day <= %(until)s
    ORDER BY l.book_day DESC, l.member_number, l.position DESC LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608
# What `movements` asks, for those who ask for more by the same statement.
MOVEMENTS = """
    SELECT day, contribution, development, withdrawal FROM public.ledger_memberline
    WHERE member_number = ANY(%s) ORDER BY day
"""
_AT = """
    SELECT n.number, l.position, l.book_day, l.contribution_total, l.development_total, l.withdrawal_total,
           l.pension_total, l.pension_months_total
    FROM unnest(%(numbers)s::text[]) AS n (number)
    CROSS JOIN LATERAL (
        SELECT * FROM public.ledger_memberline AS m WHERE m.member_number = n.number AND m.book_day <= %(day)s
        ORDER BY m.book_day DESC, m.position DESC LIMIT 1
    ) AS l
"""


def of_entries(
    numbers: Sequence[str], *, entries: Collection[int] = (), keys: Collection[str] = ()
) -> list[AccountLine]:
    """The lines that these numbers have in some entries, by id or key, each with what took it back.

    One statement.
    """
    arguments = {"numbers": list(numbers), "entries": list(entries), "keys": list(keys)}
    return _lines(_OF_ENTRIES, arguments)


def between(numbers: Sequence[str], *, after: date, until: date, limit: int, offset: int = 0) -> list[AccountLine]:
    """What was booked for these numbers after one day and up to another, the newest first. One statement."""
    arguments = {"numbers": list(numbers), "after": after, "until": until, "limit": limit, "offset": offset}
    return _lines(_BETWEEN, arguments)


class Movement(NamedTuple):
    """What one line moved, by its value date; whole rupiah."""

    day: date
    contribution: int
    development: int
    withdrawal: int


def movements(numbers: Sequence[str]) -> list[Movement]:
    """All lines of these numbers, the oldest value date first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(MOVEMENTS, [list(numbers)])
        return list(map(Movement._make, cursor.fetchall()))


def balances_at(numbers: Sequence[str], day: date) -> list[Booked]:
    """What each number had as booked by the end of a day, in the order asked; zero without an account.

    One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AT, {"numbers": list(numbers), "day": day})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_booked(number, day, found.get(number)) for number in numbers]


def _booked(number: str, day: date, row: Sequence[Any] | None) -> Booked:
    if row is None:
        return Booked(Balance(number, day), 0)
    position, booked_on, *totals = row
    contributions, development, withdrawals, pension, months = totals
    balance = Balance(number, day, contributions, development, withdrawals, pension, months, booked_on)
    return Booked(balance, position)


def _lines(statement: str, arguments: dict[str, Any]) -> list[AccountLine]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return [AccountLine(row[0], row[1], HistoryLine._make(row[2:])) for row in cursor.fetchall()]
