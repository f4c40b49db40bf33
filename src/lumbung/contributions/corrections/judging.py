"""What a correction makes of the lines of a settled return, and what speaks against it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from lumbung.contributions import judging
from lumbung.contributions.judging import Terms
from lumbung.errors import Problem, marked
from lumbung.law.contributions import Assessment
from lumbung.law.month import Month

PAID_IN_THAT_MONTH = marked(
    "This employer has already paid this member's contributions for that month. Correct that return instead."
)
REPORTED_IN_THAT_MONTH = marked(
    "An unpaid return of this employer for that month has this member too. Have it replaced by a file without him"
    " first."
)


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line in force that is to be corrected, as it was reported."""

    line_id: int
    line: int
    member_number: str
    wage: int
    back_pay: int
    job_loss: bool
    total: int


@dataclass(frozen=True, slots=True)
class Change:
    """What is right instead; what is None stays as it was."""

    wage: int | None = None
    back_pay: int | None = None
    month: Month | None = None
    member_number: str | None = None


@dataclass(frozen=True, slots=True)
class RightLine:
    """The line that stands for a wrong one, with what it owes by law."""

    line: int
    member_number: str
    wage: int
    back_pay: int
    assessment: Assessment
    job_loss: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the employer's workers in the month that is right.

    `workers` says of each worker whether he is insured against job loss; `paid` are the members whose
    contributions of the month are paid or on the way; `reported` those who stand in an unpaid return of the month.
    """

    workers: Mapping[str, bool]
    paid: Set[str]
    reported: Set[str]


def judge(
    wrong: Sequence[WrongLine], change: Change, *, month: Month, terms: Terms, situation: Situation
) -> tuple[list[RightLine], list[Problem]]:
    """The right lines, assessed by the rules of their month (`terms.month`), and every problem found.

    `month` is the month as reported. A member who stays in his month needs no employment anew: it was judged when
    the return was taken in.
    """
    right: list[RightLine] = []
    problems: list[Problem] = []
    for line in wrong:
        number = change.member_number or line.member_number
        has_moved = number != line.member_number or terms.month != month
        if has_moved and (found := _against(line, number, situation)):
            problems.append(found)
            continue
        wage = line.wage if change.wage is None else change.wage
        back_pay = line.back_pay if change.back_pay is None else change.back_pay
        job_loss = situation.workers[number] if has_moved else line.job_loss
        right.append(RightLine(line.line, number, wage, back_pay, terms.assess(wage + back_pay), job_loss))
    return right, problems


def changes_nothing(wrong: Sequence[WrongLine], right: Sequence[RightLine], *, is_same_month: bool) -> bool:
    """Whether the right lines say just what the wrong ones do, or neither brings anything to anybody."""
    is_same = is_same_month and all(
        (old.member_number, old.wage, old.back_pay) == (new.member_number, new.wage, new.back_pay)
        for old, new in zip(wrong, right, strict=True)
    )
    return is_same or not any([*(old.total for old in wrong), *(new.assessment.total for new in right)])


def _against(line: WrongLine, number: str, situation: Situation) -> Problem | None:
    if number not in situation.workers:
        return Problem("not_a_worker", judging.NOT_A_WORKER, line.line, None, number)
    if number in situation.paid:
        return Problem("already_paid", PAID_IN_THAT_MONTH, line.line, None, number)
    if number in situation.reported:
        return Problem("already_reported", REPORTED_IN_THAT_MONTH, line.line, None, number)
    return None
