"""The lines of a member number as a statement shows them, from those of the books; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lumbung.law.month import Month


class What(StrEnum):
    """What a line is about."""

    EMPLOYER = "employer"
    OWN = "own"
    DEVELOPMENT = "development"
    PAID_OUT = "paid_out"
    TAKEN_BACK = "taken_back"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Booked:
    """A line of the books as this needs it: `key` is its entry's, amounts are whole rupiah."""

    position: int
    key: str
    booked_on: date
    day: date
    month: Month | None
    contribution: int
    development: int
    withdrawal: int
    pension: int
    balance: int
    takes_back: bool

    @property
    def change(self) -> int:
        """What the line adds to the old-age savings."""
        return self.contribution + self.development - self.withdrawal


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement. `counts_from` is the value date, `change` what it adds to the old-age savings.

    `employer` and `month` stand for contributions; `year`, `rate` (percent) and `decree` for a development result.
    """

    what: What
    booked_on: date
    counts_from: date
    change: int = field(repr=False)
    balance: int = field(repr=False)
    pension: int = field(repr=False)
    employer: str = ""
    month: Month | None = None
    year: int | None = None
    rate: str = ""
    decree: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One member number in a period, as booked: what stood there before, line by line, what stands there after."""

    ending: str = field(repr=False)
    opening: int = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def closing(self) -> int:
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def pension(self) -> int:
        """Pension contributions of the period."""
        return sum(line.pension for line in self.lines)


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys of entries stand for: employers by return, rates and decrees by year and run."""

    employers: Mapping[int, str]
    runs: Mapping[tuple[int, int], tuple[str, str]]


def in_period(lines: Iterable[Booked], first: date, last: date) -> tuple[int, list[Booked]]:
    """The balance as booked before the first day, and the lines booked from it to the last day, in their order."""
    ordered = sorted(lines, key=lambda line: line.position)
    before = [line.balance for line in ordered if line.booked_on < first]
    return (before[-1] if before else 0), [line for line in ordered if first <= line.booked_on <= last]


def account(ending: str, opening: int, lines: Sequence[Booked], names: Names) -> Account:
    """The lines in words' places."""
    return Account(ending, opening, tuple(_line(each, names) for each in lines))


def return_of(key: str) -> int | None:
    """The return that an entry's key names: return:7, return:7:2, return:7:back."""
    word, _, rest = key.partition(":")
    number = rest.partition(":")[0]
    return int(number) if word == "return" and number.isdecimal() else None


def _run_of(key: str) -> tuple[int, int] | None:
    parts = key.split(":")
    return (int(parts[1]), int(parts[2])) if parts[0] == "development" else None


def _line(each: Booked, names: Names) -> Line:
    returned, run = return_of(each.key), _run_of(each.key)
    rate, decree = names.runs.get(run, ("", "")) if run else ("", "")
    return Line(
        what=_what(each, returned is not None, run is not None),
        booked_on=each.booked_on,
        counts_from=each.day,
        change=each.change,
        balance=each.balance,
        pension=each.pension,
        employer="" if returned is None else names.employers.get(returned, ""),
        month=each.month,
        year=run[0] if run else None,
        rate=rate,
        decree=decree,
    )


def _what(each: Booked, is_return: bool, is_run: bool) -> What:
    if each.takes_back:
        return What.TAKEN_BACK
    if is_run:
        return What.DEVELOPMENT
    if each.withdrawal > 0:
        return What.PAID_OUT
    if is_return:
        return What.EMPLOYER
    return What.OWN if each.key.startswith("bill:") else What.OTHER
