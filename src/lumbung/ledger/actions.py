"""Every write into the books: post, reverse, correct, seal, close a year, and the lock before several postings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import psycopg
import structlog
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app

from lumbung.ledger import queries
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.ledger.errors import BY_CONSTRAINT, BY_STATE, UnknownEntry

T = TypeVar("T")
log = structlog.get_logger(__name__)
_POST = """
    SELECT entry_id, is_new FROM public.ledger_post(
        %s, %s, %s, %s, %s, %s::text[], %s::bigint[],
        %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]
    )
"""
_POST_SET = """
    SELECT entry_ids, are_new FROM public.ledger_post_set(
        %s::text[], %s::text[], %s::date[], %s, %s::text[], %s::integer[], %s::text[], %s::bigint[],
        %s::integer[], %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]
    )
"""
_REVERSE = "SELECT reversal_id, is_new FROM public.ledger_reverse(%s::bigint, %s, %s, %s::date, %s)"
_CORRECT = """
    SELECT correction_id, is_new
    FROM public.ledger_correct(%s::bigint, %s::text[], %s::text[], %s::bigint[], %s, %s, %s::date, %s)
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry in the books. `is_new` is false when its key was posted before, with the same content."""

    entry_id: int
    is_new: bool


@transaction.atomic(savepoint=False)
def post(draft: Draft, *, now: datetime) -> Posted:
    """Write the draft's entry, its lines and the members' new totals, whole or not at all. Twice is once.

    One statement, whatever the number of lines. Raises LedgerRefusal; an outer transaction is then rolled back,
    unless it wrapped this call in an `atomic` of its own.
    """
    members = draft.members
    arguments = [
        draft.key, draft.kind, draft.day, now, draft.reason,
        _array([account for account, _ in draft.control]), _array([amount for _, amount in draft.control]),
        _array(members.member_numbers), _array(_short(members.contribution_months)),
        *(_array(_short(column)) for column in members.amounts),
    ]  # fmt: skip
    with refusals(key=draft.key):
        entry_id, is_new = _one_row(_POST, arguments)
    return Posted(entry_id, is_new)


@transaction.atomic(savepoint=False)
def post_set(drafts: Sequence[Draft], *, now: datetime) -> list[Posted]:
    """Write many drafts, all of them or none, in one statement; what is posted comes in the drafts' order.

    Each draft is as idempotent as by `post`, and one refused refuses all: a LedgerRefusal names its key. A member
    number may stand in several drafts; his lines then follow in their order. At most 10,000 drafts and
    1,000,000 lines.
    """
    if not drafts:
        return []
    control = [line for draft in drafts for line in draft.control]
    members = [draft.members for draft in drafts]
    columns = zip(*(lines.amounts for lines in members), strict=True)
    arguments = [
        _texts([draft.key for draft in drafts]), _array([draft.kind for draft in drafts]),
        _array([draft.day for draft in drafts]), now, _texts([draft.reason for draft in drafts]),
        _array([len(draft.control) for draft in drafts]),
        _array([account for account, _ in control]), _array([amount for _, amount in control]),
        _array([len(lines) for lines in members]),
        _array([number for lines in members for number in lines.member_numbers]),
        _array(_joined(members, [lines.contribution_months for lines in members], "NULL")),
        *(_array(_joined(members, column, 0)) for column in columns),
    ]  # fmt: skip
    with refusals(key=f"{drafts[0].key} … {drafts[-1].key}"):
        entry_ids, are_new = _one_row(_POST_SET, arguments)
    return list(map(Posted, entry_ids, are_new))


@transaction.atomic(savepoint=False)
def reverse(entry_id: int, *, key: str, reason: str, now: datetime, day: date | None = None) -> Posted:
    """Undo an entry by one that mirrors it, once, and say why. Without `day` its value date is the original's.

    Raises LedgerRefusal: UnknownEntry, NotReversible, AlreadyReversed, Overdrawn when the money is gone.
    """
    assert reason.strip(), "a reversal says why"
    _check_entry_id(entry_id)
    with refusals(key=key, entry_id=entry_id):
        reversal_id, is_new = _one_row(_REVERSE, [entry_id, key, reason, day, now])
    return Posted(reversal_id, is_new)


@transaction.atomic(savepoint=False)
def correct(
    entry_id: int,
    member_numbers: Sequence[str],
    *,
    control: Sequence[tuple[str, int]],
    key: str,
    reason: str,
    now: datetime,
    day: date | None = None,
) -> Posted:
    """Undo the lines of some members in an entry by an entry of kind `correction`, and say why.

    `control` meets what the mirrored lines sum to, as in a Draft: what members lose is a debit of `member_old_age`
    or `member_pension`. Each line is taken back once, by a correction or by the reversal of the whole entry.
    Without `day` the value date is the original's. Raises LedgerRefusal: UnknownEntry, NotReversible,
    AlreadyReversed, AlreadyCorrected, NoSuchLine, Unbalanced, Overdrawn when the money is gone.
    """
    assert reason.strip(), "a correction says why"
    assert len(set(member_numbers)) == len(member_numbers) > 0, "a correction names each member once"
    _check_entry_id(entry_id)
    arguments = [
        entry_id, _array(member_numbers), _array([account for account, _ in control]),
        _array([amount for _, amount in control]), key, reason, day, now,
    ]  # fmt: skip
    with refusals(key=key, entry_id=entry_id):
        correction_id, is_new = _one_row(_CORRECT, arguments)
    return Posted(correction_id, is_new)


@transaction.atomic(savepoint=False)
def seal() -> int:
    """Chain the digests of all entries that are committed and not sealed yet; returns how many. Never waits."""
    sealed: int = _one_row("SELECT public.ledger_seal()", [])[0]
    return sealed


@app.periodic(cron="* * * * *")
@app.task(name="lumbung.ledger.actions.seal_regularly", queueing_lock="lumbung.ledger.seal")
def seal_regularly(timestamp: int) -> None:
    """Seal each minute what was posted."""
    seal()


@app.periodic(cron="0 19 * * *")  # 02:00 in Jakarta
@app.task(name="lumbung.ledger.actions.check_nightly", queueing_lock="lumbung.ledger.check")
def check_nightly(timestamp: int) -> None:
    """Prove the books each night; a fault is logged, and the job fails so that somebody looks."""
    report = queries.check()
    for fault in report.faults:
        log.error("ledger_fault", kind=fault.kind, where=fault.where)
    log.info("ledger_checked", entries=report.entries, lines=report.lines, faults=len(report.faults))
    assert not report.faults, f"the books have {len(report.faults)} faults: see the log, or `lumbung ledger check`"


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """How many months' partitions became one, with how many lines; zero when there was nothing left to do."""

    months: int
    lines: int


