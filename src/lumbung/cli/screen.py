"""How the command shows results and refusals: tables for people, JSON for programs."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from lumbung.errors import Problem, Refusal

LISTED_PROBLEMS = 200


def rupiah(amount: int) -> str:
    """Whole rupiah as they are written in Indonesia: Rp 1.234.567."""
    return f"Rp {amount:,}".replace(",", ".")


def console(*, stderr: bool = False) -> Console:
    """A console that breaks no number over two lines when the output is not a terminal."""
    wanted = Console(stderr=stderr, highlight=False)
    return wanted if wanted.is_terminal else Console(stderr=stderr, highlight=False, width=160)


def as_json(data: Any) -> None:
    """Print data for a program; dates and months as they are written."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[int] = ()) -> Table:
    """A table for people; the columns named in `numbers` are aligned on the right."""
    made = Table(box=box.SIMPLE, pad_edge=False)
    for position, heading in enumerate(headings):
        made.add_column(heading, justify="right" if position in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(str(cell) for cell in row))
    return made


def problems(found: Sequence[Problem]) -> Table:
    """Every problem of a file with its place, the value there, and what to do."""
    rows = [
        (
            "" if problem.line is None else problem.line,
            problem.column or "",
            (problem.value or "")[:60].replace("[", r"\["),
            problem.say().replace("[", r"\["),
        )
        for problem in found[:LISTED_PROBLEMS]
    ]
    if len(found) > LISTED_PROBLEMS:
        rows.append(("", "", "", f"… and {len(found) - LISTED_PROBLEMS} more problems of the same file"))
    return table(("Line", "Column", "Value", "What is wrong and what to do"), rows, numbers=(0,))


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal into its sentence, its problems, and exit status 1."""
    try:
        yield
    except Refusal as refused:
        listed = getattr(refused, "problems", ())
        click.echo(f"Refused: {refused.say()}", err=True)
        if listed:
            console(stderr=True).print(problems(listed))
        raise click.exceptions.Exit(1) from None
