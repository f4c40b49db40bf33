"""`lumbung law projection`: old-age savings at 56 and the pension, under three sets of assumptions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from lumbung.cli.law import language, record
from lumbung.cli.law.data import pair, refusals, today
from lumbung.errors import marked
from lumbung.law import inputs
from lumbung.law import projection as law
from lumbung.law.derivation import WORDS, Step, render
from lumbung.law.errors import MissingInput
from lumbung.law.explanations import answer
from lumbung.law.parameter import version
from lumbung.law.writing import number

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from lumbung.projections.queries import Known

Translate = Callable[[str], str]
_LABELS = {
    "wage_growth": marked("Wages grow, % a year"),
    "inflation": marked("Prices rise, % a year"),
    "economic_growth": marked("The economy grows, % a year"),
    "development": marked("Savings earn, % a year"),
}
_NAMES = {"low": marked("low"), "middle": marked("middle"), "high": marked("high")}


@click.command()
@click.option("--member", help="Member number: read his record, with all numbers that are his.", metavar="NUMBER")
@click.option("--born", help="Day of birth.", metavar="YYYY-MM-DD")
@click.option(
    "--wage",
    help="Monthly wage now; 0: no more contributions.  [default: 0, with --member the last one reported]",
    metavar="RUPIAH",
)
@click.option("--balance", help="Old-age savings on 1 January.  [default: 0]", metavar="RUPIAH")
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
@click.option(
    "--explain", type=click.Choice(law.SCENARIOS), help="How the sums of a scenario follow from the law."
)
@click.option("--html", "as_html", is_flag=True, help="With --explain: as a nested list of HTML.")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
@language.option
def projection(as_json: bool, as_html: bool, explain: str | None, translate: Translate, **given: Any) -> None:
    """What a member may expect: old-age savings at 56 and the pension, low, middle and high.

    From a registered member's own record, or from one that is typed in:

    \b
      lumbung law projection --member 12345678901
      lumbung law projection --born 1990-05-17 --wage 6000000 --balance 20000000
    """
    with refusals(as_json, translate):
        on, known, told = _projected(given)
    if explain is not None:
        form = "json" if as_json else "html" if as_html else "text"
        click.echo(render(_derivation(told[explain]), form, translate))
    elif as_json:
        click.echo(json.dumps(_as_data(on, known, told, translate), indent=2, ensure_ascii=False))
    else:
        _show(on, known, told, translate)


def _projected(given: Mapping[str, Any]) -> tuple[date, Known | None, Mapping[str, law.Projection]]:
    """The day, what is known of a registered member, and a projection for each scenario."""
    changed = _changed(given["assume"])
    stops = None if given["stops_work"] is None else inputs.day(given["stops_work"])
    if given["member"] is not None:
        on, found = record.registered(given["member"], given, stops_work=stops, changed=changed)
        return on, found.known, found.scenarios
    if given["born"] is None:
        raise MissingInput(what="--member or --born")
    on = today() if given["day"] is None else inputs.day(given["day"])
    typed = record.typed(inputs.day(given["born"]), given)
    scenarios = {
        name: law.project(typed, today=on, assumed=law.assumptions(name, **changed[name]), stops_work=stops)
        for name in law.SCENARIOS
    }
    return on, None, scenarios


def _derivation(told: law.Projection) -> Step:
    """The steps to both sums."""
    sums = [told.old_age, told.pension]
    return answer(*(each.derivation for each in sums if each is not None))


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


def _as_data(
    on: date, known: Known | None, told: Mapping[str, law.Projection], translate: Translate
) -> dict[str, Any]:
    return {
        "day": str(on),
        **({} if known is None else {"record": _record_data(known, translate)}),
        **{name: _scenario(each, translate) for name, each in told.items()},
        "law_version": version(),
    }


def _record_data(known: Known, translate: Translate) -> dict[str, Any]:
    """What a registered member's projection starts from."""
    started = known.record
    return {
        "member_numbers": len(known.member_numbers),
        "employers": list(known.employers),
        "wage": started.wage,
        "wage_reported_for": max((str(row.month) for row in known.reported), default=None),
        "self_employed_income": started.income,
        "old_age_chosen": started.chosen,
        "old_age_opened": started.opened,
        "old_age_opening": started.old_age_opening,
        "old_age_since": sum(amount for _, amount in [*started.earlier, *started.this_year]),
        "pension_months": known.pension_months,
        "pension_paid": started.pension_paid,
        "in_pension": started.in_pension,
        "notes": _notes_of(known, translate),
    }


