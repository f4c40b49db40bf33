"""Why an account got what it got: each working beside what the law gives, recomputed from the account's lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from lumbung.development import bookkeeping
from lumbung.development.bookkeeping import Basis, Line
from lumbung.development.models import DevelopmentChunk, DevelopmentRun, DevelopmentWorking
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
        posted=next((line for line in lines if line.entry_id in own), None),
    )


def as_line(line: HistoryLine) -> Line:
    """A line of the books as the pure formula takes it."""
    return Line(line.day, line.contribution, line.development, line.withdrawal)
