"""Reading the books: balances, histories and totals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import psycopg
from django.db import connection

from lumbung.ledger.proof import CheckReport, Fault, check

__all__ = [
    "Balance",
    "CheckReport",
    "Fault",
    "HistoryLine",
    "balance",
    "balances",
    "check",
    "control_totals",
    "history",
    "history_page",
]

_TOTALS = "contribution_total, development_total, withdrawal_total, pension_total, pension_months_total"
_NOW = f"SELECT {_TOTALS}, last_book_day FROM public.ledger_memberaccount WHERE member_number = %s"  # noqa: S608
# Partitions lie in the order of book_day, so the newest that can hold the line is asked first, and the search ends
# with the first line it meets. The bound from below lets the plan leave out older partitions.
_THEN = f"""
    SELECT {_TOTALS}, book_day FROM public.ledger_memberline
    WHERE member_number = %s AND book_day <= %s AND book_day > %s
    ORDER BY book_day DESC, position DESC LIMIT 1
"""  # noqa: S608
_NOW_OF_MANY = f"""
    SELECT member_number, {_TOTALS}, last_book_day FROM public.ledger_memberaccount WHERE member_number = ANY(%s)
"""  # noqa: S608
_LOOK_BACK = timedelta(days=100)
_LAST = "SELECT last_position, last_book_day FROM public.ledger_memberaccount WHERE member_number = %s"
_HISTORY_SPAN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member number has, as booked by the end of `as_of`: whole rupiah and months.

    `as_of` is None when the present was asked for. `booked_on` is the day of the last line, None without any.
    """

    member_number: str
    as_of: date | None
    old_age_contributions: int = 0
    old_age_development: int = 0
    old_age_withdrawals: int = 0
    pension_contributions: int = 0
    pension_months_paid: int = 0
    booked_on: date | None = None

    @property
    def old_age_balance(self) -> int:
        return self.old_age_contributions + self.old_age_development - self.old_age_withdrawals

    def __repr__(self) -> str:
        """Without number and amounts, so that no log or trace can show them."""
        return f"Balance(as_of={self.as_of})"


def balance(member_number: str, day: date | None) -> Balance:
    """The balance of a member number as booked by the end of `day`, or now when None; zero without an account.

    One indexed read for the present; one more for a day before the account's last line.
    """
    return _by(member_number, day, _row(_NOW, [member_number]))


def balances(asked: Collection[tuple[str, date]]) -> Mapping[tuple[str, date], Balance]:
    """The same of many member numbers, each by a day: one read for all whose last line is no later."""
    if not asked:
        return {}
    rows = _rows(_NOW_OF_MANY, [list({number for number, _ in asked})], prepare=True)
    now = {number: tuple(row) for number, *row in rows}
    return {(number, day): _by(number, day, now.get(number)) for number, day in asked}


def _by(member_number: str, day: date | None, row: tuple[Any, ...] | None) -> Balance:
    """The balance by the end of the day, where the row says how it is now."""
    if row is not None and day is not None and row[-1] > day:
        recently = max(day, date.min + _LOOK_BACK) - _LOOK_BACK
        row = _row(_THEN, [member_number, day, recently], prepare=False)
        row = row or _row(_THEN, [member_number, recently, date.min], prepare=False)
    return Balance(member_number, day, *row) if row is not None else Balance(member_number, day)


class HistoryLine(NamedTuple):
    """One line of a member's account with its bond to the entry it came by.

    `reverses` is the entry that this line takes back, as its reversal or correction; `reversed_by` the entry that
    took this very line back. `reason` is why, for what was done by hand.
    """

    position: int
    entry_id: int
    kind: str
    day: date
    recorded_at: datetime
    contribution_month: date | None
    contribution: int
    development: int
    withdrawal: int
    pension: int
    pension_months: int
    old_age_balance: int
    reverses: int | None
    reversed_by: int | None
    reason: str


