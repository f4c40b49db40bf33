"""Reading the development results: runs, their workings, and the proof that a run is whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from lumbung.development import bookkeeping
from lumbung.development.errors import NotCredited
from lumbung.development.models import DevelopmentChunk, DevelopmentRun, DevelopmentWorking

_SQL = Path(__file__).parent / "sql"
# A posting may have been under way, with its book time fixed, while others were looked through.
UNDER_WAY = timedelta(days=1)
IN_CHUNK = "{table}.member_number >= %(first)s AND {table}.member_number < %(beyond)s"
TO_THE_END = "{table}.member_number >= %(first)s"
NAMED = "{table}.member_number = ANY(%(numbers)s)"


def statement(name: str, **parts: str) -> str:
    """The text of sql/<name>.sql with its parts filled in."""
    text = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    return text.format(**parts) if parts else text


def basis_statement(accounts: str) -> str:
    """The question what accounts are entitled to; `accounts` is one of the three ways to choose them."""
    return statement("basis", lines=accounts.format(table="l"), accounts=accounts.format(table="a"))


def year_arguments(year: int, rate: str) -> dict[str, Any]:
    """The days of a year with the months each of them counts, and a twelfth of its rate in lowest terms."""
    share, first = bookkeeping.twelfth(rate), date(year, 1, 1)
    days = (bookkeeping.value_day(year) - first).days + 1
    return {
        "weights": [13 - (first + timedelta(days=day)).month for day in range(days)],
        "year": year,
        "first_day": first,
        "last_day": bookkeeping.value_day(year),
        "p": share.numerator,
        "q": share.denominator,
    }


def annual_run(year: int) -> DevelopmentRun | None:
    """The run that credits a year, whether it is finished or not."""
    return DevelopmentRun.objects.filter(year=year, kind=DevelopmentRun.Kind.ANNUAL).first()


def credited_years() -> QuerySet[DevelopmentRun, int]:
    """The years whose result is credited to the end, ascending."""
    finished = DevelopmentRun.objects.filter(kind=DevelopmentRun.Kind.ANNUAL, state=DevelopmentRun.State.FINISHED)
    return finished.order_by("year").values_list("year", flat=True)


def decreed() -> dict[tuple[int, int], tuple[str, str]]:
    """Rate (percent a year) and decree of each run, by its year and its number in that year."""
    rows = DevelopmentRun.objects.values_list("year", "number", "rate", "decree")
    return {(year, number): (rate, decree) for year, number, rate, decree in rows}


def runs_made(year: int) -> int:
    """How many runs a year has had."""
    return DevelopmentRun.objects.filter(year=year).count()


def boundaries(size: int) -> list[tuple[str, str | None]]:
    """Ranges of about `size` accounts by number; the first has no beginning, the last no end."""
    starts = [number for (number,) in _rows(statement("chunks"), {"size": size})]
    return list(zip(["", *starts], [*starts, None], strict=True))


def candidates(
    run: DevelopmentRun, *, looked_to: datetime, first: str = "", beyond: str | None = None
) -> list[str]:
    """The accounts whose newest working of the run's year no longer holds, in the order of their numbers."""
    arguments = {
        "year": run.year,
        "last_day": bookkeeping.value_day(run.year),
        "since": looked_to - UNDER_WAY,
        "first": first,
        "beyond": beyond,
    }
    touched = _rows(statement("touched"), arguments)
    arguments["entries"] = [entry for entry, _ in touched]
    arguments["book_days"] = sorted({day for _, day in touched})
    return [number for (number,) in _rows(statement("candidates"), arguments)]


# What must be zero in a proof, and how it is said.
FAULTS = {
    "open_chunks": "{count} chunks not done",
    "missing": "{count} accounts without a working",
    "without_line": "{count} accounts without the line that they are due",
    "without_working": "{count} lines without a working",
    "skipped_with_line": "{count} skipped accounts with a line",
    "other_amount": "{count} lines of another amount than their working",
    "line_before_working": "{count} lines older than their working",
    "other_formula": "{count} workings with another result than their basis gives",
    "empty_line": "{count} workings that ask for an empty line",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What a run's proof counted, and what is wrong. `lines_between` came while a chunk was worked: no fault."""

    counts: Mapping[str, int]
    faults: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many accounts have no working that should have one."""
        return self.counts["missing"]


def proof(run: DevelopmentRun) -> Proof:
    """Prove a run: each account worked once, each working with its line, and all sums equal."""
    entries = _rows(statement("entries"), {"run": run.pk})
    arguments = {**year_arguments(run.year, run.rate), "run": run.pk}
    arguments["entries"] = [entry for entry, _ in entries]
    arguments["book_days"] = sorted({day for _, day in entries})
    with connection.cursor() as cursor:
        cursor.execute(statement("proof"), arguments)
        counts = dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
    if run.kind == DevelopmentRun.Kind.ADJUSTMENT or run.is_finished:
        # An adjustment looks at some accounts only, and those that came after the end of a run are not in it.
        counts["missing"] = 0
    faults = [said.format(count=f"{counts[name]:,}") for name, said in FAULTS.items() if counts[name]]
    if not counts["worked"] == counts["credited"] == counts["control"]:
        faults.append("the sums of workings, lines and control lines differ")
    if counts["counted"] + counts["too_new"] != counts["workings"]:
        faults.append("the chunks have counted other accounts than there are workings")
    return Proof(counts, tuple(faults))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did: accounts looked at, credited (or corrected), rupiah, and how many were skipped by reason."""

    run: DevelopmentRun
    accounts: int
    credited: int
    amount: int
    skipped: Mapping[str, int] = field(default_factory=dict)


def summary(run: DevelopmentRun) -> Summary:
    """Count a run's workings by what became of them."""
    rows = (
        DevelopmentWorking.objects.filter(year=run.year, run=run)
        .values_list("skipped")
        .annotate(accounts=Count("member_number"), amount=Sum(F("entitled") - F("credited")))
        .order_by("skipped")
    )
    counted = {skipped: (accounts, int(amount)) for skipped, accounts, amount in rows}
    credited, amount = counted.pop("", (0, 0))
    skipped = {reason: accounts for reason, (accounts, _) in counted.items()}
    return Summary(run, credited + sum(skipped.values()), credited, amount, skipped)


def runs(year: int) -> list[Summary]:
    """The annual run of a year and its adjustments, in their order. Raises NotCredited."""
    found = DevelopmentRun.objects.filter(year=year).order_by("pk")
    if not found:
        raise NotCredited(year=year)
    return [summary(run) for run in found]


def waiting(year: int, rate: str) -> int:
    """How many of all accounts the books still owe a line of a year: none after an adjustment."""
    question = f"SELECT count(*) FROM ({basis_statement(TO_THE_END)}) AS b WHERE b.skipped = ''"  # noqa: S608
    return int(_rows(question, {**year_arguments(year, rate), "first": ""})[0][0])


def progress(run: DevelopmentRun) -> tuple[int, int]:
    """How many chunks of a run are done, and of how many."""
    counted = DevelopmentChunk.objects.filter(run=run).aggregate(
        done=Count("pk", filter=Q(done_at__isnull=False)), all=Count("pk")
    )
    return counted["done"], counted["all"]


def _rows(text: str, arguments: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, arguments)
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
        return rows