def close_year(year: int) -> ClosedYear:
    """Put the lines of a year that is over into one partition in the order of members. Twice is once.

    Nothing of the books changes, which is proved before the months' partitions go; readers go on. What is not
    sealed yet is sealed first. Raises YearNotOver while a posting could still be booked in that year, BooksInUse
    when for two minutes there was no moment without a reader.
    """
    seal()
    with transaction.atomic(savepoint=False), refusals(year=year):
        months, lines = _one_row("SELECT months, lines FROM public.ledger_close_year(%s::integer)", [year])
    return ClosedYear(months, lines)


def lock(member_numbers: Sequence[str]) -> int:
    """Lock the accounts of several postings to come, in one order, until the transaction ends.

    Numbers without an account are passed over. Returns how many were locked.
    """
    assert connection.in_atomic_block, "a lock lasts as long as its transaction"
    locked: int = _one_row("SELECT public.ledger_lock(%s::text[])", [_array(sorted(set(member_numbers)))])[0]
    return locked


def _check_entry_id(entry_id: int) -> None:
    """A number beyond what the books count with is no entry's; the database would call it too large an amount."""
    if not 0 < entry_id < 2**63:
        raise UnknownEntry(entry_id=entry_id)


def _one_row(statement: str, arguments: Sequence[Any]) -> tuple[Any, ...]:
    """Run one statement with its arguments bound on the server, past Django's own quoting of big arrays."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(statement, arguments).fetchone()
    assert row is not None
    return tuple(row)


@contextmanager
def refusals(**facts: Any) -> Iterator[None]:
    """Turn what the database refuses into a Refusal; anything else goes on as it is."""
    try:
        yield
    except DatabaseError as wrong:
        cause = wrong.__cause__
        if not isinstance(cause, psycopg.Error):
            raise
        refusal = BY_STATE.get(cause.sqlstate or "") or BY_CONSTRAINT.get(cause.diag.constraint_name or "")
        if refusal is None:
            raise
        if cause.sqlstate in BY_STATE and cause.diag.message_detail:  # ours: which of a set's drafts
            facts["key"] = cause.diag.message_detail
        # The database's own message may show a row with its balances: it goes no further.
        raise refusal(**facts) from None


def _array(column: Sequence[object]) -> str:
    """A column as PostgreSQL writes arrays. Built by hand: five times faster than the driver's way on 200,000."""
    written = ",".join(map(str, column))
    assert not set(written) & set('{}"\\ '), "numbers, days and codes hold nothing to be quoted"
    return "{" + written + "}"


def _texts(column: Sequence[str]) -> str:
    """The same for words that may hold anything."""
    return "{" + ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in column) + "}"


def _joined(members: Sequence[MemberLines], columns: Sequence[Sequence[T]], missing: object) -> Sequence[object]:
    """The columns of several drafts one after the other, each with a value a line; nothing when all are empty."""
    if not any(columns):
        return ()
    joined: list[object] = []
    for lines, column in zip(members, columns, strict=True):
        given = column or (missing,)
        joined += given if len(given) == len(lines) else [given[0]] * len(lines)
    return joined


def _short(column: Sequence[T]) -> Sequence[T]:
    """One value when all are the same: a month's batch has one month."""
    return column[:1] if len(column) > 1 and list(column).count(column[0]) == len(column) else column
