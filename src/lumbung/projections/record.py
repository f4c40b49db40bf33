"""From the lines of the books and the months paid to what the law's projection takes: the pure part."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lumbung.development import bookkeeping
from lumbung.development.bookkeeping import Line
from lumbung.law import pension
from lumbung.law.month import Month
from lumbung.law.pension import PensionYear


@dataclass(frozen=True, slots=True)
class MonthPaid:
    """The wage on which an employer paid for a month, and what of it counted for the pension; whole rupiah."""

    month: Month
    employer_id: int
    employer_name: str
    wage: int
    pension_wage: int


@dataclass(frozen=True, slots=True)
class Account:
    """Old-age savings as a projection begins with them: fields of `law.projection.Record`."""

    opened: int
    old_age_opening: int
    earlier: tuple[tuple[Month, int], ...]
    this_year: tuple[tuple[Month, int], ...]


def account(lines: Iterable[Line], *, credited: Collection[int], today: date) -> Account:
    """The account from the first year without a result on; `credited` are the years that have one.

    The lines are those of all numbers of a person. A line whose value date lies ahead counts today. An opening
    below zero weighs as an amount of January, as it does in the development result.
    """
    known = [replace(line, day=min(line.day, today)) for line in lines]
    opened = _first_open_year(known, credited, today)
    years = [bookkeeping.basis(known, year) for year in range(opened, today.year + 1)]
    opening = years[0].opening
    moves = [(Month(opened, 1), opening)] if opening < 0 else []
    moves += [move for year in years for move in year.months]
    return Account(
        opened=opened,
        old_age_opening=max(opening, 0),
        earlier=tuple(move for move in moves if move[0].year < today.year),
        this_year=tuple(move for move in moves if move[0].year == today.year),
    )


def _first_open_year(lines: Sequence[Line], credited: Collection[int], today: date) -> int:
    """The year after the last one that was credited; without one that of the first line."""
    if credited:
        return min(max(credited) + 1, today.year)
    return min((line.day.year for line in lines), default=today.year)


def pension_years(paid: Iterable[MonthPaid]) -> list[PensionYear]:
    """The months with pension contributions, in a row for each wage and cap of a year.

    A month counts once, however many employers and numbers paid for it: their wages are added, up to its cap.
    """
    wages: Counter[Month] = Counter()
    for each in paid:
        wages[each.month] += each.pension_wage
    rows: Counter[tuple[int, int, int]] = Counter()
    for month, wage in wages.items():
        if wage:
            cap = pension.wage_cap(month.first_day)
            rows[month.year, min(wage, cap), cap] += 1
    return [PensionYear(year, months, wage, cap) for (year, wage, cap), months in sorted(rows.items())]


def last_paid(paid: Iterable[MonthPaid], employers: Collection[int]) -> list[MonthPaid]:
    """The newest month of each present employer; of none of them, the newest month that anybody paid for."""
    newest: dict[int, MonthPaid] = {}
    for each in sorted(paid, key=lambda row: row.month):
        newest[each.employer_id] = each
    present = [row for employer, row in newest.items() if employer in employers]
    if present or not newest:
        return present
    last = max(row.month for row in newest.values())
    return [row for row in newest.values() if row.month == last]