_HISTORY = """
    SELECT l.position, l.entry_id, e.kind, l.day, e.recorded_at, l.contribution_month, l.contribution,
           l.development, l.withdrawal, l.pension, l.pension_months,
           l.contribution_total + l.development_total - l.withdrawal_total, coalesce(e.reverses, e.corrects),
           NULL::bigint, e.reason
    FROM (
        SELECT * FROM public.ledger_memberline
        WHERE member_number = %s AND position <= %s AND position > %s AND book_day <= %s AND book_day > %s
    ) AS l
    JOIN public.ledger_entry AS e ON e.id = l.entry_id
    ORDER BY l.position DESC
"""
# What takes back a line of a member has itself a line of his, further on.
_TAKEN_BACK = """
    SELECT coalesce(e.reverses, e.corrects), e.id FROM public.ledger_memberline AS l
    JOIN public.ledger_entry AS e ON e.id = l.entry_id
    WHERE l.member_number = %s AND l.position > %s AND l.book_day >= %s
      AND coalesce(e.reverses, e.corrects) IS NOT NULL
"""


def history(member_number: str, *, limit: int = 1000, offset: int = 0) -> list[HistoryLine]:
    """The lines of a member number, newest first.

    Looked for in the newest year, and only then in all the others: a plan over forty years of partitions costs
    more than the newest page does.
    """
    account = _row(_LAST, [member_number])
    return [] if account is None else history_page(member_number, *account, limit=limit, offset=offset)


def history_page(
    member_number: str, last_position: int, until: date, *, limit: int, offset: int
) -> list[HistoryLine]:
    """The same for who knows the account's last position and the book day of its last line."""
    newest = last_position - offset
    oldest = max(newest - limit, 0)
    since, found = max(until, date.min + _HISTORY_SPAN) - _HISTORY_SPAN, list[HistoryLine]()
    while len(found) < newest - oldest and until > date.min:
        rows = _rows(_HISTORY, [member_number, newest, oldest, until, since], prepare=False)
        found += map(HistoryLine._make, rows)
        until, since = since, date.min
    by_entry: dict[int | None, int] = {line.reverses: line.entry_id for line in found}
    if offset > 0 and found:
        # A day earlier, since the book day is the fund's own: only so many partitions are opened.
        began = found[-1].recorded_at.date() - timedelta(days=1)
        by_entry |= dict(_rows(_TAKEN_BACK, [member_number, newest, began], prepare=False))
    by_entry.pop(None, None)
    if not by_entry:
        return found
    return [line._replace(reversed_by=by_entry.get(line.entry_id)) for line in found]


def entry_keys(entry_ids: Sequence[int]) -> dict[int, str]:
    """What these entries stand for, by their ids."""
    statement = "SELECT id, key FROM public.ledger_entry WHERE id = ANY(%s)"
    return dict(_rows(statement, [list(entry_ids)])) if entry_ids else {}


def control_totals() -> dict[str, int]:
    """What stands on each control account, debits positive, in rupiah."""
    rows = _rows(
        """
        SELECT a.code, coalesce(sum(l.amount), 0) FROM public.ledger_controlaccount AS a
        LEFT JOIN public.ledger_controlline AS l ON l.account = a.code GROUP BY a.code ORDER BY a.code
        """,
        [],
    )
    return {code: int(total) for code, total in rows}


def _row(statement: str, arguments: Sequence[Any], *, prepare: bool = True) -> tuple[Any, ...] | None:
    rows = _rows(statement, arguments, prepare=prepare)
    return rows[0] if rows else None


def _rows(statement: str, arguments: Sequence[Any], *, prepare: bool | None = None) -> list[tuple[Any, ...]]:
    """Rows by the driver itself, prepared on the server where the connection allows it.

    As binary: instants as text would go through Django's own loader, which takes longer than the server does.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, arguments, prepare=prepare, binary=True).fetchall()
