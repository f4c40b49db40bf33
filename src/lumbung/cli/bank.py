"""`lumbung bank`: what the bank received."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from lumbung.cli import django, files, screen
from lumbung.errors import marked
from lumbung.law.writing import rupiah

if TYPE_CHECKING:  # the model can be imported only once Django is set up
    from lumbung.payments.models import Receipt

WHY_HELD = {
    "unknown_code": marked("no return has this payment code"),
    "void_code": marked("the code was withdrawn when a newer return replaced it"),
    "already_paid": marked("the code is paid already"),
    "too_little": marked("less than the code asks for"),
    "too_much": marked("more than the code asks for"),
}


@click.group()
def command() -> None:
    """Take in bank files, and list payments that matched nothing."""


@command.command("take-in")
@click.argument("file", type=files.FILE)
@click.option("--json", "for_programs", is_flag=True, help="The result as data.")
def take_in(file: Path, for_programs: bool) -> None:
    """Match a bank FILE with payment codes and credit the members, once however often it is fed.

    A payment that is not exactly what its code asks for is held and listed, never lost. One that comes late is
    credited, and a bill asks the employer for the fine.
    """
    django.setup()
    from lumbung.billing import actions as billing
    from lumbung.contributions import actions as contributions
    from lumbung.payments import actions

    now, today = django.read_clock()
    console = screen.console(stderr=True)
    with screen.refusals(for_programs=for_programs), console.status("Matching payments and crediting members …"):
        taken = actions.take_in_bank_file(files.content(file), today=today, now=now)
        settled = contributions.settle_codes([receipt.code_as_written for receipt in taken.matched], now=now)
        billing.drain(now=now)
    credited = sum(returned.members for returned in settled)
    if for_programs:
        screen.as_json(
            {
                "matched": [_row(receipt) for receipt in taken.matched],
                "held": [_row(receipt) for receipt in taken.held],
                "known": taken.known,
                "members_credited": credited,
            }
        )
        return
    out = screen.console()
    click.echo(
        f"{len(taken.matched)} payments matched ({credited} members credited), {len(taken.held)} held,"
        f" {taken.known} taken in before."
    )
    if taken.held:
        out.print(_held_table(taken.held))


@command.command("held")
@click.option("--json", "for_programs", is_flag=True, help="The list as data.")
def held(for_programs: bool) -> None:
    """List payments that are held, with the reason."""
    django.setup()
    from lumbung.payments import queries

    receipts = list(queries.held())
    if for_programs:
        screen.as_json([_row(receipt) for receipt in receipts])
        return
    out = screen.console()
    click.echo(f"{len(receipts)} payments are held.")
    if receipts:
        out.print(_held_table(receipts))


def _row(receipt: Receipt) -> dict[str, object]:
    return {
        "bank_reference": receipt.bank_reference,
        "payment_code": receipt.code_as_written,
        "amount": receipt.amount,
        "received_on": receipt.received_on,
        "held": receipt.held or None,
    }


def _held_table(receipts: Sequence[Receipt]) -> Table:
    rows = [
        (r.bank_reference, r.code_as_written, rupiah(r.amount), r.received_on, WHY_HELD[r.held]) for r in receipts
    ]
    return screen.table(("Bank reference", "Code", "Amount", "Received", "Why it is held"), rows, numbers=(2,))
