"""`lumbung law fine`: what a late payment costs."""

import json
from datetime import date
from typing import Any

import click

from lumbung.cli.law.data import refusals, rupiah
from lumbung.law import fines, inputs
from lumbung.law.month import Month
from lumbung.law.parameter import CONFIDENCES, SOURCED, version
from lumbung.law.telling import clause_as_data
from lumbung.law.writing import number


@click.command()
@click.option("--segment", default="PU", show_default=True, metavar="PU|BPU", help="Kind of member.")
@click.option("--month", required=True, help="Contribution month.", metavar="YYYY-MM")
@click.option("--owed", required=True, help="Contributions that were owed, digits only.", metavar="RUPIAH")
@click.option("--paid-on", required=True, help="Day on which the bank received them.", metavar="YYYY-MM-DD")
@click.option("--relief-covid", is_flag=True, help="Took part in the relief of PP 49/2020.")
@click.option(
    "--holiday",
    "holidays",
    multiple=True,
    metavar="YYYY-MM-DD",
    help="A holiday; may be said again.  [default: Indonesia's public holidays]",
)
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def fine(as_json: bool, owed: str, **asked: Any) -> None:
    """The fine on contributions that were paid late."""
    with refusals(as_json):
        result = _result(rupiah(owed, "owed"), **asked)
    if as_json:
        click.echo(json.dumps(result, indent=2))
    else:
        _show(result)


def _result(
    owed: str, *, segment: str, month: str, paid_on: str, relief_covid: bool, holidays: tuple[str, ...]
) -> dict[str, Any]:
    """One fine as data, with the clause behind its rate and the version of the law."""
    asked = Month.parse(month)
    late = fines.late_fine(
        segment=segment,
        month=asked,
        owed=inputs.rupiah(owed, "owed"),
        paid_on=inputs.day(paid_on),
        relief_covid=relief_covid,
        holidays=[inputs.day(each) for each in holidays] or _public_holidays(asked),
    )
    behind = fines.clauses(segment=segment, month=asked, relief_covid=relief_covid)
    return {
        "segment": segment,
        "month": month,
        "owed": inputs.rupiah(owed, "owed"),
        "paid_on": paid_on,
        "relief_covid": relief_covid,
        "due": late.due.isoformat(),
        "months_late": late.months_late,
        "fine": late.fine,
        "sources": {figure: [clause_as_data(clause) for clause in found] for figure, found in behind.items()},
        "law_version": version(),
    }


def _public_holidays(month: Month) -> frozenset[date]:
    from lumbung.billing.calendar import around

    return around(month)


def _show(result: dict[str, Any]) -> None:
    (clause,) = result["sources"]["fine"]
    click.echo(f"Due {result['due']}, paid {result['paid_on']}: months late {result['months_late']}")
    click.echo(f"Fine {number(result['fine'])}: {clause['value']} % a month of {number(result['owed'])}")
    doubt = "" if clause["confidence"] == SOURCED else f" ({CONFIDENCES[clause['confidence']]})"
    click.echo(f"{clause['title']}{doubt}, from {clause['from']}. Law version {result['law_version']}")
