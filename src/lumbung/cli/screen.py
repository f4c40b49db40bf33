"""How the command shows results and refusals: tables for people, JSON for programs."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lumbung.errors import Problem, Refusal

LISTED_PROBLEMS = 200


def console(*, stderr: bool = False) -> Console:
    """A console that breaks no number over two lines when the output is not a terminal."""
    wanted = Console(stderr=stderr, highlight=False)
    return wanted if wanted.is_terminal else Console(stderr=stderr, highlight=False, width=160)


def as_json(data: Any) -> None:
    """Print data for a program; dates and months as they are written."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def printable(text: str) -> str:
    """The text with what is no character replaced: a file's words must not steer the terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[int] = ()) -> Table:
    """A table for people; the columns named in `numbers` are aligned on the right. No cell is read as markup."""
    made = Table(box=box.SIMPLE, pad_edge=False)
    for position, heading in enumerate(headings):
        made.add_column(heading, justify="right" if position in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(printable(str(cell))) for cell in row))
    return made


def problems(found: Sequence[Problem]) -> Table:
    """Every problem of a file with its place, the value there, and what to do."""
    rows = [
        (
            "" if problem.line is None else problem.line,
            problem.column or "",
            (problem.value or "")[:60],
            problem.say(),
        )
        for problem in found[:LISTED_PROBLEMS]
    ]
    if len(found) > LISTED_PROBLEMS:
        rows.append(("", "", "", f"… and {len(found) - LISTED_PROBLEMS} more problems of the same file"))
    return table(("Line", "Column", "Value", "What is wrong and what to do"), rows, numbers=(0,))


@contextmanager
def refusals(*, for_programs: bool = False) -> Iterator[None]:
    """Turn a refusal into its sentence, its problems, and exit status 1; for programs into data."""
    try:
        yield
    except Refusal as refused:
        listed = getattr(refused, "problems", ())
        if for_programs:
            as_json({"refused": refused.code, "message": refused.say(), "problems": [_data(p) for p in listed]})
            raise click.exceptions.Exit(1) from None
        click.echo(f"Refused: {refused.say()}", err=True)
        if listed:
            console(stderr=True).print(problems(listed))
        raise click.exceptions.Exit(1) from None


def _data(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "message": problem.say(),
    }
