"""What a rule is to the cases: its inputs, how its answer is written, and the law's function behind it."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lumbung.law import errors, inputs
from lumbung.law.month import Month

Given = Mapping[str, Any]
Answer = Mapping[str, object]
_WHOLE = re.compile(r"-?[0-9]{1,40}")
Reader = Callable[[Any], object]


class Malformed(Exception):
    """A case that says something no rule understands; the message names it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the keys it is given, how each key of its answer is written, and the law's function behind it.

    A rule that asks other things of each segment has one for each under `by_segment`.
    """

    given: frozenset[str]
    expect: Mapping[str, Reader]
    answer: Callable[[Given], Answer]
    by_segment: Mapping[str, "Rule"] = field(default_factory=dict)

    def of(self, given: Given) -> "Rule":
        """The rule of the segment that is asked for; this one where there is none of its own."""
        segment = given.get("segment")
        return self.by_segment.get(segment, self) if isinstance(segment, str) else self


def only(where: str, found: Mapping[Any, Any], known: Iterable[str]) -> None:
    """Refuse keys that no rule knows, because a case with a slip of the pen must not pass."""
    strange = [errors.shown(key) for key in found if key not in known]
    if strange:
        raise Malformed(f"unknown key in {where}: {', '.join(strange)}")


def needed(given: Given, key: str) -> Any:
    """An input that has no default."""
    if key not in given:
        raise errors.MissingInput(what=key)
    return given[key]


def rows(given: Given, key: str, *columns: str) -> list[Mapping[str, Any]]:
    """An input that is a list of mappings, each with these keys and no others."""
    what = f"mappings with {', '.join(columns)}"
    found = needed(given, key)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise errors.BadList(what=key, choices=what)
    for row in found:
        only(key, row, columns)
        for column in columns:
            needed(row, column)
    return found


def listed(given: Given, key: str, of: str, default: Iterable[str] = ()) -> list[Any]:
    """An input that is a list."""
    found = given.get(key, list(default))
    if not isinstance(found, list):
        raise errors.BadList(what=key, choices=of)
    return found


def chosen(given: Given, *keys: str) -> dict[str, Any]:
    """Those of the optional inputs that were given, so that the law's own defaults hold for the others."""
    return {key: given[key] for key in keys if key in given}


def money(written: Any) -> int:
    """An expected amount: whole rupiah, compared as a whole number."""
    return _whole(written, "an expected amount is whole rupiah")


def count(written: Any) -> int:
    """An expected number of months or years."""
    return _whole(written, "an expected count is a whole number")


def percent(written: Any) -> Decimal:
    """An expected percentage: a decimal number, best written as text."""
    exact = inputs.exact(written)
    if exact is None:
        raise Malformed(f"an expected percentage is a decimal number, not {errors.shown(written)}")
    return Decimal(exact.numerator) / exact.denominator


def day(written: Any) -> date:
    """An expected day."""
    try:
        return inputs.day(written)
    except errors.BadDay as refusal:
        raise Malformed(str(refusal)) from refusal


def month(written: Any) -> Month:
    """An expected month."""
    try:
        return inputs.month(written)
    except errors.BadMonth as refusal:
        raise Malformed(str(refusal)) from refusal


def flag(written: Any) -> bool:
    """An expected yes or no."""
    if written is not True and written is not False:
        raise Malformed(f"an expected answer is true or false, not {errors.shown(written)}")
    return written


def or_none(reader: Reader) -> Reader:
    """The same, where null says that there is none."""
    return lambda written: None if written is None else reader(written)


def list_of(reader: Reader) -> Reader:
    """An expected list, in order."""

    def read(written: Any) -> object:
        if not isinstance(written, list):
            raise Malformed(f"a list was expected, not {errors.shown(written)}")
        return tuple(reader(each) for each in written)

    return read


def one_of(words: Collection[str]) -> Reader:
    """An expected word."""

    def read(written: Any) -> object:
        if not isinstance(written, str) or written not in words:
            raise Malformed(f"{errors.shown(written)} is none of {', '.join(sorted(words))}")
        return written

    return read


def in_any_order(reader: Reader) -> Reader:
    """An expected list whose order says nothing."""
    read = list_of(reader)
    return lambda written: tuple(sorted(read(written)))  # type: ignore[call-overload]


def _whole(written: Any, rule: str) -> int:
    if isinstance(written, str) and _WHOLE.fullmatch(written):
        return int(written)
    if type(written) is int:
        return written
    if isinstance(written, Decimal) and written.is_finite() and written == written.to_integral_value():
        return int(written)
    raise Malformed(f"{rule}, not {errors.shown(written)}")
