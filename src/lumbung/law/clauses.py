"""The values of the law behind a figure: what each says, since when, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lumbung.law.parameter import Source, parameter


@dataclass(frozen=True, slots=True)
class Clause:
    """One value of the law behind a figure: which parameter and key of it, what it says, since when and where."""

    parameter: str
    key: Any
    value: str
    unit: str
    start: date
    source: Source


def clause(name: str, day: date, key: Any = None) -> Clause:
    """The value in force on the day; of a table the row under the key."""
    dated = parameter(name)
    value = dated.at(day)
    content = value.content if key is None else value.content[key]
    text = ", ".join(map(str, content)) if isinstance(content, tuple) else str(content)
    return Clause(name, key, text, dated.unit, value.start, value.source)


def relief_clauses(names: Iterable[str], day: date, key: str | None = None) -> list[Clause]:
    """The reliefs that lower something on the day; one that leaves all of it owed stands behind nothing."""
    return [clause(name, day, key) for name in names if not lowers_nothing(name, day, key)]


def lowers_nothing(relief: str, day: date, key: str | None = None) -> bool:
    """Whether all of the contribution is owed in spite of the relief."""
    return parameter(relief).at(day).share(key) == 1
