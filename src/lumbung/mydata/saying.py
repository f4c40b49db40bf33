"""A member's data in words of the active language: codes, days, amounts, and what stands inside others."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from lumbung.accounts.inbox.queries import Letter, letter
from lumbung.accounts.models import Message
from lumbung.accounts.sessions import devices
from lumbung.casework.queries import facts_in_words
from lumbung.casework.words import OTHER
from lumbung.law.derivation import WORDS as HOW_PAID
from lumbung.law.month import Month
from lumbung.mydata.codes import CODES, YEAR
from lumbung.mydata.queries import Section
from lumbung.mydata.words import LABELS, MONEY
from lumbung.registry.address import Address
from lumbung.wording import clock_short, day_short, month_name, month_short, number, percent, rupiah

NOTHING = "–"
_MONTHS = {"month", "contribution_month"}
_LEFT_OUT = {"image", "version"}  # pictures stand in the file for programs; a version says which words are shown


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """A table in words: its title, the keys and names of its columns, and a text for each cell."""

    title: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def told(section: Section) -> Told:
    """The table as its member reads it."""
    name = section.held.name
    keys = tuple(key for key in section.keys if key not in _LEFT_OUT or (key == "version" and name != "inbox"))
    rows = (dict(zip(section.keys, row, strict=True)) for row in section.rows)
    return Told(
        title=gettext(section.held.title),
        keys=keys,
        columns=tuple(gettext(LABELS[key]) for key in keys),
        rows=tuple(_row(name, keys, row) for row in rows),
    )


def meanings(section: Section) -> dict[str, Any]:
    """What the names and codes of a table mean, for who reads the file for programs."""
    name = section.held.name
    codes = {key: CODES[name, key] for key in section.keys if (name, key) in CODES}
    return {
        "title": gettext(section.held.title),
        "columns": {key: gettext(LABELS[key]) for key in section.keys},
        "codes": {key: {code: _in_words(said) for code, said in known.items()} for key, known in codes.items()},
    }


def message(row: Mapping[str, Any]) -> Letter:
    """A row of the inbox as it is read."""
    kept = Message(
        word=row["word"], version=row["version"], facts=json.dumps(row["facts"]), made_at=row["made_at"]
    )
    return letter(kept)


def _row(name: str, keys: tuple[str, ...], row: Mapping[str, Any]) -> tuple[str, ...]:
    if name == "inbox":
        read = message(row)
        row = {**row, "word": read.title, "facts": read.text}
    return tuple(said(name, key, row[key]) for key in keys)


def said(name: str, key: str, value: Any) -> str:
    """One value of a table in words."""
    if (name, key) in CODES:
        return _code(CODES[name, key], value)
    if isinstance(value, int):
        return _number(key, value)
    if isinstance(value, date):
        return _day(key, value)
    if isinstance(value, dict):
        return _INSIDE[name](value)
    if key == "user_agent" and value:
        return f"{devices.words(value)} ({value})"
    return str(value or NOTHING)


def _code(known: Mapping[str, str], value: Any) -> str:
    code = "" if value is None else value
    return NOTHING if code == "" and code not in known else _in_words(known.get(code, OTHER))


def _in_words(sentence: str) -> str:
    return gettext(sentence) if sentence else ""


def _number(key: str, value: int) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return number(value) if key in MONEY else str(value)


def _day(key: str, value: date) -> str:
    if isinstance(value, datetime):
        return clock_short(value)
    return month_short(value) if key in _MONTHS else day_short(value)


def _address(kept: Mapping[str, str]) -> str:
    return ", ".join(Address(**kept).lines())


def _request(facts: Mapping[str, str]) -> str:
    """What was asked; of a dispute also the wages that the member typed."""
    lines = [f"{fact.label}: {fact.value}" for fact in facts_in_words(facts)]
    if "claim" in facts:
        wages = json.loads(facts["claim"])["wages"]
        typed = ", ".join(f"{month_name(Month.parse(month))} {rupiah(wage)}" for month, wage in wages.items())
        lines.append(f"{gettext('Wages on the payslips')}: {typed}")
    return "; ".join(lines)


def _year(facts: Mapping[str, Any]) -> str:
    """What was told of a year, and what to expect."""
    flat = {**facts, **(facts["expected"] or {})}
    return "; ".join(f"{gettext(YEAR[name])}: {text}" for name, text in _figures(flat))


def _figures(flat: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in YEAR:
        value = flat.get(name)
        if name == "employers":
            yield name, ", ".join(value or ()) or NOTHING
        elif name == "rate":
            yield name, percent(value) if value else NOTHING
        elif name == "pension_kind":
            yield name, _in_words(HOW_PAID[value]) if value else NOTHING
        elif name in {"old_age_on", "pension_from"}:
            yield name, day_short(date.fromisoformat(value)) if value else NOTHING
        elif value is None:
            yield name, NOTHING
        else:
            yield name, str(value) if name == "months" else rupiah(value)


_INSIDE = {"person": _address, "requests": _request, "years_told": _year}
