"""`lumbung law tax`: the income tax on old-age savings that were paid out."""

import click

from lumbung.cli.law.data import pair, refusals, rupiah
from lumbung.cli.law.result import Result, sources
from lumbung.law import inputs
from lumbung.law.old_age import Payment
from lumbung.law.old_age import tax as tax_on
from lumbung.law.writing import number


@click.command()
@click.option(
    "--payment",
    "payments",
    multiple=True,
    required=True,
    metavar="YYYY-MM-DD=RUPIAH",
    help="Day and amount of a payment before tax; say each one since the first, in any order.",
)
@click.option("--no-tax-number", is_flag=True, help="Without a tax number (NPWP).")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def tax(payments: tuple[str, ...], no_tax_number: bool, as_json: bool) -> None:
    """The tax on each payment of old-age savings, final in two calendar years and progressive after."""
    with refusals(as_json):
        rows = [payment(each, "payment") for each in payments]
        owed = tax_on(payments=rows, tax_number=not no_tax_number)
        result = Result({"tax_number": not no_tax_number, "payments": []})
        for place, (row, amount, final, step) in enumerate(
            zip(rows, owed.tax, owed.final, owed.derivations, strict=True), start=1
        ):
            kind = "final" if final else "progressive"
            result.add(f"tax_{place}", f"{row.day}, {number(row.gross)}: {kind}", amount, step)
            told = {
                "day": str(row.day),
                "gross": row.gross,
                "tax": amount,
                "final": final,
                "net": row.gross - amount,
            }
            result.asked["payments"].append({**told, "sources": sources([step])})
        gross = sum(row.gross for row in rows)
        result.add("total", "Tax together", sum(owed.tax), bold=True)
        result.add("net", "Paid after tax", gross - sum(owed.tax))
    result.print("Tax on old-age savings", as_json=as_json)


def payment(written: str, what: str) -> Payment:
    """A payment as it was typed."""
    day, gross = pair(written, what, "YYYY-MM-DD=RUPIAH", "2024-03-05=80000000")
    return Payment(inputs.day(day), inputs.rupiah(rupiah(gross, what), what))
