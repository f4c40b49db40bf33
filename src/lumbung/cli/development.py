"""`lumbung development`: credit the yearly result, adjust it, and prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lumbung.cli import django, screen
from lumbung.law.writing import rupiah

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from datetime import datetime

    from lumbung.development.queries import Proof, Summary

YEAR = click.IntRange(1950, 9998)
CHUNK, JOBS = 25_000, 2


@click.group()
def command() -> None:
    """Credit the yearly development result (hasil pengembangan); adjust and prove it."""


@command.command("credit")
@click.option("--year", type=YEAR, required=True, help="The calendar year; it must be over.")
@click.option("--rate", required=True, metavar="PERCENT", help="Percent a year as decreed, like 5.60.")
@click.option("--decree", required=True, help="The decree that sets the rate; it stands beside the result.")
@click.option(
    "--chunk",
    type=click.IntRange(1, 1_000_000),
    default=CHUNK,
    show_default=True,
    help="Accounts in one transaction.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 32), default=JOBS, show_default=True, help="Chunks worked side by side."
)
@click.option("--json", "for_programs", is_flag=True, help="The result as data.")
def credit(year: int, rate: str, decree: str, chunk: int, jobs: int, for_programs: bool) -> None:
    """Credit the result of a year to every account, in chunks. Safe to break off: run it again to go on."""
    django.setup()
    from lumbung.development import actions

    with screen.refusals(for_programs=for_programs), _bar(f"Result of {year}") as progress:
        done = actions.credit(
            year=year,
            rate=rate,
            decree=decree,
            now=_now(),
            clock=_now,
            chunk=chunk,
            jobs=jobs,
            progress=progress,
        )
    if for_programs:
        screen.as_json({**_data(done.summary), "is_new": done.is_new})
        return
    run = done.summary.run
    if done.is_new:
        click.echo(f"The result of {year} is credited at {run.rate} %. {run.decree}")
    else:
        click.echo(f"The result of {year} was credited already, at {run.rate} %. Nothing was changed.")
    _show([done.summary])


@command.command("adjust")
@click.option("--year", type=YEAR, help="One credited year; without it, all of them in their order.")
@click.option("--json", "for_programs", is_flag=True, help="The adjustments as data.")
def adjust(year: int | None, for_programs: bool) -> None:
    """Post what back-dated bookings have changed since the credit. The queue does so each night."""
    django.setup()
    from lumbung.development import actions

    with screen.refusals(for_programs=for_programs):
        made = actions.adjust(year=year, now=_now(), clock=_now)
    if for_programs:
        screen.as_json([_data(summary) for summary in made])
        return
    if not made:
        click.echo("Nothing was booked since that changes a credited result.")
        return
    _show(made)


@command.command("show")
@click.option("--year", type=YEAR, required=True)
@click.option("--json", "for_programs", is_flag=True, help="The runs and their proofs as data.")
def show(year: int, for_programs: bool) -> None:
    """Show the runs of a YEAR and prove each anew. Exit status 1 when anything is wrong."""
    django.setup()
    from lumbung.development import queries

    with screen.refusals(for_programs=for_programs):
        runs = queries.runs(year)
    proofs = [queries.proof(summary.run) for summary in runs]
    owed = queries.waiting(year, runs[0].run.rate)
    wrong = any(proof.faults for proof in proofs)
    if for_programs:
        listed = [
            {**_data(summary), "proof": {"counts": proof.counts, "faults": proof.faults}}
            for summary, proof in zip(runs, proofs, strict=True)
        ]
        screen.as_json({"year": year, "runs": listed, "waiting_for_adjustment": owed})
    else:
        _show(runs)
        _show_proofs(runs, proofs, owed)
    raise click.exceptions.Exit(1 if wrong else 0)


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar of chunks, beside the result: on a terminal it goes when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen.console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{what}: chunks", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _show(runs: Sequence[Summary]) -> None:
    """One table of runs, then why accounts were skipped."""
    from lumbung.development.bookkeeping import SKIPPED

    rows = [
        (
            summary.run.number,
            summary.run.year,
            summary.run.kind,
            summary.run.state,
            f"{summary.run.rate} %",
            f"{summary.accounts:,}",
            f"{summary.credited:,}",
            rupiah(summary.amount),
        )
        for summary in runs
    ]
    headings = ("Run", "Year", "Kind", "State", "Rate", "Accounts", "With a line", "Amount")
    out = screen.console()
    out.print(screen.table(headings, rows, numbers=(0, 1, 4, 5, 6, 7)))
    skipped = [
        (summary.run.number, f"{accounts:,}", SKIPPED[reason])
        for summary in runs
        for reason, accounts in summary.skipped.items()
    ]
    if skipped:
        out.print(screen.table(("Run", "Skipped", "Why"), skipped, numbers=(0, 1)))


def _show_proofs(runs: Sequence[Summary], proofs: Sequence[Proof], owed: int) -> None:
    for summary, proof in zip(runs, proofs, strict=True):
        said = (
            "; ".join(proof.faults)
            or "whole: every account with its working, every working with its line or reason"
        )
        click.echo(f"Run {summary.run.number}: {said}")
    if owed:
        click.echo(f"{owed:,} accounts wait for an adjustment: run `lumbung development adjust`.")


def _data(summary: Summary) -> dict[str, Any]:
    run = summary.run
    return {
        "run": run.number,
        "year": run.year,
        "kind": run.kind,
        "state": run.state,
        "rate": run.rate,
        "decree": run.decree,
        "accounts": summary.accounts,
        "credited": summary.credited,
        "amount": summary.amount,
        "skipped": dict(summary.skipped),
    }


def _now() -> datetime:
    return django.read_clock()[0]
