"""Why an account got what it got: each working beside what the law gives, recomputed from the account's lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import connection

from lumbung.development import bookkeeping
from lumbung.development.bookkeeping import Basis, Line
from lumbung.development.models import DevelopmentChunk, DevelopmentRun, DevelopmentWorking
from lumbung.errors import marked
from lumbung.law import explanations as law
from lumbung.law.derivation import Step, derived, given
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.ledger.queries import HistoryLine

ALL = 10**6  # lines of one account: more than any has


@dataclass(frozen=True, slots=True)
class Explained:
    """One working of an account. `basis` and `entitled` are recomputed from the lines that the working counted.

    `because` are the lines that led to an adjustment. `posted` is the line that the run brought, None when it was
    skipped. `agrees` says whether the recomputed figures are those that were kept and posted.
    """

    kind: str
    year: int
    rate: str
    decree: str
    run: int
    started_at: datetime
    basis: Basis
    entitled: int
    unrounded: Fraction
    kept: DevelopmentWorking
    because: tuple[HistoryLine, ...]
    posted: HistoryLine | None

    @property
    def agrees(self) -> bool:
        kept, basis = self.kept, self.basis
        figures = (basis.opening, basis.moved, basis.weighted, self.entitled, basis.credited)
        if figures != (kept.opening, kept.moved, kept.weighted, kept.entitled, kept.credited):
            return False
        due = 0 if kept.skipped else self.entitled - basis.credited
        return due == (self.posted.development if self.posted else 0)


def explain(member_number: str) -> list[Explained]:
    """All workings of an account, year by year, in the order of their runs."""
    lines = sorted(ledger.history(member_number, limit=ALL), key=lambda line: line.position)
    kept = DevelopmentWorking.objects.filter(member_number=member_number, year__in=_years())
    explained: list[Explained] = []
    for working in kept.select_related("run").order_by("year", "run_id"):
        before = explained[-1].kept if explained and explained[-1].year == working.year else None
        explained.append(_explain(working, lines, before))
    return explained


_LINES_SINCE = """
    SELECT l.member_number, l.position, l.entry_id, e.kind, l.day, e.recorded_at, l.contribution_month,
           l.contribution, l.development, l.withdrawal, l.pension, l.pension_months,
           l.contribution_total + l.development_total - l.withdrawal_total, coalesce(e.reverses, e.corrects),
           NULL::bigint, e.reason
    FROM unnest(%s::text[], %s::integer[]) AS n (number, position)
    JOIN public.ledger_memberline AS l
      ON l.member_number = n.number AND l.position <= n.position AND (l.book_day >= %s OR l.position = n.position)
    JOIN public.ledger_entry AS e ON e.id = l.entry_id
    ORDER BY l.member_number, l.position
"""


def explain_run(posted: Mapping[str, HistoryLine], *, year: int, run: int) -> list[Explained]:
    """The workings of one run, by its number in the year, of accounts with the line that it brought each.

    Two statements that read little of a long account: what has a value date of the year or later was booked from
    the day before the year on, so the opening is the balance of that time less those lines.
    """
    kept = DevelopmentWorking.objects.filter(member_number__in=list(posted), year=year, run__number__lte=run)
    workings: dict[str, list[DevelopmentWorking]] = {}
    for each in kept.select_related("run").order_by("member_number", "run_id"):
        workings.setdefault(each.member_number, []).append(each)
    asked = {number: found for number, found in workings.items() if found[-1].run.number == run}
    since = date(year, 1, 1) - timedelta(days=1)
    lines: dict[str, list[HistoryLine]] = {number: [] for number in asked}
    with connection.cursor() as cursor:
        cursor.execute(_LINES_SINCE, [list(asked), [found[-1].position for found in asked.values()], since])
        for number, *row in cursor.fetchall():
            lines[number].append(HistoryLine._make(row))
    return [_explain_run(found, lines[number], posted[number], since) for number, found in asked.items()]


def _explain_run(
    workings: Sequence[DevelopmentWorking], lines: Sequence[HistoryLine], posted: HistoryLine, since: date
) -> Explained:
    """One account's working, the last of these, from its lines with a value date or book date after a day."""
    working, year = workings[-1], workings[-1].year
    moved = [line for line in lines if line.day > since]
    opening = (lines[-1].old_age_balance if lines else 0) - sum(as_line(line).total for line in moved)
    basis = bookkeeping.basis([Line(since, contribution=opening), *map(as_line, moved)], year)
    seen = workings[-2].position if len(workings) > 1 else 0
    because = [
        line
        for line in lines
        if line.position > seen
        and line.day.year <= year
        and (line.kind, line.day.year) != (bookkeeping.KIND, year)
    ]
    return _explained(working, basis, because, posted)


def derivation(explained: Explained) -> Step:
    """How the amount that was due follows: twelfths of the rate, less what was credited before."""
    basis = explained.basis
    below_zero = [(Month(basis.year, 1), basis.opening)] if basis.opening < 0 else []
    due = law.year_of_development(
        opening=max(basis.opening, 0), rate=explained.rate, contributions=[*below_zero, *basis.months]
    )
    if due.whole < 0:
        nothing = given("nothing", marked("Nothing"), 0, "rupiah")
        due = derived("entitled", marked("Never below zero"), "over", due, nothing)
    if basis.credited:
        before = given("credited", marked("Credited for the year before"), basis.credited, "rupiah")
        due = derived("due", marked("Difference"), "difference", due, before)
    return due


def _years() -> list[int]:
    return list(DevelopmentRun.objects.order_by("year").values_list("year", flat=True).distinct())


def _explain(
    working: DevelopmentWorking, lines: Sequence[HistoryLine], before: DevelopmentWorking | None
) -> Explained:
    run = working.run
    counted = [line for line in lines if line.position <= working.position]
    basis = bookkeeping.basis(map(as_line, counted), working.year)
    entries = set(DevelopmentChunk.objects.filter(run__year=run.year).values_list("entry_id", "run_id"))
    own = {entry for entry, run_id in entries if run_id == run.pk}
    since = before.position if before else 0
    because = [
        line
        for line in counted
        if line.position > since
        and line.day.year <= run.year
        and line.entry_id not in {entry for entry, _ in entries}
    ]
    return _explained(working, basis, because, next((line for line in lines if line.entry_id in own), None))


def _explained(
    working: DevelopmentWorking, basis: Basis, because: Sequence[HistoryLine], posted: HistoryLine | None
) -> Explained:
    run = working.run
    return Explained(
        kind=run.kind,
        year=run.year,
        rate=run.rate,
        decree=run.decree,
        run=run.number,
        started_at=run.started_at,
        basis=basis,
        entitled=bookkeeping.entitled(basis, run.rate),
        unrounded=bookkeeping.exact(basis.weighted, run.rate),
        kept=working,
        because=tuple(because) if run.kind == DevelopmentRun.Kind.ADJUSTMENT else (),
        posted=posted,
    )


def as_line(line: HistoryLine) -> Line:
    """A line of the books as the pure formula takes it."""
    return Line(line.day, line.contribution, line.development, line.withdrawal)
