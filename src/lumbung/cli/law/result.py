"""What a command of `lumbung law` answers: figures with the clauses behind them, as a table or as data."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import click

from lumbung.law.derivation import Step, walk
from lumbung.law.month import Month
from lumbung.law.parameter import CONFIDENCES, SOURCED, version
from lumbung.law.telling import clause_as_data
from lumbung.law.writing import number

Sources = list[dict[str, str | None]]
_COUNTED = {
    "months": ("month", "months"),
    "months of wage": ("wage", "wages"),
    "years": ("year", "years"),
    "working days": ("working day", "working days"),
    "children": ("child", "children"),
    "times": ("time", "times"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its name for programs, its label for people, its value, and the clauses behind it.

    `told` is the value in words where it is a code.
    """

    name: str
    label: str
    value: Any
    sources: Sources = field(default_factory=list)
    bold: bool = False
    told: Any = None

    @property
    def shown(self) -> str:
        """The value as a person reads it: rupiah with dots, days and words as they are."""
        return shown(self.value if self.told is None else self.told)


@dataclass(slots=True)
class Result:
    """All figures of an answer, in order, what was asked for, and what else to know."""

    asked: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, label: str, value: Any, *behind: Step, bold: bool = False, told: Any = None) -> None:
        """One more figure, with the values of the law in the steps behind it."""
        self.rows.append(Row(name, label, value, sources(behind), bold, told))

    def as_data(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            **{name: plain(value) for name, value in self.asked.items()},
            **{row.name: plain(row.value) for row in self.rows},
            "sources": {row.name: row.sources for row in self.rows if row.sources},
            "notes": self.notes,
            "law_version": version(),
        }

    def print(self, title: str, *, as_json: bool) -> None:
        """Show the answer."""
        if as_json:
            click.echo(json.dumps(self.as_data(), indent=2, ensure_ascii=False))
        else:
            _show(title, self.rows, self.notes)


def sources(behind: Iterable[Step]) -> Sources:
    """The values of the law among the steps, each once, in the order in which they are read."""
    found: Sources = []
    for top in behind:
        for step in walk(top):
            if step.clause is not None:
                data = clause_as_data(step.clause)
                if data not in found:
                    found.append(data)
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it: days, months and exact fractions as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, (date, Month, Fraction)) else value


def shown(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or isinstance(value, bool):
        return {None: "-", True: "yes", False: "no"}[value]
    if isinstance(value, int):
        return number(value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(item)}" for key, item in value.items())
    return str(value)


def _show(title: str, rows: Sequence[Row], notes: Sequence[str]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE, pad_edge=False)
    for heading in ("", "Answer", "By law", "Since", "Clause"):
        table.add_column(heading, justify="right" if heading == "Answer" else "left")
    for row in rows:
        if isinstance(row.value, list):
            continue
        table.add_row(row.label, row.shown, *_behind(row.sources), style="bold" if row.bold else "")
    console = Console(highlight=False)
    console.print(table)
    for row in rows:
        if isinstance(row.value, list):
            _show_list(console, row)
    for note in notes:
        console.print(f"Note: {note}")
    console.print(f"Law version {version()}")


def _show_list(console: Any, row: Row) -> None:
    """A figure that is a list, one to a line, with where it stands."""
    _, since, clauses = _behind(row.sources)
    console.print(f"{row.label} ({clauses}, since {since}):")
    for each in row.value if row.told is None else row.told:
        console.print(f"  - {each}")


def _behind(found: Sources) -> tuple[str, str, str]:
    """The values of the law behind a figure, since when the newest holds, and where they stand."""
    if not found:
        return "", "", ""
    values = dict.fromkeys(_written(str(each["value"]), str(each["unit"])) for each in found)
    doubts = sorted({str(each["confidence"]) for each in found} - {SOURCED})
    titles = [str(each["title"]) for each in found] + [CONFIDENCES[doubt] for doubt in doubts]
    since = max(str(each["from"]) for each in found)
    return "; ".join(value for value in values if value), since, "; ".join(dict.fromkeys(titles))


def _written(value: str, unit: str) -> str:
    """A value of the law with its unit; nothing for a list of words, which is shown in full elsewhere."""
    if unit.startswith("percent"):
        return f"{value} %"
    if not value.lstrip("-").isdecimal():
        return ""
    one, many = next((words for end, words in _COUNTED.items() if unit.endswith(end)), ("", ""))
    return f"{number(int(value))} {one if value == '1' else many}".strip()