def _notes_of(known: Known, translate: Translate) -> list[str]:
    from lumbung.projections.queries import NOTES

    return [translate(NOTES[note]) for note in known.notes]


def _scenario(told: law.Projection, translate: Translate) -> dict[str, Any]:
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
        "notes": [translate(law.NOTES[note]) for note in told.notes],
    }  # fmt: skip


def _sum(amount: law.Sum) -> dict[str, Any]:
    return {"day": str(amount.day), "future": amount.future, "today": amount.today}


def _show(on: date, known: Known | None, told: Mapping[str, law.Projection], translate: Translate) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    notes = [] if known is None else _notes_of(known, translate)
    if known is not None:
        console.print(_started(known, translate))
    console.print(_summary(on, told, translate))
    console.print(_years(told, translate))
    notes += dict.fromkeys(translate(law.NOTES[note]) for each in told.values() for note in each.notes)
    notes.append(translate(marked("A projection is no promise. Change what is assumed with --assume.")))
    for note in notes:
        console.print(translate(marked("Note: {note}")).format(note=note), markup=False)
    console.print(translate(marked("Law version {version}")).format(version=version()))


def _started(known: Known, translate: Translate) -> Any:
    """What a registered member's projection starts from."""
    from rich.text import Text

    started = known.record
    reported = max((str(row.month) for row in known.reported), default="-")
    rows = {
        marked("Employers today"): ", ".join(known.employers) or "-",
        marked("Monthly wage"): number(started.wage, 0, translate),
        marked("Last month reported"): reported,
        marked("Monthly income as self-employed"): number(started.income, 0, translate),
        marked("Saved each month as a migrant worker"): number(started.chosen, 0, translate),
        marked("First year without a result"): str(started.opened),
        marked("Old-age savings when it began"): number(started.old_age_opening, 0, translate),
        marked("Old-age money since then"): number(
            sum(sum_ for _, sum_ in [*started.earlier, *started.this_year]), 0, translate
        ),
        marked("Months of pension contributions so far"): str(known.pension_months),
        marked("Pension contributions so far"): number(started.pension_paid, 0, translate),
    }
    table = _table(translate(marked("What is on record")), "", "")
    for label, told in rows.items():
        if told != "0":
            table.add_row(translate(label), Text(told))
    return table


def _summary(on: date, told: Mapping[str, law.Projection], translate: Translate) -> Any:
    """Assumptions and sums, one column a scenario."""
    title = translate(marked("Projection from {day}")).format(day=on)
    table = _table(title, "", *(translate(_NAMES[name]) for name in told))
    for name, label in _LABELS.items():
        table.add_row(translate(label), *(f"{getattr(each.assumptions, name):f}" for each in told.values()))
    some = next(iter(told.values()))
    savings = [number(each.old_age.future, 0, translate) for each in told.values()]
    then = "  " + translate(marked("in today's prices"))
    label = translate(marked("Old-age savings on {day}")).format(day=some.old_age.day)
    table.add_row(label, *savings, style="bold")
    table.add_row(then, *(number(each.old_age.today, 0, translate) for each in told.values()))
    kinds = ("-" if each.pension_kind is None else WORDS[each.pension_kind] for each in told.values())
    table.add_row(translate(marked("Pension paid")), *map(translate, kinds))
    months = "  " + translate(marked("months of contributions"))
    table.add_row(months, *(str(each.pension_months) for each in told.values()))
    if some.pension is not None:
        sums = [each.pension for each in told.values() if each.pension is not None]
        label = translate(marked("Pension from {day}")).format(day=some.pension_from)
        table.add_row(label, *(number(each.future, 0, translate) for each in sums), style="bold")
        table.add_row(then, *(number(each.today, 0, translate) for each in sums))
    return table


def _years(told: Mapping[str, law.Projection], translate: Translate) -> Any:
    """The old-age account year by year: the wage and the balance of each scenario."""
    whats = (translate(marked("Wage")), translate(marked("Balance")))
    headings = [f"{what}, {translate(_NAMES[scenario])}" for scenario in told for what in whats]
    table = _table(translate(marked("Old-age savings by year")), translate(marked("Year")), *headings)
    for row in zip(*(each.years for each in told.values()), strict=True):
        figures = [number(figure, 0, translate) for year in row for figure in (year.wage, year.balance)]
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
