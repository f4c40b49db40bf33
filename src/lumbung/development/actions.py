"""Credit the development result of a year, and adjust it after back-dated bookings."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import structlog
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.development import bookkeeping, queries
from lumbung.development.errors import (
    BadDecree,
    BadRate,
    EarlierYearMissing,
    LaterYearCredited,
    NotCredited,
    OtherTerms,
    ProofFailed,
    YearNotOver,
)
from lumbung.development.models import DevelopmentChunk, DevelopmentRun
from lumbung.development.queries import IN_CHUNK, NAMED, TO_THE_END, Summary
from lumbung.ledger import actions as ledger
from lumbung.ledger.errors import Overdrawn, WrongBookTime

log = structlog.get_logger(__name__)
CHUNK = 25_000  # accounts in one transaction
JOBS = 2  # chunks worked side by side
MOST_PERCENT = 25
MOST_DECREE = 200
_START_LOCK = 0x64657665_6C6F70  # of this package: whoever starts a run is alone
_TRIES = 5
# Who tells members is above this package, so its task is named. Results of years before the last one are no news:
# an old fund's years are taken over without a word.
TELL_TASK, TELL_QUEUE = "lumbung.notices.actions.tell_development", "notices"
_WRITTEN = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?")
_SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off"
Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Credited:
    """What a run did in all, and whether this call did any of it."""

    summary: Summary
    is_new: bool


def credit(
    *,
    year: int,
    rate: str | Decimal,
    decree: str,
    now: datetime,
    clock: Clock | None = None,
    chunk: int = CHUNK,
    jobs: int = JOBS,
    progress: Progress | None = None,
) -> Credited:
    """Credit a year's result to every account, once; a run that was broken off goes on where it stood.

    `rate` is percent a year as decreed. Each chunk is a transaction of its own, booked at the time that `clock`
    gives (`now` without one); `jobs` chunks are worked side by side, each on a connection of its own. `progress`
    is told the chunks done and their number. Raises what errors.py names.
    """
    clock = clock or (lambda: now)
    run = _start(year=year, rate=_checked_rate(rate), decree=_checked_decree(decree), now=now, size=chunk)
    if run.is_finished:
        return Credited(queries.summary(run), is_new=False)
    _work(run, clock, jobs, progress)
    return Credited(queries.summary(run), is_new=True)


def adjust(
    *, year: int | None = None, now: datetime, clock: Clock | None = None, chunk: int = CHUNK
) -> list[Summary]:
    """Post what bookings since the credit have changed in the result of a year, or of all credited years.

    Years go in their order: an adjustment raises the next year's opening balance. Returns the adjustments made.
    """
    years = list(queries.credited_years())
    if year is not None:
        if year not in years:
            raise NotCredited(year=year)
        years = [year]
    made = []
    for credited in years:
        run = _start_adjustment(credited, now=now, size=chunk)
        if run is not None:
            _work(run, clock or (lambda: now))
            made.append(queries.summary(run))
    return made


@app.periodic(cron="30 19 * * *")  # 02:30 in Jakarta
@app.task(name="lumbung.development.actions.adjust_nightly", queueing_lock="lumbung.development.adjust")
def adjust_nightly(timestamp: int) -> None:
    """Adjust all credited years each night; the worker is the door that reads the clock."""
    for made in adjust(now=datetime.now(UTC), clock=lambda: datetime.now(UTC)):
        log.info("development_adjusted", year=made.run.year, accounts=made.accounts, lines=made.credited)


@transaction.atomic
def _start(*, year: int, rate: str, decree: str, now: datetime, size: int) -> DevelopmentRun:
    """The run of a year: the one that stands, when the terms are the same, or a new one with its chunks."""
    _take_turns()
    known = queries.annual_run(year)
    if known is not None:
        if Decimal(known.rate) != Decimal(rate) or known.decree != decree:
            raise OtherTerms(year=year, rate=known.rate, decree=known.decree)
        return known
    if bookkeeping.value_day(year) >= _book_day(now):
        raise YearNotOver(year=year)
    _refuse_out_of_order(year)
    run = DevelopmentRun.objects.create(
        kind=DevelopmentRun.Kind.ANNUAL,
        year=year,
        number=1,
        rate=rate,
        decree=decree,
        started_at=now,
        looked_to=now,
    )
    _cut(run, queries.boundaries(size))
    return run


def _refuse_out_of_order(year: int) -> None:
    """Years are credited one after the other: a result is part of the next year's opening balance."""
    known = DevelopmentRun.objects.filter(kind=DevelopmentRun.Kind.ANNUAL).order_by("-year").first()
    if known is None:
        return
    if known.year > year:
        raise LaterYearCredited(year=year, later=known.year)
    if known.year < year - 1 or not known.is_finished:
        raise EarlierYearMissing(missing=known.year if not known.is_finished else known.year + 1)


