"""What `lumbung law` has in common: refusals as sentences or data, amounts and pairs as they are typed."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Any

import click

from lumbung.errors import Refusal, unchanged
from lumbung.law import inputs
from lumbung.law.errors import BadAmount, BadPair

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
