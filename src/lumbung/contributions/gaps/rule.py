"""The rule behind History, BOLONG and the nightly run: expected, reported, paid → one state, and who must act.

Pure: the facts and the day are arguments, and their order says nothing (docs/decisions/0023).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lumbung.billing.calendar import self_employed_due
from lumbung.contributions.calendar import due_date
from lumbung.contributions.gaps.facts import (
    BPU,
    PMI,
    PMI_SAVINGS,
    PU,
    Cover,
    Line,
    State,
    Verdict,
    Who,
    Why,
)
from lumbung.law.contributions import last_known_month
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

# How many months before say what a wage usually is, and how old they may be.
USUAL_OF, LOOK_BACK = 3, 12
# Less than so many hundredths of the usual wage is under-reported; smaller differences are roundings.
LEAST_HUNDREDTHS = 99
# Money that lies so many months away from a month without any may be meant for it.
NEAR = 3

Key = tuple[str, str, int, Month]


@lru_cache(maxsize=4096)
def _due(segment: str, month: Month, relief_covid: bool) -> date:
    of = due_date if segment == PU else self_employed_due
    return of(month, relief_covid=relief_covid)


def first_month() -> Month:
    """The first month that the law gives a due date to."""
    return Month.of(parameter("due_day").values[0].start)


def judge(
    covers: Iterable[Cover], lines: Iterable[Line], *, today: date, first: Month, last: Month
) -> list[Verdict]:
    """A verdict for each month that is expected by today and for each that holds a line, from first to last.

    The newest month comes first. Lines of the twelve months before `first` may be given: they say what a wage
    usually is. Months before the law gave them a due date are passed over.
    """
    board = _Board(covers, lines, today=today, first=max(first, first_month()), last=last)
    return board.verdicts()


def expected(cover: Cover, *, today: date, first: Month, last: Month) -> Iterator[Month]:
    """The months between the two that the cover makes expected by today, part months too."""
    if cover.segment == PMI:
        months = [Month.of(cover.starts)]
    elif cover.segment == PMI_SAVINGS:
        months = []
    else:
        begins, ends = max(Month.of(cover.starts), first), Month.of(min(cover.ends or today, today))
        months = [begins + step for step in range(ends - begins + 1)]
    return (month for month in months if first <= month <= min(last, Month.of(today)))


@dataclass(slots=True)
class _Cell:
    """One month of one number with one payer."""

    key: Key
    is_expected: bool
    covers: tuple[Cover, ...]
    lines: tuple[Line, ...]
    due: date | None

    @property
    def month(self) -> Month:
        return self.key[3]

    @property
    def is_paid(self) -> bool:
        return any(line.paid_on is not None for line in self.lines)


class _Board:
    """All months that are looked at, side by side."""

    def __init__(
        self, covers: Iterable[Cover], lines: Iterable[Line], *, today: date, first: Month, last: Month
    ) -> None:
        self.today, self.first, self.last = today, first, last
        self.known_until = last_known_month()
        self.covers: dict[tuple[str, str, int], list[Cover]] = {}
        for cover in sorted(covers, key=lambda one: (one.starts, one.ends or date.max)):
            self.covers.setdefault((cover.member_number, cover.segment, cover.payer), []).append(cover)
        self.lines: dict[Key, list[Line]] = {}
        for line in sorted(lines, key=lambda one: (one.paid_on is None, one.reference, one.received_on)):
            key = (line.member_number, line.segment, line.payer, line.month)
            self.lines.setdefault(key, []).append(line)
        self.cells = self._cells()
        self.meant_for, self.stands_under = _pairs(self.cells, today)

    def _cells(self) -> dict[Key, _Cell]:
        wanted = {
            (*whose, month)
            for whose, covers in self.covers.items()
            for cover in covers
            for month in expected(cover, today=self.today, first=self.first, last=self.last)
        }
        held = {key for key in self.lines if self.first <= key[3] <= self.last}
        return {key: self._cell(key, key in wanted) for key in sorted(wanted | held)}

    def _cell(self, key: Key, is_expected: bool) -> _Cell:
        month = key[3]
        covers = tuple(cover for cover in self.covers.get(key[:3], ()) if cover.touches(month))
        lines = tuple(self.lines.get(key, ()))
        return _Cell(key, is_expected, covers, lines, _due_of(key[1], month, covers, lines))

    def verdicts(self) -> list[Verdict]:
        judged = [self._verdict(cell) for cell in self.cells.values()]
        return sorted(
            judged, key=lambda one: (one.month, one.payer_name, one.member_number, one.payer), reverse=True
        )

    def _verdict(self, cell: _Cell) -> Verdict:
        before = self._before(cell)
        usual, lacking = _usual_wage(before), _lacking(cell, before)
        state, why = self._state(cell, usual, lacking)
        number, segment, payer, month = cell.key
        who, by = _who_acts(state, segment, cell.due, self.today)
        return Verdict(
            member_number=number,
            segment=segment,
            payer=payer,
            payer_name=cell.covers[0].payer_name if cell.covers else cell.lines[0].payer_name,
            month=month,
            state=state,
            is_expected=cell.is_expected,
            covers=cell.covers,
            due=cell.due,
            who=who,
            by=by,
            why=why,
            other=self.stands_under.get(cell.key) or self.meant_for.get(cell.key),
            usual_wage=usual,
            lacking=lacking if why is Why.PROGRAMMES else (),
            lines=cell.lines,
        )

    def _state(self, cell: _Cell, usual: int | None, lacking: Sequence[str]) -> tuple[State, Why]:
        """The one state, the most pressing truth first."""
        if not cell.covers and cell.key[1] != PMI_SAVINGS:
            return State.WITHOUT_WORK, Why.NOTHING
        if not cell.lines:
            return self._without_lines(cell), Why.NOTHING
        waiting = [line for line in cell.lines if line.paid_on is None]
        if pressing := self._of_waiting(cell, waiting):
            return pressing
        if lacking:
            return State.PARTLY, Why.PROGRAMMES
        if usual is not None and _is_low(cell.lines, usual):
            return State.UNDER_REPORTED, Why.NOTHING
        settled = State.PAID_LATE if _is_late(cell) else State.PAID
        return (State.WAITING if waiting else settled), Why.NOTHING

    def _of_waiting(self, cell: _Cell, waiting: Sequence[Line]) -> tuple[State, Why] | None:
        """What presses of the lines that wait for their money; None when they are in time."""
        if any(line.is_short for line in waiting):
            return State.PARTLY, Why.AMOUNT
        if waiting and cell.is_paid:
            return State.PARTLY, Why.DIFFERENCE
        is_over = bool(waiting) and cell.due is not None and self.today > cell.due
        return (State.UNPAID, Why.NOTHING) if is_over else None

    def _without_lines(self, cell: _Cell) -> State:
        if cell.key in self.stands_under:
            return State.WRONG_MONTH
        if cell.key[1] == PU and self.known_until is not None and cell.month > self.known_until:
            return State.NOT_KNOWN
        assert cell.due is not None, "an expected month has a due date"
        return State.MISSING if self.today > cell.due else State.NOT_DUE

    def _before(self, cell: _Cell) -> list[Line]:
        """The lines of the last whole months before under the same employment, the newest first."""
        (cover,) = cell.covers if len(cell.covers) == 1 else (None,)
        found: list[Line] = []
        if cover is None or cell.key[1] != PU:
            return found
        month = cell.month
        for _ in range(LOOK_BACK):
            if len(found) == USUAL_OF or not cover.fills(month):
                break
            month -= 1
            if cover.fills(month):
                found += [line for line in self.lines.get((*cell.key[:3], month), ()) if line.wage][-1:]
        return found


def _usual_wage(before: Sequence[Line]) -> int | None:
    """The middle one of the last three whole months' wages, the lower one of two: one odd month moves nothing.

    A new wage becomes usual once two of the three say it.
    """
    wages = sorted(line.wage or 0 for line in before)
    return wages[(len(wages) - 1) // 2] if wages else None


def _lacking(cell: _Cell, before: Sequence[Line]) -> tuple[str, ...]:
    """Programmes that must be paid, were paid for one of the last months, and are left out of this one."""
    if not before or not any(line.wage for line in cell.lines):
        return ()
    paid_before = frozenset().union(*(line.programmes for line in before))
    now = frozenset().union(*(line.programmes for line in cell.lines))
    must = frozenset().union(*(cover.programmes for cover in cell.covers))
    return tuple(sorted((must & paid_before) - now))


def _due_of(segment: str, month: Month, covers: Sequence[Cover], lines: Sequence[Line]) -> date | None:
    """The last day in time: the month's own, or that of a correction's code; never before the cover begins."""
    if segment == PMI_SAVINGS or not covers:
        return None
    if segment == PMI:
        return covers[0].starts
    due = _due(segment, month, any(cover.relief_covid for cover in covers))
    if segment == BPU:
        due = max(due, covers[0].starts)
    return max([due, *(line.due for line in lines if line.is_correction and line.due is not None)])


def _is_low(lines: Sequence[Line], usual: int) -> bool:
    """Whether the newest word on the wage is clearly less than usual."""
    wage = lines[-1].wage
    return wage is not None and wage * 100 < usual * LEAST_HUNDREDTHS


def _is_late(cell: _Cell) -> bool:
    return cell.due is not None and any(line.paid_on > cell.due for line in cell.lines if line.paid_on is not None)


def _who_acts(state: State, segment: str, due: date | None, today: date) -> tuple[Who, date | None]:
    """Who must act, and by when; at once (None) when that day has passed or there was none."""
    if state in {State.PAID, State.PAID_LATE}:
        return Who.NOBODY, None
    if state is State.NOT_KNOWN or (state is State.WITHOUT_WORK and segment != PU):
        return Who.FUND, None
    who = Who.EMPLOYER if segment == PU else Who.MEMBER
    return who, due if due is not None and due >= today else None


def _pairs(cells: Mapping[Key, _Cell], today: date) -> tuple[dict[Key, Month], dict[Key, Month]]:
    """Money that seems to stand under a wrong month: the month it is meant for, and the other way round.

    Paid without work, it is meant for the nearest month without a report; paid for a month that had hardly begun,
    for the month before it. Each month is taken once.
    """
    meant_for: dict[Key, Month] = {}
    stands_under: dict[Key, Month] = {}
    empty = {
        key
        for key, cell in cells.items()
        if key[1] == PU and cell.is_expected and not cell.lines and cell.due is not None and today > cell.due
    }

    def pair(key: Key, month: Month) -> None:
        meant_for[key], stands_under[(*key[:3], month)] = month, key[3]
        empty.discard((*key[:3], month))

    for key, cell in sorted(cells.items()):
        before = (*key[:3], key[3] - 1)
        if before in empty and cell.covers and cell.is_paid and _came_for(cell, cells[before]):
            pair(key, key[3] - 1)
    for key, cell in sorted(cells.items()):
        if key[1] == PU and not cell.covers and cell.is_paid:
            near = [month for *whose, month in empty if tuple(whose) == key[:3] and abs(month - key[3]) <= NEAR]
            if near:
                pair(key, min(near, key=lambda month: (abs(month - key[3]), month)))
    return meant_for, stands_under


def _came_for(cell: _Cell, before: _Cell) -> bool:
    """Whether the report of a month came while that of the month before was still in time."""
    return before.due is not None and all(line.received_on <= before.due for line in cell.lines)
