"""`lumbung law contribution`: what is owed in each segment, with the clause behind each figure."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import click

from lumbung.cli.law.data import refusals, rupiah
from lumbung.law import construction, contributions, inputs, migrant_workers, self_employed
from lumbung.law.clauses import Clause
from lumbung.law.errors import MissingInput, StrangeInput
from lumbung.law.month import Month
from lumbung.law.parameter import CONFIDENCES, SOURCED, version
from lumbung.law.telling import clause_as_data
from lumbung.law.writing import number

_TOGETHER = {"total": "Together"}
_RUPIAH = frozenset({"wage", "income", "contract_value", "old_age"})


@dataclass(frozen=True, slots=True)
class Segment:
    """What one segment is asked and answers: its inputs with their defaults, the first of them needed."""

    inputs: Mapping[str, Any]
    figures: Mapping[str, str]
    assess: Callable[..., Any]
    clauses: Callable[..., dict[str, list[Clause]]]
    programmes: Collection[str] = ()

    @property
    def subject(self) -> str:
        """The input that all else is computed from."""
        return next(iter(self.inputs))


def _wage_clauses(*, wage: Any, **terms: Any) -> dict[str, list[Clause]]:
    """The clauses behind a wage worker's figures, which are the same at every wage."""
    return contributions.clauses(**terms)


_COVID = {"relief_covid": False}
SEGMENTS = {
    "PU": Segment(
        {"wage": None, "risk_class": None, "labour_intensive": False, **_COVID},
        {
            "jht_employer": "JHT, employer",
            "jht_member": "JHT, member",
            "jp_wage": "JP, wage counted",
            "jp_employer": "JP, employer",
            "jp_member": "JP, member",
            "jkk": "JKK, employer",
            "jkm": "JKM, employer",
            "employer_total": "Employer",
            "member_total": "Member",
            **_TOGETHER,
        },
        contributions.assess,
        _wage_clauses,
        contributions.PROGRAMMES,
    ),
    "BPU": Segment(
        {"income": None, "sector": "other", "paid_by_state": False, **_COVID},
        {"base": "Base", "jkk": "JKK", "jkm": "JKM", "jht": "JHT", **_TOGETHER},
        self_employed.assess,
        self_employed.clauses,
        self_employed.PROGRAMMES,
    ),
    "Jakon": Segment(
        {"contract_value": None, **_COVID},
        {"jkk": "JKK", "jkm": "JKM", **_TOGETHER},
        construction.assess,
        construction.clauses,
    ),
    "PMI": Segment(
        {"contract_months": None, "extension_months": 0, "agency": True, "old_age": 0},
        {
            "before_departure": "JKK and JKM, before departure",
            "during_and_after": "JKK and JKM, during and after",
            "extension": "JKK and JKM, beyond the contract",
            "old_age": "JHT of the month",
            **_TOGETHER,
        },
        migrant_workers.assess,
        migrant_workers.clauses,
    ),
}


@click.command()
@click.option("--segment", default="PU", show_default=True, metavar="PU|BPU|Jakon|PMI", help="Kind of member.")
@click.option("--month", required=True, help="Contribution month.", metavar="YYYY-MM")
@click.option("--wage", help="PU: monthly wage in rupiah, digits only.", metavar="RUPIAH")
@click.option("--risk-class", help="PU: risk class of the work, for JKK.", metavar="I..V")
@click.option("--income", help="BPU: monthly income in rupiah, digits only.", metavar="RUPIAH")
@click.option("--sector", help="BPU: transport or other.  [default: other]", metavar="SECTOR")
@click.option("--paid-by-state", is_flag=True, default=None, help="BPU: the state budget pays.")
@click.option("--contract-value", help="Jakon: value of the contract without VAT.", metavar="RUPIAH")
@click.option("--contract-months", help="PMI: length of the contract: 6, 12 or 24.", metavar="MONTHS")
@click.option("--extension-months", help="PMI: months beyond the contract.", metavar="MONTHS")
@click.option("--agency/--no-agency", default=None, help="PMI: an agency places the worker.  [default: agency]")
@click.option("--old-age", help="PMI: amount chosen for JHT.", metavar="RUPIAH")
@click.option(
    "--programmes", multiple=True, metavar="JHT,JP,JKK,JKM", help="PU, BPU: programmes taken.  [default: all]"
)
@click.option("--relief-covid", is_flag=True, default=None, help="Takes part in the relief of PP 49/2020.")
@click.option(
    "--labour-intensive", is_flag=True, default=None, help="PU: a labour-intensive industry of PP 7/2025."
)
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def contribution(segment: str, month: str, as_json: bool, programmes: tuple[str, ...], **given: Any) -> None:
    """What is owed for one worker or project and month, with the clause behind each figure."""
    with refusals(as_json):
        kind = SEGMENTS[inputs.choice(segment, "segment", SEGMENTS)]
        asked = _asked(segment, kind, given, programmes)
        result = {"segment": segment, **_result(kind, Month.parse(month), asked)}
        if as_json:
            click.echo(json.dumps(result, indent=2))
        else:
            _show(kind, result)


