"""`lumbung return`: an employer's monthly wage file."""

import time
from pathlib import Path

import click

from lumbung.cli import django, files, screen
from lumbung.cli.screen import rupiah
from lumbung.law.errors import BadMonth
from lumbung.law.month import Month


class MonthType(click.ParamType[Month]):
    """A month written as YYYY-MM."""

    name = "YYYY-MM"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> Month:
        try:
            return Month.parse(value)
        except BadMonth as wrong:
            self.fail(wrong.say(), param, context)


@click.group()
def command() -> None:
    """Take in employers' monthly wage returns."""


@command.command("take-in")
@click.argument("file", type=files.FILE)
@click.option("--employer", "full_number", required=True, metavar="NPP-DIV", help="Like 00000001-000.")
@click.option("--month", type=MonthType(), required=True, help="The contribution month.")
@click.option("--json", "for_programs", is_flag=True, help="The result as data.")
def take_in(file: Path, full_number: str, month: Month, for_programs: bool) -> None:
    """Read and judge a wage FILE (CSV or XLSX); on success print the payment code and the amount.

    A file with problems changes nothing; every problem is listed. The same file twice is one return.
    """
    django.setup()
    from lumbung.contributions import actions
    from lumbung.registry import queries as registry

    now, today = django.read_clock()
    began = time.monotonic()
    with (
        screen.refusals(for_programs=for_programs),
        screen.console(stderr=True).status("Reading and judging the file …"),
    ):
        employer = registry.employer(full_number)
        taken = actions.take_in_return(
            employer, month, files.content(file), file_name=file.name, today=today, now=now
        )
    returned, code = taken.returned, taken.returned.payment_code
    if for_programs:
        screen.as_json(
            {
                "return": returned.pk,
                "is_new": taken.is_new,
                "state": returned.state,
                "employer": employer.full_number,
                "month": month,
                "members": returned.members,
                "amount": returned.total,
                "payment_code": code.code,
                "due": code.due,
                "seconds": round(time.monotonic() - began, 3),
            }
        )
        return
    known = {"open": "not paid yet", "settled": "paid and credited", "replaced": "replaced"}[returned.state]
    out = screen.console()
    click.echo(
        f"{employer.name}, {month}: {returned.members} members accepted in {time.monotonic() - began:.1f} s."
        if taken.is_new
        else f"{employer.name}, {month}: this very file was taken in before; it is one return ({known})."
    )
    rows = [("Payment code", code.code), ("Amount", rupiah(returned.total)), ("Pay by", code.due)]
    out.print(screen.table(("", ""), rows, numbers=(1,)))
    if returned.state == "open":
        click.echo("When the bank has received it, its file has this line (header first):")
        click.echo("  payment_code,amount,received_on,bank_reference")
        click.echo(f"  {code.code},{returned.total},{today.isoformat()},<unique reference of the bank>")
