"""What is to be written into the books: plain values that any package can make and any test can compare."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

LINES_MAX = 1_000_000
_NUMBER = re.compile(r"[0-9A-Z-]{1,32}")
ZEROS: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class MemberLines:
    """The members' lines of a draft as columns, so that 200,000 lines stay small.

    Member numbers ascend, each comes once. Each other column is empty (zeros, no month), has one value that
    stands for every line, or one value a line. Amounts are whole rupiah as the member sees them: contributions,
    development and pension add to what he has, withdrawals (old-age money paid out) take away. A month is its
    first day.
    """

    member_numbers: Sequence[str] = ()
    contribution_months: Sequence[date] = ()
    contributions: Sequence[int] = ZEROS
    developments: Sequence[int] = ZEROS
    withdrawals: Sequence[int] = ZEROS
    pensions: Sequence[int] = ZEROS
    pension_months: Sequence[int] = ZEROS

    def __post_init__(self) -> None:
        """A column of the wrong length or a number out of order is a programmer's mistake."""
        numbers = self.member_numbers
        assert len(numbers) <= LINES_MAX, "an entry has at most 1,000,000 lines"
        assert all(map(_NUMBER.fullmatch, numbers)), "a number is digits, capitals and hyphens"
        assert all(map(str.__lt__, numbers, islice(numbers, 1, None))), "member numbers ascend, each once"
        for column in (self.contribution_months, *self.amounts):
            assert len(column) in {0, 1, len(numbers)}, "a column is empty, one value, or one a line"
        assert all(month.day == 1 for month in set(self.contribution_months)), "a month is its first day"

    def __len__(self) -> int:
        return len(self.member_numbers)

    @property
    def amounts(self) -> tuple[Sequence[int], ...]:
        """The columns of numbers, in the order of the books."""
        return (self.contributions, self.developments, self.withdrawals, self.pensions, self.pension_months)

    @property
    def old_age(self) -> int:
        """What the lines add to old-age balances, in rupiah."""
        return self._sum(self.contributions) + self._sum(self.developments) - self._sum(self.withdrawals)

    @property
    def pension(self) -> int:
        """What the lines add to pension contributions, in rupiah."""
        return self._sum(self.pensions)

    def _sum(self, column: Sequence[int]) -> int:
        return sum(column) if len(column) == len(self) else len(self) * sum(column)


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry to be posted: a fact or a batch, whole and balanced.

    `key` says what the entry stands for (`return:17`) and holds no personal value: the same key posts once.
    `kind` is one word. `day` is the value date. `control` are the lines of the general ledger: debits positive,
    credits negative, together zero; what members gain stands there as a credit of `member_old_age` and
    `member_pension`. `reason` is one line of text, for what is done by hand.
    """

    key: str
    kind: str
    day: date
    control: Sequence[tuple[str, int]]
    members: MemberLines = field(default_factory=MemberLines)
    reason: str = ""

    def __post_init__(self) -> None:
        """An entry that does not balance is a programmer's mistake; the database refuses it once more."""
        assert self.key, "an entry says what it stands for"
        assert self.kind, "an entry has a kind"
        assert all(amount for _, amount in self.control), "control lines are not empty"
        assert len(self.control) >= 2, "an entry has two sides"
        assert sum(amount for _, amount in self.control) == 0, "control lines sum to zero"
        assert self.members.old_age == -self._control("member_old_age"), "old-age lines meet their control lines"
        assert self.members.pension == -self._control("member_pension"), "pension lines meet their control lines"

    def _control(self, account: str) -> int:
        return sum(amount for name, amount in self.control if name == account)
