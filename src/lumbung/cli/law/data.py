"""What `lumbung law` has in common: refusals as sentences or data, clauses and parameters as plain data."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Any

import click

from lumbung.errors import Refusal, unchanged
from lumbung.law import inputs
from lumbung.law.clauses import Clause
from lumbung.law.errors import BadAmount, BadPair
from lumbung.law.parameter import Parameter, Value

_JAKARTA = timezone(timedelta(hours=7))
_GROUPED = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")  # 8.000 is eight thousand to its writer and eight to a computer


def today() -> date:
    """The day it is for the fund."""
    return datetime.now(_JAKARTA).date()


@contextmanager
def refusals(as_json: bool, translate: Callable[[str], str] = unchanged) -> Iterator[None]:
    """Say what the law refuses, as a sentence or as data, and end with exit code 2."""
    try:
        yield
    except Refusal as refusal:
        said = refusal.say(translate)
        if as_json:
            click.echo(json.dumps({"error": refusal.code, "message": said}, indent=2, ensure_ascii=False))
        else:
            click.echo(f"Error: {said}", err=True)
        sys.exit(2)


def rupiah(written: str, what: str) -> str:
    """An amount as it was typed; one that looks grouped by thousands is refused."""
    if _GROUPED.fullmatch(written):
        raise BadAmount(what=what, least=0, most=inputs.MOST_RUPIAH)
    return written


def pair(written: str, what: str, form: str, example: str) -> tuple[str, str]:
    """What stands before and after the equals sign of an option such as `2024-03-05=80000000`."""
    before, sign, after = written.partition("=")
    if not (before and sign and after):
        raise BadPair(what=what, form=form, example=example)
    return before.strip(), after.strip()


def grouped(amount: int) -> str:
    """An amount as Indonesians write it."""
    return f"{amount:,}".replace(",", ".")


def clause_as_data(clause: Clause) -> dict[str, str | None]:
    """A clause with its source, flat."""
    return {
        "parameter": clause.parameter,
        "value": clause.value,
        "unit": clause.unit,
        "from": clause.start.isoformat(),
        "title": clause.source.title,
        "url": clause.source.url,
        "confidence": clause.source.confidence,
    }


def parameter_as_data(each: Parameter, translate: Callable[[str], str] = unchanged) -> dict[str, Any]:
    """A parameter with all of its values and their sources."""
    values = [
        {
            "from": value.start.isoformat(),
            "value": written(value),
            "title": value.source.title,
            "url": value.source.url,
            "confidence": value.source.confidence,
        }
        for value in each.values
    ]
    return {"name": each.name, "label": translate(each.label), "unit": translate(each.unit), "values": values}


def written(value: Value) -> Any:
    """A value as plain data: whole numbers as numbers, decimals as the text they were written in."""
    return "unknown" if value.content is None else _plain(value.content)


def _plain(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {str(key): _plain(item) for key, item in content.items()}
    if isinstance(content, tuple):
        return [_plain(item) for item in content]
    return content if isinstance(content, int) else str(content)


def lines(content: Any) -> list[str]:
    """Plain data in words: one line, or one for each row of a table of tables."""
    if not isinstance(content, dict):
        return [_words(content)]
    if not any(isinstance(item, (dict, list)) for item in content.values()):
        return [_words(content)]
    return [f"{key}: {_words(item)}" for key, item in content.items()]


def _words(content: Any) -> str:
    if isinstance(content, dict):
        return ", ".join(f"{key} {item}" for key, item in content.items())
    return ", ".join(map(str, content)) if isinstance(content, list) else str(content)
