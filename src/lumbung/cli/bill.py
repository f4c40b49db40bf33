"""`lumbung bill`: ask for what is owed outside of returns, and settle what is paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lumbung.cli import django, screen
from lumbung.cli.returns import MonthType
from lumbung.law.month import Month
from lumbung.law.writing import rupiah

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from lumbung.billing.actions import Issued
    from lumbung.billing.models import Bill

SERIAL = click.IntRange(1, 2**63 - 1)
FOR_PROGRAMS = click.option("--json", "for_programs", is_flag=True, help="The result as data.")
KINDS = {
    "self_employed": "self-employed",
    "construction": "construction project",
    "migrant": "migrant worker",
    "late_fine": "late fine",
}
LISTED = 200


@click.group()
def command() -> None:
    """Bill the self-employed, construction projects, migrant workers and late payers."""


@command.command("self-employed")
@click.argument("number")
@click.option("--month", type=MonthType(), required=True, help="The first contribution month.")
@click.option("--months", type=int, default=1, show_default=True, help="How many months under one code.")
@FOR_PROGRAMS
def self_employed(number: str, month: Month, months: int, for_programs: bool) -> None:
    """Ask member NUMBER for months of self-employment; the same months again give the same code."""
    django.setup()
    from lumbung.billing import actions
    from lumbung.registry import queries as registry

    now, _ = django.read_clock()
    with screen.refusals(for_programs=for_programs):
        registry.member_number(number)
        issued = actions.issue_self_employed(number, first=month, months=months, now=now)
    _show_issued(issued, for_programs=for_programs)


@command.command("project")
@click.argument("project", type=SERIAL)
@FOR_PROGRAMS
def project(project: int, for_programs: bool) -> None:
    """Ask for a construction PROJECT's contributions, by the number it was registered under."""
    django.setup()
    from lumbung.billing import actions
    from lumbung.registry import queries as registry

    now, _ = django.read_clock()
    with screen.refusals(for_programs=for_programs):
        issued = actions.issue_construction(registry.project(project), now=now)
    _show_issued(issued, for_programs=for_programs)


@command.command("migrant")
@click.argument("contract", type=SERIAL)
@click.option("--old-age-months", type=int, default=0, show_default=True, help="How many months of old age.")
@click.option("--old-age-from", type=MonthType(), help="Their first month; that of departure when not given.")
@FOR_PROGRAMS
def migrant(contract: int, old_age_months: int, old_age_from: Month | None, for_programs: bool) -> None:
    """Ask for a migrant worker's CONTRACT, by its number: the premium once, and months of old age."""
    django.setup()
    from lumbung.billing import actions
    from lumbung.registry import queries as registry

    now, _ = django.read_clock()
    with screen.refusals(for_programs=for_programs):
        issued = actions.issue_migrant(
            registry.migrant_contract(contract),
            old_age_first=old_age_from,
            old_age_months=old_age_months,
            now=now,
        )
    _show_issued(issued, for_programs=for_programs)


@command.command("list")
@click.option("--member", "number", help="Bills of this member number only.")
@click.option("--employer", "full_number", metavar="NPP-DIV", help="Bills of this employer only.")
@click.option(
    "--state", type=click.Choice(["open", "settled", "void", "taken_back"]), help="Bills in this state only."
)
@FOR_PROGRAMS
def listed(number: str | None, full_number: str | None, state: str | None, for_programs: bool) -> None:
    """List bills, the newest first."""
    django.setup()
    from lumbung.billing import queries
    from lumbung.registry import queries as registry

    with screen.refusals(for_programs=for_programs):
        member_number = number and registry.member_number(number).number
        employer = registry.employer(full_number) if full_number else None
    found = queries.bills(member_number=member_number or None, employer=employer, state=state)
    if for_programs:
        screen.as_json([_row(bill) for bill in found])
        return
    count = found.count()
    click.echo(f"{count} bills.")
    if count:
        screen.console().print(_table(list(found[:LISTED])))
    if count > LISTED:
        click.echo(f"… and {count - LISTED} older ones; --json lists all of them.")