@transaction.atomic
def _start_adjustment(year: int, *, now: datetime, size: int) -> DevelopmentRun | None:
    """The adjustment of a year that is under way, or a new one; None when nothing was booked that changes it."""
    _take_turns()
    unfinished = DevelopmentRun.objects.filter(
        year=year, kind=DevelopmentRun.Kind.ADJUSTMENT, state=DevelopmentRun.State.WORKING
    ).first()
    if unfinished is not None:
        return unfinished
    annual = queries.annual_run(year)
    assert annual is not None
    found = queries.candidates(annual, looked_to=annual.looked_to)
    if not found:
        _looked(annual, now)
        return None
    run = DevelopmentRun.objects.create(
        kind=DevelopmentRun.Kind.ADJUSTMENT, year=year, number=queries.runs_made(year) + 1, rate=annual.rate,
        decree=annual.decree, started_at=now, looked_to=annual.looked_to,
    )  # fmt: skip
    starts = found[size::size]
    _cut(run, list(zip(["", *starts], [*starts, None], strict=True)))
    return run


def _looked(annual: DevelopmentRun, until: datetime) -> None:
    """Remember that bookings up to this instant were looked through."""
    DevelopmentRun.objects.filter(pk=annual.pk, looked_to__lt=until).update(looked_to=until)


def _cut(run: DevelopmentRun, ranges: list[tuple[str, str | None]]) -> None:
    DevelopmentChunk.objects.bulk_create(
        [
            DevelopmentChunk(run=run, number=number, first=first, beyond=beyond)
            for number, (first, beyond) in enumerate(ranges, start=1)
        ]
    )


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_START_LOCK])


def _work(run: DevelopmentRun, clock: Clock, jobs: int = 1, progress: Progress | None = None) -> None:
    """Do chunk after chunk until none is left, then prove the run and close it."""
    done, cut = queries.progress(run)
    side_by_side = 1 if connection.in_atomic_block else min(jobs, cut - done)
    stop, turn = threading.Event(), threading.Lock()

    def work() -> None:
        while not stop.is_set() and _again(lambda: _next_chunk(run, clock())):
            if progress is not None:
                with turn:
                    progress(*queries.progress(run))

    if side_by_side <= 1:
        work()
    else:
        _together(work, side_by_side, stop)
    _again(lambda: _finish(run, clock()))
    run.refresh_from_db()


def _together(work: Callable[[], None], jobs: int, stop: threading.Event) -> None:
    """Run `work` in threads; when one fails, or the user breaks off, the others end with their chunk."""

    def with_connection() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(jobs) as pool:
        try:
            for future in as_completed([pool.submit(with_connection) for _ in range(jobs)]):
                future.result()
        finally:
            stop.set()


@transaction.atomic
def _next_chunk(run: DevelopmentRun, now: datetime) -> bool:
    """Do one chunk that nobody else is doing; wait for one that somebody is. False when all are done."""
    open_chunks = DevelopmentChunk.objects.filter(run=run, done_at__isnull=True).order_by("number")
    chunk = (
        open_chunks.select_for_update(skip_locked=True, no_key=True).first()
        or open_chunks.select_for_update(no_key=True).first()
    )
    if chunk is None:
        # Whoever waited here finds the chunk done; there may be others.
        return open_chunks.exists()
    if run.kind == DevelopmentRun.Kind.ADJUSTMENT:
        numbers = queries.candidates(run, looked_to=run.looked_to, first=chunk.first, beyond=chunk.beyond)
        _post(run, chunk, NAMED, {"numbers": numbers}, now)
    else:
        bounds = {"first": chunk.first, "beyond": chunk.beyond}
        _post(run, chunk, TO_THE_END if chunk.beyond is None else IN_CHUNK, bounds, now)
    return True


