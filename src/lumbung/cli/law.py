"""`lumbung law`: what the law says, where it stands, and whether cases agree with it."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from lumbung.errors import Refusal
from lumbung.law import cases, contributions, due_dates, inputs
from lumbung.law.errors import BadAmount, NotBuilt
from lumbung.law.month import Month
from lumbung.law.parameter import Parameter, Value, parameters, version

_GROUPED = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")  # 8.000 is eight thousand to its writer and eight to a computer
_FIGURES = {
    "jht_employer": "JHT, employer",
    "jht_member": "JHT, member",
    "jp_wage": "JP, wage counted",
    "jp_employer": "JP, employer",
    "jp_member": "JP, member",
    "jkk": "JKK, employer",
    "jkm": "JKM, employer",
    "employer_total": "Employer",
    "member_total": "Member",
    "total": "Together",
}


@click.group()
def command() -> None:
    """The law: contributions, parameters, and checking cases."""


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Run the cases in YAML files. Exit code 1 when one failed, 2 when a file can't be read."""
    passed = failed = unread = 0
    for file in files:
        try:
            outcomes = cases.check(Path(file).read_bytes())
        except (Refusal, OSError) as error:
            unread += 1
            reason = error.strerror if isinstance(error, OSError) else error
            click.echo(f"Error: {file}: {reason}", err=True)
            continue
        for outcome in outcomes:
            passed, failed = passed + outcome.passed, failed + (not outcome.passed)
            _show_failure(file, outcome)
    click.echo(f"{passed} passed, {failed} failed")
    sys.exit(2 if unread else min(failed, 1))


@command.command()
@click.option("--segment", default="PU", show_default=True, help="PU: wage workers.")
@click.option("--wage", required=True, help="Monthly wage in rupiah, digits only.", metavar="RUPIAH")
@click.option("--month", required=True, help="Contribution month.", metavar="YYYY-MM")
@click.option("--risk-class", help="Risk class of the work, for JKK.", metavar="I..V")
@click.option(
    "--programmes", multiple=True, metavar="JHT,JP,JKK,JKM", help="Programmes taken.  [default: all four]"
)
@click.option("--relief-covid", is_flag=True, help="Takes part in the relief of PP 49/2020.")
@click.option("--labour-intensive", is_flag=True, help="A labour-intensive industry of PP 7/2025.")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def contribution(segment: str, wage: str, month: str, as_json: bool, **terms: Any) -> None:
    """What is owed for one worker and month, with the clause behind each figure."""
    with _refusals(as_json):
        result = _contribution(segment, wage, month, terms)
        if as_json:
            click.echo(json.dumps(result, indent=2))
        else:
            _show_contribution(result)


@command.command("parameters")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def list_parameters(names: tuple[str, ...], as_json: bool) -> None:
    """The law's numbers: since when each holds and where it stands."""
    with _refusals(as_json):
        chosen = [parameters()[inputs.choice(name, "NAME", parameters())] for name in names or parameters()]
    if as_json:
        click.echo(json.dumps([_parameter(each) for each in chosen], indent=2))
    else:
        _show_parameters(chosen)


@contextmanager
def _refusals(as_json: bool) -> Iterator[None]:
    """Say what the law refuses, as a sentence or as data, and end with exit code 2."""
    try:
        yield
    except Refusal as refusal:
        if as_json:
            click.echo(json.dumps({"error": refusal.code, "message": str(refusal)}, indent=2))
        else:
            click.echo(f"Error: {refusal}", err=True)
        sys.exit(2)


def _contribution(segment: str, wage: str, month: str, terms: dict[str, Any]) -> dict[str, Any]:
    """One assessment as data: its inputs, its figures, the sources behind them and the version of the law."""
    if inputs.choice(segment, "segment", due_dates.SEGMENTS) != "PU":
        raise NotBuilt(rule="contribution", what="segment", value=f"segment {segment}", choices="segment PU")
    if _GROUPED.fullmatch(wage):
        raise BadAmount(what="wage", least=0, most=inputs.MOST_RUPIAH)
    asked = {**terms, "month": Month.parse(month), "programmes": _programmes(terms["programmes"])}
    owed = contributions.assess(wage=inputs.wage(wage), **asked)
    reliefs = {name: asked[name] for name in ("labour_intensive", "relief_covid")}
    return {
        "segment": segment,
        "wage": owed.wage,
        "month": month,
        "risk_class": asked["risk_class"],
        "programmes": sorted(asked["programmes"]),
        **reliefs,
        **{figure: getattr(owed, figure) for figure in _FIGURES},
        "sources": {
            figure: [_clause(clause) for clause in behind]
            for figure, behind in contributions.clauses(**asked).items()
        },
        "notes": [
            f"{flag} changes nothing in {month}: its regulation covers other months."
            for flag in contributions.reliefs_without_effect(asked["month"], **reliefs)
        ],
        "law_version": version(),
    }