@command.command("settle")
@FOR_PROGRAMS
def settle(for_programs: bool) -> None:
    """Book all bills whose money has come. The demo does so by itself."""
    django.setup()
    from lumbung.billing import actions

    now, _ = django.read_clock()
    with screen.console(stderr=True).status("Settling bills …"):
        settled = actions.drain(now=now)
    if for_programs:
        screen.as_json({"settled": settled})
    else:
        click.echo(f"{settled} bills settled.")


@command.command("void")
@click.argument("code")
@FOR_PROGRAMS
def void(code: str, for_programs: bool) -> None:
    """Withdraw the bills under payment CODE; it must not be paid yet."""
    django.setup()
    from lumbung.billing import actions

    with screen.refusals(for_programs=for_programs):
        withdrawn = actions.void(code)
    if for_programs:
        screen.as_json([_row(bill) for bill in withdrawn])
    else:
        click.echo(f"{len(withdrawn)} bills under {code} are withdrawn.")


@command.command("take-back")
@click.argument("bill", type=SERIAL)
@click.option("--reason", required=True, help="Why, in one line, without personal data: it stays in the books.")
@FOR_PROGRAMS
def take_back(bill: int, reason: str, for_programs: bool) -> None:
    """Undo a paid BILL that was wrong, by its number; its money lies in suspense as the payer's credit."""
    django.setup()
    from lumbung.billing import actions

    if not reason.strip() or len(reason) > 500 or not reason.isprintable():
        raise click.BadParameter("Say why, in one line of at most 500 characters.", param_hint="--reason")
    now, _ = django.read_clock()
    with screen.refusals(for_programs=for_programs):
        taken_back = actions.take_back(bill, reason=reason, now=now)
    if for_programs:
        screen.as_json(_row(taken_back))
    else:
        click.echo(f"Bill {taken_back.pk} is taken back: {rupiah(taken_back.total)} lie in suspense.")


def _show_issued(issued: Issued, *, for_programs: bool) -> None:
    code = issued.payment_code
    if for_programs:
        screen.as_json(
            {
                "is_new": issued.is_new,
                "payment_code": code.code,
                "amount": code.amount,
                "due": code.due,
                "bills": [_row(bill) for bill in issued.bills],
            }
        )
        return
    if not issued.is_new:
        click.echo("This was billed before and is not paid yet; it is the same code.")
    out = screen.console()
    out.print(_table(issued.bills))
    rows = [("Payment code", code.code), ("Amount", rupiah(code.amount)), ("Pay by", code.due)]
    out.print(screen.table(("", ""), rows, numbers=(1,)))


def _row(bill: Bill) -> dict[str, object]:
    return {
        "bill": bill.pk,
        "kind": bill.kind,
        "member_number": bill.member_number_id,
        "employer": bill.employer and bill.employer.full_number,
        "project": bill.project_id,
        "contract": bill.contract_id,
        "month": bill.month and Month.of(bill.month),
        "jkk": bill.jkk,
        "jkm": bill.jkm,
        "jht": bill.jht,
        "migrant": bill.migrant,
        "fine": bill.fine,
        "amount": bill.total,
        "payment_code": bill.payment_code_id,
        "state": bill.state,
        "paid_on": bill.paid_on,
    }


def _table(bills: Sequence[Bill]) -> object:
    from lumbung.masking import masked

    rows = [
        (
            bill.pk,
            KINDS[bill.kind],
            masked(bill.member_number_id) if bill.member_number_id else bill.employer,
            Month.of(bill.month) if bill.month else "",
            rupiah(bill.total),
            bill.payment_code_id,
            bill.state,
            bill.paid_on or "",
        )
        for bill in bills
    ]
    headings = ("Bill", "For", "Who", "Month", "Amount", "Code", "State", "Paid on")
    return screen.table(headings, rows, numbers=(0, 4))
