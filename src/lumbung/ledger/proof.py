"""Prove the books: each balance from its lines, each control account from its sub-ledger, each digest anew."""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.rows import dict_row

from lumbung.masking import masked

NAMED_MAX = 1000  # faults of one kind of question that are named; all of them make the books wrong
_SQL = Path(__file__).parent / "sql"
Progress = Callable[[int, int], None]

# What each kind of fault means. The words are for whoever runs the check.
MEANINGS = {
    "line_without_entry": "member lines of an entry that does not exist",
    "line_count": "another number of member lines than the entry says",
    "lines_against_control": "member lines do not sum to their control lines",
    "line_day": "lines with another day than their entry",
    "digest": "the digest is not that of the lines",
    "control_line_without_entry": "control lines of an entry that does not exist",
    "control_count": "another number of control lines than the entry says, or a gap in their positions",
    "unbalanced": "control lines do not sum to zero",
    "unknown_account": "control lines of an unknown account",
    "position": "positions of an account's lines have a gap or run against time",
    "running_total": "a line's totals do not follow from the line before it",
    "account_total": "an account's totals are not those of its last line",
    "account_missing": "lines without an account",
    "account_last_line": "an account's last line does not lie where the account says",
    "control_account": "a control account does not equal its sub-ledger",
    "seal": "the chain of digests is broken",
    "reversal": "a reversal does not mirror its original",
    "correction": "a correction does not mirror lines of its original, or a line is taken back twice",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong and where: `entry 17`, `member ••••••••9012` or `account member_old_age`."""

    kind: str
    where: str

    @property
    def meaning(self) -> str:
        return MEANINGS[self.kind]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was counted and what was found wrong."""

    entries: int
    control_lines: int
    lines: int
    accounts: int
    seals: int
    unsealed: int
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Books:
    """One reading of the books: a cursor on a snapshot, the seed of this run, and what was found so far."""

    cursor: psycopg.Cursor[dict[str, Any]]
    seed: int = field(default_factory=lambda: secrets.randbits(62))
    faults: list[Fault] = field(default_factory=list)

    def ask(self, name: str, partition: str = "", **arguments: Any) -> list[dict[str, Any]]:
        """Run one question of sql/check_*.sql."""
        text = (_SQL / f"check_{name}.sql").read_text(encoding="utf-8")
        query = sql.SQL(text).format(partition=sql.Identifier(partition)) if partition else sql.SQL(text)
        return self.cursor.execute(query, {"seed": self.seed, "limit": NAMED_MAX, **arguments}).fetchall()

    def blame_entries(self, found: Sequence[tuple[int, Sequence[str]]]) -> None:
        self.faults += [Fault(kind, f"entry {entry_id}") for entry_id, kinds in found for kind in kinds]

    def blame(self, found: str) -> None:
        """Entries with their faults, as JSON: [[17, ["digest"]]]."""
        self.blame_entries(json.loads(found))

    def blame_members(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.faults += [Fault(row["kind"], f"member {masked(row['member_number'])}") for row in rows]


def check(progress: Progress | None = None) -> CheckReport:
    """Prove the whole of the books as they stand at this instant; read-only, so a replica will do.

    `progress` is told the lines proved so far and their number. What is wrong is reported, never raised.
    """
    with _snapshot() as cursor:
        books = _Books(cursor)
        control = books.ask("control")[0]
        books.blame(control["faults"])
        lines = _check_lines(books, control, progress or (lambda done, total: None))
        _check_sub_ledgers(books, control, lines)
        seals = books.ask("seals")[0]
        books.blame(seals["faults"])
        _check_reversals(books)
    return CheckReport(
        entries=control["entries"],
        control_lines=control["control_lines"],
        lines=lines["lines"],
        accounts=lines["accounts"],
        seals=seals["seals"],
        unsealed=control["entries"] - seals["seals"],
        faults=tuple(dict.fromkeys(books.faults)),
    )


def _check_lines(books: _Books, control: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Go through the members' lines month by month, and through the accounts."""
    total: dict[str, Any] = {"lines": 0, "entries": 0, "after": Decimal(0), "before": Decimal(0)}
    for partition, first, beyond in _partitions(books.cursor):
        month = books.ask("month", partition)[0]
        books.blame(month["faults"])
        books.blame_members(books.ask("last_lines", partition, first=first, beyond=beyond))
        for name in total:
            total[name] += month[name]
        progress(total["lines"], control["lines"])
    if total["entries"] != control["entries_with_lines"]:
        books.blame_entries([(row["id"], [row["kind"]]) for row in books.ask("entries_without_lines")])
    accounts = books.ask("accounts")[0]
    if total["after"] + accounts["empty"] != total["before"] + accounts["present"]:
        books.blame_members(books.ask("broken_accounts"))
    return {**total, **accounts}


def _check_sub_ledgers(books: _Books, control: Mapping[str, Any], lines: Mapping[str, Any]) -> None:
    for account, sum_of in (("member_old_age", "old_age"), ("member_pension", "pension")):
        if control[sum_of] != -lines[sum_of]:
            books.faults.append(Fault("control_account", f"account {account}"))


def _check_reversals(books: _Books) -> None:
    days = [
        row["day"]
        for row in books.cursor.execute(
            """
            WITH pair AS (
                SELECT id, coalesce(reverses, corrects) AS original FROM public.ledger_entry
                WHERE coalesce(reverses, corrects) IS NOT NULL
            )
            SELECT DISTINCT public.ledger_book_day(recorded_at) AS day FROM public.ledger_entry
            WHERE id IN (SELECT id FROM pair UNION ALL SELECT original FROM pair)
            """
        )
    ]
    if days:
        books.blame_entries([(row["pair"], [row["kind"]]) for row in books.ask("reversals", days=days)])


def _partitions(cursor: psycopg.Cursor[dict[str, Any]]) -> list[tuple[str, date, date]]:
    """The partitions of the members' lines in the order of time, each with its first day and the day beyond."""
    cursor.execute(
        r"""
        SELECT c.relname AS name, b.bounds[1]::date AS first, b.bounds[2]::date AS beyond
        FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid,
             regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \('(.+)'\) TO \('(.+)'\)$$) AS b (bounds)
        WHERE i.inhparent = 'public.ledger_memberline'::regclass ORDER BY 2
        """
    )
    return [(row["name"], row["first"], row["beyond"]) for row in cursor]


@contextmanager
def _snapshot() -> Iterator[psycopg.Cursor[dict[str, Any]]]:
    """A cursor on one state of the books, whatever is posted meanwhile. Inside a transaction: on what it sees."""
    connection.ensure_connection()
    driver = connection.connection
    with (
        connection.wrap_database_errors,
        driver.transaction(),
        psycopg.Cursor(driver, row_factory=dict_row) as cursor,
    ):
        if not connection.in_atomic_block:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Before the snapshot is taken: a year closed meanwhile would hide its lines from it.
        cursor.execute("LOCK TABLE public.ledger_memberline IN ACCESS SHARE MODE")
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL jit = off")
        yield cursor
