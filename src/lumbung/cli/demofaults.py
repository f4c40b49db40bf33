"""What is wrong in the demo and stays wrong, one of each kind, so that there is something to find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from lumbung.billing.calendar import self_employed_due
from lumbung.cli.demobills import Independent
from lumbung.cli.demofiles import PayrollLine
from lumbung.cli.demopeople import EMPLOYERS, GUIDE_NUMBER, InventedEmployer, InventedPerson, Job
from lumbung.law.month import Month

WEAVER, COOK, SHOP = EMPLOYERS
MISSING, UNPAID, SHORT, OWED = "missing", "unpaid", "short", "owed"
WRONG_MONTH, TOO_LOW, GONE, LATE = "wrong_month", "too_low", "gone", "late"
PROGRAMMES = "programmes"
# How many months before the demo's last one each of them happens, and at which employer. They keep clear of each
# other, of the slips that are put right, and of the employer that pays a month late.
_PLAN = (
    (OWED, 2, WEAVER),
    (MISSING, 3, WEAVER),
    (UNPAID, 4, WEAVER),
    (SHORT, 5, WEAVER),
    (TOO_LOW, 7, WEAVER),
    (GONE, 4, COOK),
    (WRONG_MONTH, 8, COOK),
    (PROGRAMMES, 6, WEAVER),
)
LEFT_OUT = frozenset({MISSING, UNPAID, SHORT, WRONG_MONTH, PROGRAMMES})
# As how large an employer is noted by mistake while a line comes in: too small for the pension programme.
MISTAKEN_SIZE = "small"
# The hundredths of a wage that are reported, and the rupiah of a sum that are not paid.
LOW_HUNDREDTHS, UNPAID_RUPIAH = 80, 1_000
# Months that are needed before, so that a wage is usual.
_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: its kind, whose month it is, and the employer ("" for who insures himself)."""

    kind: str
    member_number: str
    employer: str
    month: Month


@dataclass(frozen=True)
class Faults:
    """The faults of a demo between two months; in a demo of few months or people fewer."""

    workers: Sequence[tuple[InventedPerson, Job]]
    first: Month
    last: Month
    spared: frozenset[str]

    @cached_property
    def planted(self) -> tuple[Fault, ...]:
        """Those of the payrolls."""
        free = {employer.full_number: iter(self._steady(employer)) for employer in (WEAVER, COOK)}
        found = []
        for kind, before, employer in _PLAN:
            number = next(free[employer.full_number], None)
            if number is not None and self.last - before - _BEFORE >= self.first:
                found.append(Fault(kind, number, employer.full_number, self.last - before))
        return tuple(found)

    def _steady(self, employer: InventedEmployer) -> list[str]:
        """Who works there all the time, but for those whose pages show something else."""
        return [
            job.member_number
            for _, job in self.workers
            if job.employer is employer
            and job.first <= self.first
            and job.last is None
            and job.member_number not in self.spared | {GUIDE_NUMBER}
        ]

    def of(self, kind: str) -> Fault | None:
        """The fault of that kind, when it is planted."""
        return next((fault for fault in self.planted if fault.kind == kind), None)

    def as_reported(self, lines: list[PayrollLine], employer: InventedEmployer, month: Month) -> list[PayrollLine]:
        """A payroll as the employer sends it, faults and all."""
        here = [fault for fault in self.planted if fault.employer == employer.full_number]
        gone = {fault.member_number for fault in here if fault.kind in LEFT_OUT and fault.month == month}
        # His money of the month before stands in the way of the month's own; who has left is reported once more.
        gone |= {fault.member_number for fault in here if fault.kind == WRONG_MONTH and fault.month + 1 == month}
        gone |= {fault.member_number for fault in here if fault.kind == GONE and month > fault.month}
        low = {f.member_number for f in here if f.kind in {TOO_LOW, OWED} and f.month == month}
        return [
            replace(line, wage=line.wage * LOW_HUNDREDTHS // 100) if line.member_number in low else line
            for line in lines
            if line.member_number not in gone
        ]

    def all(self, independent: Independent, late_month: Month | None, today: date) -> Iterator[Fault]:
        """All that is wrong on a day: these, the month that was paid late, and what nobody paid for himself."""
        yield from self.planted
        for _, job in self.workers:
            if late_month is not None and job.employer is SHOP and job.covers(late_month):
                yield Fault(LATE, job.member_number, SHOP.full_number, late_month)
        for trade in independent.trades:
            until = Month.of(today)
            asked = {trade.first + step for step in range(until - trade.first + 1)}
            paid = {month + step for month in asked if trade.pays(month) for step in range(trade.months_at_once)}
            for month in sorted(asked - paid):
                if self_employed_due(month) < today:
                    yield Fault(MISSING, trade.member_number, "", month)
