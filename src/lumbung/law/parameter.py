"""Dated parameters: every number of the statutes with its start and its source, from parameters/*.yaml."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lumbung.errors import marked
from lumbung.law.errors import NotYetInForce, Unknown
from lumbung.law.exact_yaml import read

_FOLDER = Path(__file__).parent / "parameters"
_PERCENT = 100
# How sure a value is, and how that is said; anything weaker is not shipped: it stays unknown.
CONFIDENCES = {"sourced": marked("confirmed"), "K-high": marked("likely"), "K-med": marked("uncertain")}
SOURCED = "sourced"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands: the clause or letter, an address where it was seen, and how sure it is."""

    title: str
    url: str | None = None
    confidence: str = SOURCED

    @property
    def is_confirmed(self) -> bool:
        """Whether the text of the law, or an official notice, was seen for it."""
        return self.confidence == SOURCED

    @property
    def confidence_words(self) -> str:
        """How sure it is, a sentence of the catalogue."""
        return CONFIDENCES[self.confidence]

    def said(self, translate: Callable[[str], str]) -> str:
        """The clause in a language, with a word of doubt where there is some."""
        doubt = "" if self.is_confirmed else f" ({translate(self.confidence_words)})"
        return translate(self.title) + doubt


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is from a day on, until the next value starts; None while nobody knows it.

    `content` is a number, a word, or a table that nobody can change: mappings are read-only, lists are tuples.
    """

    start: date
    content: Any
    source: Source

    def whole(self, key: str | int | None = None) -> int:
        """The value as a whole number: rupiah, days, months."""
        number = self._pick(key)
        assert type(number) is int, f"{number!r} is not whole"
        return number

    def share(self, key: str | int | None = None) -> Fraction:
        """The percentage as an exact share of one."""
        number = self._pick(key)
        assert isinstance(number, (int, Decimal)), f"{number!r} is no percentage"
        return Fraction(number) / _PERCENT

    def shares(self) -> dict[int, Fraction]:
        """A table of percentages, from the amount above which each counts, as exact shares of one."""
        return {int(key): self.share(key) for key in self.content}

    def amounts(self) -> dict[int, int]:
        """A table of rupiah, from the number that each belongs to."""
        return {int(key): self.whole(key) for key in self.content}

    def words(self, key: str | int | None = None) -> frozenset[str]:
        """The value as a set of words: programme codes."""
        return frozenset(self._pick(key))

    def _pick(self, key: str | int | None) -> Any:
        return self.content if key is None else self.content[key]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated number or table of the law; `unit` says what its values count."""

    name: str
    label: str
    unit: str
    values: tuple[Value, ...]

    def at(self, day: date) -> Value:
        """The value in force on the day. NotYetInForce before the first, Unknown where none is announced."""
        position = bisect_right(self.values, day, key=lambda value: value.start)
        if not position:
            raise NotYetInForce(subject=self.label, start=self.values[0].start, day=day)
        value = self.values[position - 1]
        if value.content is None:
            raise Unknown(subject=self.label, start=value.start, day=day)
        return value

    def latest(self) -> Value:
        """The value that started last and is known: the assumption for a projection that names no day."""
        return next(value for value in reversed(self.values) if value.content is not None)

    def unknown_from(self) -> date | None:
        """The day from which the value is not announced, None when there is no such day."""
        return next((value.start for value in self.values if value.content is None), None)


@cache
def parameters() -> Mapping[str, Parameter]:
    """All parameters by name."""
    return MappingProxyType({path.stem: parameter(path.stem) for path in _files()})


@cache
def parameter(name: str) -> Parameter:
    """The parameter kept in parameters/<name>.yaml, read once, when it is asked for. KeyError without one."""
    try:
        content = (_FOLDER / f"{name}.yaml").read_bytes()
    except FileNotFoundError:
        raise KeyError(name) from None
    return parse(name, content)


@cache
def version() -> str:
    """The law's version: a digest of every parameter file, kept with each result computed from them."""
    digest = sha256()
    for path in _files():
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"%s %d\n" % (path.name.encode(), len(content)) + content)
    return digest.hexdigest()[:16]


def parse(name: str, content: bytes) -> Parameter:
    """A parameter from the text of its file; ValueError when the file breaks the rules of one."""
    found = read(content, trusted=True)
    _only(name, found, {"label", "unit", "values"})
    values = tuple(_value(name, entry) for entry in found["values"])
    starts = [value.start for value in values]
    if not starts or sorted(set(starts)) != starts:
        raise ValueError(f"{name}: the values must start one after the other")
    return Parameter(name, found["label"], found["unit"], values)


def _value(name: str, entry: Any) -> Value:
    _only(name, entry, {"from", "value", "source"})
    source = entry["source"]
    _only(name, source, {"title"}, {"url", "confidence"})
    if source.get("confidence", SOURCED) not in CONFIDENCES or not source["title"]:
        raise ValueError(f"{name}: every value needs a source, of a confidence that may be shipped")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", entry["from"]):
        raise ValueError(f"{name}: a start is a day")
    content = None if entry["value"] == "unknown" else _frozen(entry["value"])
    return Value(date.fromisoformat(entry["from"]), content, Source(**source))


def _frozen(content: Any) -> Any:
    """The same, unchangeable: it is kept for as long as the program runs."""
    if isinstance(content, dict):
        return MappingProxyType({key: _frozen(item) for key, item in content.items()})
    return tuple(map(_frozen, content)) if isinstance(content, list) else content


def _only(name: str, found: Any, needed: set[str], allowed: frozenset[str] | set[str] = frozenset()) -> None:
    if not isinstance(found, dict) or not needed <= set(found) <= needed | allowed:
        raise ValueError(f"{name}: a mapping of {sorted(needed)} was expected")


def _files() -> list[Path]:
    return sorted(_FOLDER.glob("*.yaml"))
