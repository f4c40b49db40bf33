"""A calendar month: the unit in which contributions are owed, reported and paid."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from typing import overload

from lumbung.law.errors import BadMonth, shown

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month of the Gregorian calendar. A month that does not exist raises BadMonth."""

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse what no calendar has, so that no later step meets it."""
        whole = type(self.year) is int and type(self.month) is int
        if not (whole and MINYEAR <= self.year <= MAXYEAR and 1 <= self.month <= 12):
            raise BadMonth(value=f"{shown(self.year)}-{shown(self.month)}")

    @classmethod
    def parse(cls, written: str) -> "Month":
        """The month written as YYYY-MM, and in no other way."""
        if not isinstance(written, str) or not _WRITTEN.fullmatch(written):
            raise BadMonth(value=shown(written))
        year, month = int(written[:4]), int(written[5:])
        if year < MINYEAR or not 1 <= month <= 12:
            raise BadMonth(value=written)
        return cls(year, month)

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which a day lies."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        """The month as YYYY-MM."""
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> "Month":
        """The month so many months later."""
        if not isinstance(months, int):
            return NotImplemented
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    @overload
    def __sub__(self, other: int) -> "Month": ...

    @overload
    def __sub__(self, other: "Month") -> int: ...

    def __sub__(self, other: "int | Month") -> "int | Month":
        """The month so many months earlier, or the number of months since another month."""
        if isinstance(other, Month):
            return (self.year - other.year) * 12 + self.month - other.month
        if not isinstance(other, int):
            return NotImplemented
        return self + -other

    @property
    def days(self) -> int:
        """How many days the month has."""
        return monthrange(self.year, self.month)[1]

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, self.days)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last day of that month."""
    month = Month.of(day) + months
    return date(month.year, month.month, min(day.day, month.days))


def birthday(born: date, age: int) -> date:
    """The day on which an age is reached; born on 29 February, it is 1 March in common years (choice)."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        if born.year + age > MAXYEAR:
            raise BadMonth(value=f"{born.year + age}-{born.month:02d}") from None
        return date(born.year + age, 3, 1)