def _asked(segment: str, kind: Segment, given: dict[str, Any], programmes: tuple[str, ...]) -> dict[str, Any]:
    """The inputs of the segment, with its defaults; those of another segment are refused, as is a missing one."""
    said = {name: value for name, value in given.items() if value is not None}
    for name in (*said, *(("programmes",) if programmes and not kind.programmes else ())):
        if name not in kind.inputs:
            raise StrangeInput(what=name, segment=segment, choices=", ".join(kind.inputs))
    if kind.subject not in said:
        raise MissingInput(what=kind.subject)
    asked = {name: rupiah(value, name) if name in _RUPIAH else value for name, value in said.items()}
    if kind.programmes:
        codes = [code.strip() for part in programmes for code in part.split(",")]
        chosen = frozenset(inputs.choice(code, "programmes", kind.programmes) for code in codes)
        asked["programmes"] = chosen if programmes else frozenset(kind.programmes)
    return {**kind.inputs, **asked}


def _result(kind: Segment, month: Month, asked: dict[str, Any]) -> dict[str, Any]:
    """One assessment as data: its inputs, its figures, the sources behind them and the version of the law."""
    owed = kind.assess(month=month, **asked)
    judged = {name: getattr(owed, name, asked[name]) for name in asked}
    if kind.programmes:
        judged["programmes"] = sorted(asked["programmes"])
    behind = kind.clauses(month=month, **asked)
    flags = {name: asked[name] for name in ("relief_covid", "labour_intensive") if name in asked}
    return {
        **judged,
        "month": str(month),
        **{figure: getattr(owed, figure) for figure in kind.figures},
        "sources": {figure: [clause_as_data(clause) for clause in found] for figure, found in behind.items()},
        "notes": [
            f"{flag} changes nothing in {month}: its regulation covers other months."
            for flag in contributions.reliefs_without_effect(month, **flags)
        ],
        "law_version": version(),
    }


def _show(kind: Segment, result: dict[str, Any]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    title = f"{result['month']}, {kind.subject.replace('_', ' ')} {number(result[kind.subject])}"
    table = Table(title=title, title_justify="left", box=SIMPLE, pad_edge=False)
    for heading in ("Rupiah", "Amount", "Rate", "Since", "Clause"):
        table.add_column(heading, justify="right" if heading in ("Amount", "Rate") else "left")
    last_part = [figure for figure in kind.figures if not figure.endswith("total")][-1]
    for figure, label in kind.figures.items():
        style = "bold" if figure.endswith("total") else ""
        row = (label, number(result[figure]), *_behind(figure, result))
        table.add_row(*row, style=style, end_section=figure == last_part)
    console = Console(highlight=False)
    console.print(table)
    for note in result["notes"]:
        console.print(f"Note: {note}")
    console.print(f"Law version {result['law_version']}")


def _behind(figure: str, result: dict[str, Any]) -> tuple[str, str, str]:
    """The rate, its start and the clause behind one figure, as a person reads them."""
    clauses = result["sources"].get(figure, [])
    if figure.endswith("total"):
        return "", "", "sum of the parts"
    if not clauses:
        return "", "", "not taken"
    doubts = {each["confidence"] for each in clauses} - {SOURCED}
    titles = [each["title"] for each in clauses] + [CONFIDENCES[doubt] for doubt in doubts]
    rate = _rate(clauses)
    return (
        "" if rate == number(result[figure]) else rate,
        max(each["from"] for each in clauses),
        "; ".join(dict.fromkeys(titles)),
    )


def _rate(clauses: list[dict[str, str]]) -> str:
    """What a figure is made from: percentages of slices added, and reliefs before what they lower."""
    rates = []
    for _, rows in groupby(clauses, key=lambda each: each["parameter"]):
        slices = [_written(each["value"], each["unit"]) for each in rows]
        rates.append(f"({' + '.join(slices)})" if len(slices) > 1 else slices[0])
    return " × ".join(rate for rate in reversed(rates) if rate)


def _written(value: str, unit: str) -> str:
    """A percentage, an amount, or nothing where a list is chosen from."""
    if unit.startswith("percent"):
        return f"{value} %"
    return number(int(value)) if value.isdecimal() else ""