def _programmes(given: tuple[str, ...]) -> frozenset[str]:
    codes = [code.strip() for part in given for code in part.split(",")]
    chosen = frozenset(inputs.choice(code, "programmes", contributions.PROGRAMMES) for code in codes)
    return chosen if given else contributions.PROGRAMMES


def _clause(clause: contributions.Clause) -> dict[str, str | None]:
    return {
        "parameter": clause.parameter,
        "value": clause.value,
        "unit": clause.unit,
        "from": clause.start,
        "title": clause.source.title,
        "url": clause.source.url,
        "confidence": clause.source.confidence,
    }


def _parameter(each: Parameter) -> dict[str, Any]:
    values = [
        {
            "from": value.start.isoformat(),
            "value": _written(value),
            "title": value.source.title,
            "url": value.source.url,
            "confidence": value.source.confidence,
        }
        for value in each.values
    ]
    return {"name": each.name, "label": each.label, "unit": each.unit, "values": values}


def _written(value: Value) -> Any:
    """A value as plain data: whole numbers as numbers, decimals as the text they were written in."""
    if value.content is None:
        return "unknown"
    if isinstance(value.content, dict):
        return {key: item if isinstance(item, (int, list)) else str(item) for key, item in value.content.items()}
    return value.content if isinstance(value.content, int) else str(value.content)


def _show_failure(file: str, outcome: cases.Outcome) -> None:
    if outcome.passed:
        return
    click.echo(f"FAILED {outcome.name} ({file}, case {outcome.number})")
    for problem in outcome.problems:
        click.echo(f"       {problem}")


def _show_contribution(result: dict[str, Any]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    title = f"{result['month']}, wage {_grouped(result['wage'])}"
    table = Table(title=title, title_justify="left", box=SIMPLE, pad_edge=False)
    for heading in ("Rupiah a month", "Amount", "Rate", "Since", "Clause"):
        table.add_column(heading, justify="right" if heading in ("Amount", "Rate") else "left")
    for figure, label in _FIGURES.items():
        style = "bold" if figure.endswith("total") else ""
        row = (label, _grouped(result[figure]), *_behind(figure, result["sources"].get(figure, [])))
        table.add_row(*row, style=style, end_section=figure == "jkm")
    console = Console(highlight=False)
    console.print(table)
    for note in result["notes"]:
        console.print(f"Note: {note}")
    console.print(f"Law version {result['law_version']}")


def _show_parameters(chosen: list[Parameter]) -> None:
    for each in chosen:
        click.echo(f"{each.name}: {each.label} ({each.unit})")
        for value in each.values:
            written = _written(value)
            if isinstance(written, dict):
                written = ", ".join(f"{key} {item}" for key, item in written.items())
            doubt = "" if value.source.confidence == "sourced" else f" [{value.source.confidence}]"
            click.echo(f"  from {value.start}  {written}  {value.source.title}{doubt}")


def _behind(figure: str, clauses: list[dict[str, str]]) -> tuple[str, str, str]:
    """The rate, its start and the clause behind one figure, as a person reads them."""
    if figure.endswith("total"):
        return "", "", "sum of the parts"
    if not clauses:
        return "", "", "not taken"
    rate = " × ".join(f"{each['value']} %" for each in reversed(clauses))
    doubts = {each["confidence"] for each in clauses} - {"sourced"}
    titles = [each["title"] for each in clauses] + [f"confidence {doubt}" for doubt in doubts]
    return "" if figure == "jp_wage" else rate, max(each["from"] for each in clauses), "; ".join(titles)


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
