"""`lumbung ledger export`: the whole books as a file that other accounting programs check."""

from __future__ import annotations

import hmac
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from lumbung.cli import beancount, chart, django, hledger, screen

if TYPE_CHECKING:
    from lumbung.ledger.journal import Extent, Journal, JournalLine

FORMATS: dict[str, chart.Format] = {"hledger": hledger, "beancount": beancount}
_BUFFERED_BYTES = 1 << 20
_TOLD_LINES = 10_000
_NO_DAY = date(1950, 1, 1)  # the first value date the books would take
Told = Callable[[int], None]


@click.command("export")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), required=True)
@click.option("--output", type=click.Path(path_type=Path), help="A file only you may read; else standard output.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="As booked by the end of that day (YYYY-MM-DD).")
@click.option("--members/--no-members", default=True, show_default=True, help="Each member's lines, or sums only.")
@click.option("--pseudonyms", is_flag=True, help="Members without their numbers, and no reasons.")
@click.option("--assert", "assert_members", is_flag=True, help="Assert each member's balances too.")
def export(
    format_name: str, output: Path | None, until: datetime | None, members: bool, pseudonyms: bool,
    assert_members: bool,
) -> None:  # fmt: skip
    """Write the whole books for another program to check. The file holds members' numbers and money."""
    if not members and (pseudonyms or assert_members):
        raise click.BadParameter(
            "Without members there is nothing to hide or to assert.", param_hint="--no-members"
        )
    django.setup()
    from lumbung.ledger import journal

    day = until.date() if until else None
    if day and day > django.read_clock()[1]:
        raise click.BadParameter("That day lies in the future. Ask for a day up to today.", param_hint="--until")
    words = chart.hidden_words(keyed_pseudonyms()) if pseudonyms else chart.open_words()
    with journal.read(day, shuffled=pseudonyms) as books, destination(output) as write:
        extent = books.extent()
        with _progress(extent.lines) as told:
            for text in Rendering(books, extent, FORMATS[format_name], words, members, assert_members).text(told):
                write(text)
    if output:
        click.echo(f"{extent.entries:,} entries, {extent.lines:,} member lines: {output}", err=True)


@click.command("pseudonym")
@click.argument("numbers", nargs=-1, required=True)
def show_pseudonym(numbers: tuple[str, ...]) -> None:
    """Say the pseudonyms that member NUMBERS have in an export with --pseudonyms."""
    django.setup()
    pseudonym = keyed_pseudonyms()
    for number in numbers:
        click.echo(f"{pseudonym(number)}\t{number}")


def keyed_pseudonyms() -> chart.Number:
    """The function from a member number to its pseudonym, the same in each export of this installation.

    80 bits of HMAC-SHA256 under a key made from LUMBUNG_INDEX_KEY: who lacks that can't invert it, nor try all
    numbers.
    """
    from lumbung.encryption import blind_index

    key = blind_index("pseudonyms", context="ledger.export")
    return lambda number: "Px" + hmac.digest(key, number.encode(), "sha256")[:10].hex()


@dataclass(frozen=True, slots=True)
class Rendering:
    """The books in one format, as text in pieces of some thousands of lines at most."""

    books: Journal
    extent: Extent
    form: chart.Format
    words: chart.Words
    members: bool
    assert_members: bool

    def text(self, told: Told) -> Iterator[str]:
        """What the file is, the accounts, the entries, and what must stand on the accounts after them."""
        first_day, last_day = (self.extent.first_day or _NO_DAY, self.extent.last_day or _NO_DAY)
        yield self.form.head(self._remarks(), first_day)
        yield from self._accounts(first_day)
        yield from self._entries(told)
        yield from self._balances(last_day + timedelta(days=1))
        yield f"\n; The end: {self.extent.entries} entries, {self.extent.lines} member lines.\n"

    def _remarks(self) -> list[str]:
        """What a reader must know before he reads a figure."""
        until = f"as booked by the end of {self.books.until}" if self.books.until else "all that was booked"
        return [
            f"Lumbung's books, {until}: {self.extent.entries} entries, {self.extent.lines} member lines.",
            "Whole rupiah; debits are positive, credits negative, so what the fund owes a member is negative.",
            "A transaction's date is its value date; the day it was booked stands beside it.",
            *(["Each member's lines stand on accounts of his own. Keep this file safe."] if self.members else []),
            "It is whole when its last line counts the same entries and lines.",
        ]

    def _accounts(self, day: date) -> Iterator[str]:
        for code, name, _ in self.books.control_totals():
            yield self.form.control_account(code, name, day)
        if self.members:
            for balances in self._member_balances():
                for place, _ in balances:
                    yield self.form.member_account(place, day)

    def _entries(self, told: Told) -> Iterator[str]:
        for entry, lines in self.books.entries():
            yield self.form.entry(entry, self.words)
            shown = _counted(lines, told) if self.members else None
            for posting in chart.postings(entry, shown, self.words.number):
                yield self.form.posting(posting)

    def _balances(self, day: date) -> Iterator[str]:
        totals = [(chart.PLACES[code], amount) for code, _, amount in self.books.control_totals()]
        yield self.form.balances(day, totals, with_sub_accounts=True)
        if self.assert_members:
            for balances in self._member_balances():
                yield self.form.balances(day, balances, with_sub_accounts=False)

    def _member_balances(self) -> Iterator[list[tuple[str, int]]]:
        """The two accounts of each member, with what stands on them as a debit."""
        old_age, pension = chart.MEMBERS.values()
        for total in self.books.members():
            who = self.words.number(total.member_number)
            yield [(f"{old_age}:{who}", -total.old_age), (f"{pension}:{who}", -total.pension)]


def _counted(lines: Iterator[JournalLine], told: Told) -> Iterator[JournalLine]:
    """The same lines; some thousands at a time are told of."""
    read = 0
    for read, line in enumerate(lines, 1):
        yield line
        if read % _TOLD_LINES == 0:
            told(_TOLD_LINES)
    told(read % _TOLD_LINES)


@contextmanager
def _progress(lines: int) -> Iterator[Told]:
    """A bar on standard error, told how many more members' lines were read."""
    columns = (TextColumn("{task.description}"), *Progress.get_default_columns()[1:3], TimeElapsedColumn())
    console = screen.console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Member lines", total=max(lines, 1))
        yield lambda more: bar.advance(task, more)


@contextmanager
def destination(output: Path | None) -> Iterator[Callable[[str], object]]:
    """Where to write: standard output, or a file for this user's eyes only that appears when it is whole."""
    if output is None:
        stream = sys.stdout.buffer
        yield lambda text: stream.write(text.encode())
        stream.flush()
        return
    # A link is not followed, else it would be replaced by a file: /dev/stdout is one.
    if os.path.lexists(output) and not stat.S_ISREG(output.lstat().st_mode):
        raise click.BadParameter(f"{output} is no ordinary file.", param_hint="--output")
    try:
        with _replaced(output) as write:
            yield write
    except OSError as wrong:
        raise click.ClickException(f"{output} can't be written: {wrong.strerror}. Nothing was changed.") from None


@contextmanager
def _replaced(path: Path) -> Iterator[Callable[[str], object]]:
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n", buffering=_BUFFERED_BYTES) as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, path)
    except BaseException:
        os.unlink(scratch)
        raise
