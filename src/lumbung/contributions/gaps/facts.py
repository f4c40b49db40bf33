"""What the rule looks at, and what it answers: dated covers, lines of returns and bills, verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from lumbung.law.month import Month

# Who pays for whom: an employer (PU), the self-employed himself (BPU), a migrant worker's premium for the whole
# contract (PMI), and what he saves for old age beside it as he likes (PMI_SAVINGS), which nobody expects.
PU, BPU, PMI, PMI_SAVINGS = "PU", "BPU", "PMI", "PMI_SAVINGS"


class State(StrEnum):
    """What is true of a month. Each expected month has exactly one."""

    NOT_DUE = "not_due"
    NOT_KNOWN = "not_known"
    WAITING = "waiting"
    PAID = "paid"
    PAID_LATE = "paid_late"
    MISSING = "missing"
    UNPAID = "unpaid"
    PARTLY = "partly"
    UNDER_REPORTED = "under_reported"
    WRONG_MONTH = "wrong_month"
    WITHOUT_WORK = "without_work"


# Somebody must act, and was to have acted before.
PROBLEMS = frozenset(
    {
        State.MISSING,
        State.UNPAID,
        State.PARTLY,
        State.UNDER_REPORTED,
        State.WRONG_MONTH,
        State.WITHOUT_WORK,
    }
)


class Why(StrEnum):
    """Why a month is paid in part."""

    NOTHING = ""
    DIFFERENCE = "difference"  # a correction asks for more, and is not paid
    AMOUNT = "amount"  # money came that is not what the code asks for, and is held
    PROGRAMMES = "programmes"  # a programme that was paid before is left out


class Who(StrEnum):
    """Who must act."""

    NOBODY = "nobody"
    EMPLOYER = "employer"
    MEMBER = "member"
    FUND = "fund"


@dataclass(frozen=True, slots=True)
class Cover:
    """What makes months expected, from `starts` to `ends`, both counted, open when `ends` is None.

    `payer` is the employer's id, the contract's for PMI, 0 for one's own enrolment. `programmes` are those that
    must be paid, `terms` what else the law asks for to say how much: arguments of its function for the segment.
    """

    member_number: str
    segment: str
    payer: int
    payer_name: str
    starts: date
    ends: date | None
    programmes: frozenset[str]
    terms: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def relief_covid(self) -> bool:
        """Whether the relief of PP 49/2020 moves the due dates of its months."""
        return bool(self.terms.get("relief_covid"))

    def touches(self, month: Month) -> bool:
        """Whether a day of the month is covered; a part of a month counts."""
        return self.starts <= month.last_day and (self.ends is None or self.ends >= month.first_day)

    def fills(self, month: Month) -> bool:
        """Whether every day of the month is covered, so that its wage is a whole one."""
        return self.starts <= month.first_day and (self.ends is None or self.ends >= month.last_day)


@dataclass(frozen=True, slots=True)
class Line:
    """What a return or a bill that is in force says of one month, in whole rupiah; figures stay out of the repr.

    `paid_on` is None while it waits for its money. A correction has the month of the line that it puts right, its
    reason, and the `due` date of its own payment code if it asks for more. `is_short` says that money came under
    its code that is not the sum asked for. `shares` are by column: jht_employer, jht_member, jp_employer,
    jp_member, jkk, jkm, of a bill jht, jkk, jkm, and `migrant` for JKK and JKM in one sum. `reference` tells lines
    apart and grows.
    """

    member_number: str
    segment: str
    payer: int
    payer_name: str
    month: Month
    received_on: date
    paid_on: date | None
    wage: int | None = field(repr=False)
    back_pay: int = field(repr=False, default=0)
    shares: tuple[tuple[str, int], ...] = field(repr=False, default=())
    due: date | None = None
    corrects_month: Month | None = None
    reason: str = ""
    is_short: bool = False
    reference: int = 0
    return_id: int | None = None

    @property
    def total(self) -> int:
        """All shares together."""
        return sum(amount for _, amount in self.shares)

    @property
    def is_correction(self) -> bool:
        """Whether it stands for a line that was wrong."""
        return self.corrects_month is not None

    def share(self, *columns: str) -> int:
        """These shares together."""
        return sum(amount for column, amount in self.shares if column in columns)

    @property
    def programmes(self) -> frozenset[str]:
        """The programmes that the line brings something to."""
        codes = (
            PROGRAMMES_OF.get(column, (column.split("_")[0].upper(),)) for column, sum_ in self.shares if sum_
        )
        return frozenset(code for each in codes for code in each)


PROGRAMMES_OF = {"migrant": ("JKK", "JKM")}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is true of one month of a member number with one payer, and who must act.

    `due` is the last day in time, None where nothing was expected. `by` is the day until which `who` must act,
    None for at once. `other` is the month under which the money stands, or for which it is meant. `usual_wage` is
    what the months before say (rupiah), None without any. `lacking` are the programmes that were left out.
    `covers` are what insures him in the month, `lines` the lines of the month, the paid ones first.
    """

    member_number: str
    segment: str
    payer: int
    payer_name: str
    month: Month
    state: State
    is_expected: bool
    covers: tuple[Cover, ...]
    due: date | None
    who: Who
    by: date | None
    why: Why = Why.NOTHING
    other: Month | None = None
    usual_wage: int | None = field(repr=False, default=None)
    lacking: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_problem(self) -> bool:
        """Whether somebody must act who was to have acted before."""
        return self.state in PROBLEMS

    @property
    def is_own(self) -> bool:
        """Whether the member pays for himself."""
        return self.segment != PU

    @property
    def wage(self) -> int | None:
        """The newest word on the month's wage, back pay left out; None when nobody reported one."""
        return self.lines[-1].wage if self.lines else None

    @property
    def line(self) -> Line | None:
        """The one line whose figures stand for the month: the first that is paid, else the first."""
        return next(iter((*(line for line in self.lines if line.paid_on is not None), *self.lines)), None)

    @property
    def waiting(self) -> int:
        """What a correction still asks for beside what is paid, in rupiah."""
        is_paid = self.line is not None and self.line.paid_on is not None
        return max(self.lines[-1].total - self.line.total, 0) if self.line and is_paid else 0

    @property
    def paid(self) -> int:
        """What was paid for the month, in rupiah."""
        return sum(line.total for line in self.lines if line.paid_on is not None)
