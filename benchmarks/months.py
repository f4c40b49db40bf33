"""Months of invented contributions for many members, as columns, and their posting through the real action."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lumbung.law.month import Month
from lumbung.ledger import actions
from lumbung.ledger.drafts import LINES_MAX, Draft, MemberLines


@dataclass(frozen=True, slots=True)
class Batch:
    """At most a million members, in the order of their numbers, with what they pay each month."""

    numbers: list[str]
    contributions: list[int]
    pensions: list[int]

    @classmethod
    def of(cls, first: int, beyond: int) -> "Batch":
        """Wages from 3,000,000 to 12,999,000 rupiah; old age 5.7 %, pension 3 %."""
        wages = [3_000_000 + 1_000 * (at * 7919 % 10_000) for at in range(first, beyond)]
        return cls(
            [f"{at:011d}" for at in range(first, beyond)],
            [wage * 57 // 1000 for wage in wages],
            [wage * 3 // 100 for wage in wages],
        )

    def __len__(self) -> int:
        return len(self.numbers)


def batches(first: int, members: int) -> Iterator[Batch]:
    """The members in entries of a million: what is in memory does not grow with the fund."""
    for at in range(first, first + members, LINES_MAX):
        yield Batch.of(at, min(at + LINES_MAX, first + members))


def post(batch: Batch, month: Month, *, key: str) -> None:
    """Post the month of these members, booked on the tenth of the next month."""
    old_age, pension = sum(batch.contributions), sum(batch.pensions)
    draft = Draft(
        key=key,
        kind="contribution",
        day=paid_on(month),
        control=(("suspense", old_age + pension), ("member_old_age", -old_age), ("member_pension", -pension)),
        members=MemberLines(
            member_numbers=batch.numbers,
            contribution_months=[month.first_day],
            contributions=batch.contributions,
            pensions=batch.pensions,
            pension_months=[1],
        ),
    )
    actions.post(draft, now=booked_at(month))


def paid_on(month: Month) -> date:
    later = month + 1
    return date(later.year, later.month, 10)


def booked_at(month: Month) -> datetime:
    day = paid_on(month)
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
