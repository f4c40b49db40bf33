"""`lumbung law projection`: old-age savings at 56 and the pension, under three sets of assumptions."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from lumbung.cli.law.data import grouped, pair, refusals, rupiah, today
from lumbung.law import inputs
from lumbung.law import projection as law
from lumbung.law.contributions import pension_shares
from lumbung.law.month import Month
from lumbung.law.parameter import parameter, version
from lumbung.law.pension import PensionYear

_LABELS = {
    "wage_growth": "Wages grow, % a year",
    "inflation": "Prices rise, % a year",
    "economic_growth": "The economy grows, % a year",
    "development": "Savings earn, % a year",
}
_KINDS = {"periodic": "every month", "lump_sum": "in one sum", None: "-"}


@click.command()
@click.option("--born", required=True, help="Day of birth.", metavar="YYYY-MM-DD")
@click.option("--wage", default="0", help="Monthly wage now; 0: no more contributions.", metavar="RUPIAH")
@click.option("--balance", default="0", help="Old-age savings on 1 January.", metavar="RUPIAH")
@click.option("--paid", multiple=True, help="Old-age money that came this year; may be said again.",
              metavar="YYYY-MM=RUPIAH")  # fmt: skip
@click.option("--pension-wage", multiple=True, help="Monthly wage of a year with pension contributions so far.",
              metavar="YEAR=RUPIAH")  # fmt: skip
@click.option("--pension-months", multiple=True, help="Months paid in such a year.  [default: 12]",
              metavar="YEAR=MONTHS")  # fmt: skip
@click.option(
    "--pension-paid", help="Pension contributions so far.  [default: from those wages]", metavar="RUPIAH"
)
@click.option("--no-pension", is_flag=True, help="Not in the pension programme from now on.")
@click.option("--stops-work", help="Last day of work.  [default: up to the ages of the law]", metavar="YYYY-MM-DD")
@click.option("--day", help="Day seen from.  [default: today]", metavar="YYYY-MM-DD")
@click.option(
    "--assume",
    multiple=True,
    metavar="[SCENARIO.]NAME=PERCENT",
    help=f"Change an assumption, of all or of one scenario (low.inflation=4): {', '.join(law.changeable())}.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def projection(as_json: bool, born: str, day: str | None, stops_work: str | None, **given: Any) -> None:
    """What a member may expect: old-age savings at 56 and the pension, low, middle and high."""
    with refusals(as_json):
        on = today() if day is None else inputs.day(day)
        record = _record(inputs.day(born), on, given)
        changed = _changed(given["assume"])
        stops = None if stops_work is None else inputs.day(stops_work)
        told = {
            scenario: law.project(
                record, today=on, assumed=law.assumptions(scenario, **changed[scenario]), stops_work=stops
            )
            for scenario in law.SCENARIOS
        }
    if as_json:
        click.echo(json.dumps(_as_data(on, told), indent=2))
    else:
        _show(on, told)


def _record(born: date, on: date, given: Mapping[str, Any]) -> law.Record:
    """The record as it was typed; the caps of its years are the law's."""
    paid = [pair(each, "paid", "YYYY-MM=RUPIAH", "2025-01=342000") for each in given["paid"]]
    months = _by_year(given["pension_months"], "pension_months", "2024=11")
    years = []
    for year, wage in sorted(_by_year(given["pension_wage"], "pension_wage", "2024=6000000").items()):
        cap = parameter("pension_wage_cap").at(date(year, 12, 31)).whole()
        number = inputs.count(months.get(year, "12"), "pension_months", 0, 12)
        years.append(PensionYear(year, number, inputs.wage(rupiah(wage, "pension_wage"), "pension_wage"), cap))
    so_far: Any = given["pension_paid"]
    if so_far is None:
        so_far = sum(row.months * pension_shares(min(row.wage, row.cap)) for row in years)
    else:
        so_far = inputs.rupiah(rupiah(so_far, "pension_paid"), "pension_paid")
    return law.Record(
        born=born,
        wage=inputs.wage(rupiah(given["wage"], "wage")),
        old_age_opening=inputs.rupiah(rupiah(given["balance"], "balance"), "balance"),
        this_year=[
            (Month.parse(month), inputs.rupiah(rupiah(amount, "paid"), "paid", -inputs.MOST_RUPIAH))
            for month, amount in paid
        ],
        pension_years=years,
        pension_paid=so_far,
        in_pension=not given["no_pension"],
    )


