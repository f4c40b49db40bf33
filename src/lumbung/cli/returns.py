"""`lumbung return`: an employer's monthly wage file."""

import time
from pathlib import Path

import click

from lumbung.cli import django, screen
from lumbung.cli.screen import rupiah
from lumbung.law.errors import BadMonth
from lumbung.law.month import Month

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


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
@click.argument("file", type=FILE)
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
    with screen.refusals(), screen.console(stderr=True).status("Reading and judging the file …"):
        employer = registry.employer(full_number)
        taken = actions.take_in_return(
            employer, month, file.read_bytes(), file_name=file.name, today=today, now=now
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
    out.print(
        f"{employer.name}, {month}: {returned.members} members accepted in {time.monotonic() - began:.1f} s."
        if taken.is_new
        else f"{employer.name}, {month}: this very file was taken in before; it is one return ({known})."
    )
    rows = [("Payment code", code.code), ("Amount", rupiah(returned.total)), ("Pay by", code.due)]
    out.print(screen.table(("", ""), rows, numbers=(1,)))
    if returned.state == "open":
        out.print("When the bank has received it, its file has this line (header first):")
        out.print("  payment_code,amount,received_on,bank_reference")
        out.print(f"  {code.code},{returned.total},{today.isoformat()},<unique reference of the bank>")