def _post(
    run: DevelopmentRun, chunk: DevelopmentChunk, accounts: str, chosen: Mapping[str, Any], now: datetime
) -> None:
    """Keep the workings of the chosen accounts, post what they are due, and mark the chunk done."""
    key = bookkeeping.key(year=run.year, run=run.number, chunk=chunk.number)
    arguments = {
        **queries.year_arguments(run.year, run.rate),
        **chosen,
        "run": run.pk,
        "key": key,
        "kind": bookkeeping.KIND,
        "now": now,
        "reason": f"{run.rate} %, {run.decree}",
    }
    text = queries.statement("work", basis=queries.basis_statement(accounts))
    with ledger.refusals(key=key), connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        cursor.execute(text, arguments)
        counted, entry = cursor.fetchone()
    chunk.accounts, chunk.entry_id, chunk.done_at = counted, entry, now
    chunk.save(update_fields=["accounts", "entry_id", "done_at"])


def _finish(run: DevelopmentRun, now: datetime) -> bool:
    """List accounts that came into being after their chunk was done, prove the run, and close it.

    All in one state of the books, so that no account can slip in between. Raises ProofFailed.
    """
    with _one_state():
        held = DevelopmentRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if held.is_finished:
            return False
        proof = queries.proof(held)
        if proof.missing:
            _list_too_new(held)
            proof = queries.proof(held)
        if proof.faults:
            raise ProofFailed(year=held.year, faults="; ".join(proof.faults))
        held.state, held.finished_at = DevelopmentRun.State.FINISHED, now
        held.save(update_fields=["state", "finished_at"])
        annual = queries.annual_run(held.year)
        assert annual is not None
        _looked(annual, held.started_at)
        if held.year >= _book_day(now).year - 1:
            app.configure_task(TELL_TASK, queue=TELL_QUEUE).defer(run_id=held.pk)
    return False


def _list_too_new(run: DevelopmentRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute(queries.statement("too_new"), {"year": run.year, "run": run.pk})


@contextmanager
def _one_state() -> Iterator[None]:
    """A transaction that sees one state of the books throughout; inside another one, what that sees."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                # Before the state is fixed: a year of the books closed meanwhile would hide its lines from it.
                cursor.execute("LOCK TABLE ONLY public.ledger_memberline IN ACCESS SHARE MODE")
                cursor.execute(_SETTINGS)
        yield


def _again(deed: Callable[[], bool]) -> bool:
    """Do a deed that is one transaction; once more when what it read was changed beside it meanwhile."""
    for _ in range(_TRIES - 1):
        try:
            return deed()
        except (OperationalError, Overdrawn, WrongBookTime) as wrong:
            if connection.in_atomic_block or not _passes(wrong):
                raise
    return deed()


def _passes(wrong: Exception) -> bool:
    """Whether it was a clash with somebody else: a deadlock, another state of the books, money just gone."""
    state = getattr(wrong.__cause__, "sqlstate", None)
    return not isinstance(wrong, OperationalError) or state in {"40001", "40P01"}


def _checked_rate(rate: str | Decimal) -> str:
    """The rate as it is kept: more than 0, and not more than a fund would ever decree."""
    written = str(rate).strip()
    if not _WRITTEN.fullmatch(written):  # Decimal takes 1_0 for 10, 1e1, and the digits of every script
        raise BadRate(most=MOST_PERCENT)
    exact = Decimal(written)
    if not 0 < exact <= MOST_PERCENT or exact != round(exact, 4):
        raise BadRate(most=MOST_PERCENT)
    return f"{exact.normalize():f}" if exact != round(exact, 2) else f"{exact:.2f}"


def _checked_decree(decree: str) -> str:
    words = decree.strip()
    if not 0 < len(words) <= MOST_DECREE or not words.isprintable():
        raise BadDecree(most=MOST_DECREE)
    return words


def _book_day(now: datetime) -> date:
    """The day of the books, in the fund's own calendar."""
    return now.astimezone(timezone.get_default_timezone()).date()