def _by_year(written: tuple[str, ...], what: str, example: str) -> dict[int, str]:
    pairs = [pair(each, what, "YEAR=VALUE", example) for each in written]
    return {inputs.year(year, what): value for year, value in pairs}


def _changed(written: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """The changes of each scenario; one said for a single scenario wins over one for all."""
    for_all: dict[str, str] = {}
    for_one: dict[str, dict[str, str]] = {scenario: {} for scenario in law.SCENARIOS}
    for each in written:
        name, rate = pair(each, "assume", "[SCENARIO.]NAME=PERCENT", "low.inflation=4")
        scenario, dot, rest = name.rpartition(".")
        if dot:
            inputs.choice(scenario, "assume", law.SCENARIOS)
        target = for_one[scenario] if dot else for_all
        target[inputs.choice(rest, "assume", law.changeable())] = rate
    return {scenario: {**for_all, **ours} for scenario, ours in for_one.items()}


def _as_data(on: date, told: Mapping[str, law.Projection]) -> dict[str, Any]:
    return {"day": str(on), **{name: _scenario(each) for name, each in told.items()}, "law_version": version()}


def _scenario(told: law.Projection) -> dict[str, Any]:
    return {
        "assumptions": {name: str(getattr(told.assumptions, name)) for name in law.changeable()},
        "old_age": _sum(told.old_age),
        "pension": None if told.pension is None else _sum(told.pension),
        "pension_kind": told.pension_kind,
        "pension_months": told.pension_months,
        "pension_from": None if told.pension_from is None else str(told.pension_from),
        "years": [
            {name: getattr(year, name) for name in ("year", "months", "wage", "contributions", "development",
                                                    "balance")}
            for year in told.years
        ],
        "notes": [law.NOTES[note] for note in told.notes],
    }  # fmt: skip


def _sum(amount: law.Sum) -> dict[str, Any]:
    return {"day": str(amount.day), "future": amount.future, "today": amount.today}


def _show(on: date, told: Mapping[str, law.Projection]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_summary(on, told))
    console.print(_years(told))
    for note in dict.fromkeys(note for each in told.values() for note in each.notes):
        console.print(f"Note: {law.NOTES[note]}")
    console.print("Note: A projection is no promise. Change what is assumed with --assume.")
    console.print(f"Law version {version()}")


def _summary(on: date, told: Mapping[str, law.Projection]) -> Any:
    """Assumptions and sums, one column a scenario."""
    table = _table(f"Projection from {on}", "", *told)
    for name, label in _LABELS.items():
        table.add_row(label, *(f"{getattr(each.assumptions, name):f}" for each in told.values()))
    some = next(iter(told.values()))
    savings = [grouped(each.old_age.future) for each in told.values()]
    table.add_row(f"Old-age savings on {some.old_age.day}", *savings, style="bold")
    table.add_row("  in today's prices", *(grouped(each.old_age.today) for each in told.values()))
    table.add_row("Pension paid", *(_KINDS[each.pension_kind] for each in told.values()))
    table.add_row("  months of contributions", *(str(each.pension_months) for each in told.values()))
    if some.pension is not None:
        sums = [each.pension for each in told.values() if each.pension is not None]
        table.add_row(f"Pension from {some.pension_from}", *(grouped(each.future) for each in sums), style="bold")
        table.add_row("  in today's prices", *(grouped(each.today) for each in sums))
    return table


def _years(told: Mapping[str, law.Projection]) -> Any:
    """The old-age account year by year: the wage and the balance of each scenario."""
    headings = [f"{what}, {scenario}" for scenario in told for what in ("Wage", "Balance")]
    table = _table("Old-age savings by year", "Year", *headings)
    for row in zip(*(each.years for each in told.values()), strict=True):
        figures = [grouped(figure) for year in row for figure in (year.wage, year.balance)]
        table.add_row(str(row[0].year), *figures)
    return table


def _table(title: str, first: str, *headings: str) -> Any:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE, pad_edge=False)
    table.add_column(first)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table
