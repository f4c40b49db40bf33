"""One file and what must come out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lumbung.law.month import Month

from ..making import EXPECTED, read

MONTH = Month(2025, 10)
Member = tuple[int, str | None, str | None, str, date | None, int, int]
Place = tuple[int | None, str | None, str]


@dataclass(frozen=True)
class Example:
    """A file, and its outcome: the members (line, KPJ, NIK, name, birth date, wage, back-pay), or every problem.

    `members` may stand beside `problems`: the rows that are good in a file that is refused. `bulky` ones are read
    once, and not mutated by the fuzzer.
    """

    name: str
    make: Callable[[], bytes]
    members: tuple[Member, ...] = ()
    problems: tuple[Place, ...] = ()
    kind: str = "csv"
    bulky: bool = False

    @cached_property
    def content(self) -> bytes:
        return self.make()

    def outcome(self) -> tuple[Any, ...]:
        """What the reader makes of it, in the same shape as `expected`."""
        found = read(self.content, MONTH)
        members = tuple(
            (row.line, row.member_number, row.nik, row.name, row.birth_date, row.wage, row.back_pay)
            for row in found.rows
        )
        problems = tuple((problem.line, problem.column, problem.code) for problem in found.problems)
        return (found.format, members, problems)

    @property
    def expected(self) -> tuple[Any, ...]:
        return (self.kind, self.members, self.problems)


def people(*lines: int) -> tuple[Member, ...]:
    """The three invented members of every list, in these lines."""
    return tuple((line, *person) for line, person in zip(lines, EXPECTED, strict=True))


def wages(*members: tuple[int, str, str, int]) -> tuple[Member, ...]:
    """Members of whom only line, KPJ, name and wage stand in the file."""
    return tuple((line, number, None, name, None, wage, 0) for line, number, name, wage in members)
