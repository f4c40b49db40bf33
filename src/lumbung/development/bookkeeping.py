"""What an account is entitled to for a year, from its lines: the pure form of what sql/basis.sql does in sets.

The result of a year is a function of the lines by *value date*, so that a credit and each later adjustment are one
formula: what the account is entitled to, less what it has got for that year already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lumbung.errors import marked
from lumbung.law import development as law
from lumbung.law.month import Month

KIND = "development"

# Why an account got no line in a run.
SKIPPED = {
    "no_basis": marked("Nothing was in the account in that year."),
    "nothing_earned": marked("The result rounds to zero rupiah."),
    "negative_basis": marked("By value dates more was paid out than was there: nothing was earned."),
    "unchanged": marked("The account has what it is entitled to already."),
    "too_new": marked(
        "The account came into being while the result was credited. The next adjustment looks at it."
    ),
    "overdrawn": marked("Too much was credited before, and the account no longer holds it."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a member's account as far as the development result looks at it, in whole rupiah."""

    day: date
    contribution: int = 0
    development: int = 0
    withdrawal: int = 0

    @property
    def movement(self) -> int:
        """What the line moves on its value date. A line of nothing but development is a result, no movement.

        A result that a claim pays out in mid-year comes and goes in one line: it counts there.
        """
        if not (self.contribution or self.withdrawal):
            return 0
        return self.total

    @property
    def total(self) -> int:
        """What the line adds to the account."""
        return self.contribution + self.development - self.withdrawal


@dataclass(frozen=True, slots=True)
class Basis:
    """What a year's result is worked out from, in whole rupiah; `months` are the movements, month by month."""

    year: int
    opening: int
    months: tuple[tuple[Month, int], ...]
    credited: int

    @property
    def moved(self) -> int:
        return sum(amount for _, amount in self.months)

    @property
    def weighted(self) -> int:
        """Rupiah times months: twelve for the opening balance, 13 - m for an amount of month m."""
        return 12 * self.opening + sum(amount * (13 - month.month) for month, amount in self.months)


def basis(lines: Iterable[Line], year: int) -> Basis:
    """The basis of a year from all lines of an account, by their value dates."""
    opening = credited = 0
    months: dict[Month, int] = {}
    for line in lines:
        if line.day.year < year:
            opening += line.total
        elif line.day.year == year:
            credited += line.development
            month = Month.of(line.day)
            months[month] = months.get(month, 0) + line.movement
    moved = tuple((month, amount) for month, amount in sorted(months.items()) if amount)
    return Basis(year, opening, moved, credited)


def entitled(given: Basis, rate: str) -> int:
    """What the law gives on a basis at `rate` percent a year; nothing when the basis is negative.

    An opening below zero (a back-dated withdrawal of money of this year) weighs as an amount of January does.
    """
    below_zero = [(Month(given.year, 1), given.opening)] if given.opening < 0 else []
    earned = law.development(opening=max(given.opening, 0), rate=rate, contributions=[*below_zero, *given.months])
    return max(earned.development, 0)


def exact(weighted: int, rate: str) -> Fraction:
    """The result before rounding, in rupiah."""
    return weighted * twelfth(rate)


def twelfth(rate: str) -> Fraction:
    """A month's share of a rate that is given in percent a year."""
    return Fraction(Decimal(rate)) / 1200


def value_day(year: int) -> date:
    """The value date of a year's result."""
    return date(year, 12, 31)


def key(*, year: int, run: int, chunk: int) -> str:
    """What the entry of a chunk stands for; `run` is the run's number within its year."""
    return f"development:{year}:{run}:{chunk}"
