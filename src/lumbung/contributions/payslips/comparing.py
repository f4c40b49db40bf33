"""A payslip beside the books: what the law asks for on its wage, and what has not come."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lumbung.contributions.gaps.facts import State, Verdict
from lumbung.contributions.gaps.owed import assessed
from lumbung.law import explanations
from lumbung.law.contributions import Assessment
from lumbung.law.derivation import Step
from lumbung.law.month import Month

# Nothing is lost yet in a month whose time has not come.
NOT_YET = frozenset({State.NOT_DUE, State.NOT_KNOWN})


@dataclass(frozen=True, slots=True)
class Compared:
    """One month: the wage on the payslip, and what has come for it; whole rupiah, none of it in the repr.

    The `lacking` sums are what should have been paid and was not; less than nothing is never lacking.
    """

    verdict: Verdict = field(repr=False)
    wage: int = field(repr=False)
    owed: Assessment = field(repr=False)

    @property
    def month(self) -> Month:
        return self.verdict.month

    @property
    def reported_wage(self) -> int | None:
        """The newest word on the wage, back pay with it; None when nobody reported one."""
        line = self.verdict.lines[-1] if self.verdict.lines else None
        return None if line is None or line.wage is None else line.wage + line.back_pay

    @property
    def is_due(self) -> bool:
        """Whether the month's time has come, so that something can be lacking."""
        return self.verdict.state not in NOT_YET

    @property
    def lacking_old_age(self) -> int:
        """Old-age contributions, both shares."""
        return self._lacking(self.owed.jht_employer + self.owed.jht_member, "jht_employer", "jht_member")

    @property
    def lacking_pension(self) -> int:
        """Pension contributions, both shares."""
        return self._lacking(self.owed.jp_employer + self.owed.jp_member, "jp_employer", "jp_member")

    @property
    def lacking(self) -> int:
        """All contributions."""
        return self._lacking(self.owed.total, *dict(self.verdict.lines[-1].shares) if self.verdict.lines else ())

    def _lacking(self, owed: int, *columns: str) -> int:
        """What of these shares has not come; a report that waits in time for its payment counts as come."""
        if not self.is_due:
            return 0
        is_in_time = self.verdict.state is State.WAITING
        lines = [line for line in self.verdict.lines if line.paid_on is not None or is_in_time]
        return max(owed - sum(line.share(*columns) for line in lines), 0)

    @property
    def derivation(self) -> Step:
        """How the law comes to what is owed."""
        cover = self.verdict.covers[-1]
        return explanations.contribution(
            wage=self.wage, month=self.month, programmes=cover.programmes, **cover.terms
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What is lacking in all months together, in whole rupiah."""

    old_age: int = field(repr=False)
    pension: int = field(repr=False)
    total: int = field(repr=False)

    @classmethod
    def of(cls, compared: Iterable[Compared]) -> "Sums":
        months = list(compared)
        return cls(
            sum(one.lacking_old_age for one in months),
            sum(one.lacking_pension for one in months),
            sum(one.lacking for one in months),
        )


def compare(verdict: Verdict, wage: int) -> Compared:
    """A month in which the member works for an employer, and the wage on its payslip.

    Raises NotYetInForce and Unknown where the law has no figures, and BadInput for a wage that can't be.
    """
    assert verdict.covers, "a payslip is of work"
    return Compared(verdict, wage, assessed(verdict.covers[-1], verdict.month, wage))
