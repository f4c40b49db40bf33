"""`lumbung ledger`: prove, seal, correct and export the books."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from lumbung.cli import django, export, screen

if TYPE_CHECKING:  # the ledger can be imported only once Django is set up
    from lumbung.ledger.queries import CheckReport

COUNTED = ("entries", "control_lines", "lines", "accounts", "seals", "unsealed")
LISTED_FAULTS = 200


@click.group()
def command() -> None:
    """Prove, seal, correct and export the books."""


for exporting in (export.export, export.show_pseudonym):
    command.add_command(exporting)


@command.command("check")
@click.option("--json", "for_programs", is_flag=True, help="The counts and the faults as data.")
def check(for_programs: bool) -> None:
    """Prove every balance, control account, digest and reversal. Exit status 1 when anything is wrong."""
    django.setup()
    from lumbung.ledger import queries as ledger

    with Progress(
        TextColumn("{task.description}"),
        *Progress.get_default_columns()[1:3],
        TimeElapsedColumn(),
        console=screen.console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("Member lines", total=None)
        report = ledger.check(lambda done, total: bar.update(task, completed=done, total=max(total, 1)))
    if for_programs:
        _show_data(report)
    else:
        _show(report)
    raise click.exceptions.Exit(1 if report.faults else 0)


def _show(report: CheckReport) -> None:
    """Every fault of a kind and place once, then what was counted."""
    out = screen.console()
    if report.faults:
        rows = [(fault.kind, fault.where, fault.meaning) for fault in report.faults[:LISTED_FAULTS]]
        out.print(screen.table(("Fault", "Where", "What it means"), rows))
    hidden = len(report.faults) - LISTED_FAULTS
    if hidden > 0:
        out.print(f"… and {hidden} more; --json lists all of them.")
    click.echo(
        f"{report.entries:,} entries, {report.control_lines:,} control lines, {report.lines:,} lines, "
        f"{report.accounts:,} accounts, {report.seals:,} seals ({report.unsealed:,} entries not sealed yet), "
        f"{len(report.faults):,} faults"
    )


def _show_data(report: CheckReport) -> None:
    faults = [{"kind": fault.kind, "where": fault.where, "meaning": fault.meaning} for fault in report.faults]
    screen.as_json({name: getattr(report, name) for name in COUNTED} | {"faults": faults})


@command.command("seal")
def seal() -> None:
    """Chain the digests of all entries that are not sealed yet. The demo does so each minute."""
    django.setup()
    from lumbung.ledger import actions as ledger

    click.echo(f"{ledger.seal():,} entries sealed")


@command.command("close-year")
@click.argument("year", type=click.IntRange(2000, 9998))
def close_year(year: int) -> None:
    """Put the lines of YEAR, once it is over, in the order of members, so that long histories are read fast.

    Nothing in the books changes, and readers go on. Meant for each January, after the last check of the old year.
    """
    django.setup()
    from lumbung.ledger import actions as ledger

    with screen.refusals():
        closed = ledger.close_year(year)
    if closed.months:
        click.echo(f"{year} is closed: {closed.lines:,} lines of {closed.months} months lie in one place.")
    else:
        click.echo(f"{year} is closed already, or nothing was booked in it.")


@command.command("reverse")
@click.argument("entry", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why, in one line, without personal data: it stays in the books.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Value date; that of the entry when not given.")
def reverse(entry: int, reason: str, day: datetime | None) -> None:
    """Undo ENTRY by an entry that mirrors it. An entry is reversed once; nothing is ever deleted."""
    django.setup()
    from lumbung.ledger import actions as ledger

    if not reason.strip() or len(reason) > 500 or not reason.isprintable():
        raise click.BadParameter("Say why, in one line of at most 500 characters.", param_hint="--reason")
    now, _ = django.read_clock()
    with screen.refusals():
        posted = ledger.reverse(
            entry, key=f"reversal:{entry}", reason=reason, day=day.date() if day else None, now=now
        )
    said = "" if posted.is_new else " already"
    click.echo(f"Entry {entry} is reversed{said} by entry {posted.entry_id}.")
