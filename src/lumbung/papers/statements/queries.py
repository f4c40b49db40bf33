"""Read what a statement says: a handful of queries for all numbers of a person, however long the period."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from lumbung.contributions import queries as contributions
from lumbung.contributions.queries import Paid
from lumbung.development import queries as development
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.papers.errors import BadPeriod, TooLong
from lumbung.papers.statements import account
from lumbung.papers.statements.account import Account, Booked, Line, Names, What
from lumbung.registry.models import Person

ALL = 10**6
MOST_LINES = 3000  # of one statement: forty years at five employers are 2,440; drawing them takes some seconds


@dataclass(frozen=True, slots=True)
class Period:
    """A person's statement of a period. `paid` are the contributions booked in it, the oldest month first."""

    name: str = field(repr=False)
    first: date
    last: date
    accounts: tuple[Account, ...] = field(repr=False)
    paid: tuple[Paid, ...] = field(repr=False)

    @property
    def opening(self) -> int:
        return sum(each.opening for each in self.accounts)

    @property
    def closing(self) -> int:
        return sum(each.closing for each in self.accounts)

    @property
    def endings(self) -> tuple[str, ...]:
        return tuple(each.ending for each in self.accounts)

    def total(self, *what: What) -> int:
        """What lines of these kinds added to the old-age savings."""
        return sum(line.change for line in self.lines if line.what in what)

    @property
    def lines(self) -> list[Line]:
        return [line for each in self.accounts for line in each.lines]


def period(person: Person, first: date | None, last: date, *, today: date) -> Period:
    """What was booked for a person from one day to another, both counted; from the first booking when None.

    Raises BadPeriod and TooLong.
    """
    numbers = list(person.member_numbers.order_by("number").values_list("number", flat=True))
    known = {number: booked(number) for number in numbers}
    if first is None:
        first = min((line.booked_on for lines in known.values() for line in lines), default=last)
    if not first <= last <= today:
        raise BadPeriod
    found = {number: account.in_period(lines, first, last) for number, lines in known.items()}
    lines = [line for _, within in found.values() for line in within]
    if len(lines) > MOST_LINES:
        raise TooLong(lines=len(lines), most=MOST_LINES)
    returns = {returned for line in lines if (returned := account.return_of(line.key)) is not None}
    names = Names(contributions.employer_names(returns), development.decreed())
    return Period(
        name=person.name,
        first=first,
        last=last,
        accounts=tuple(
            account.account(number[-4:], opening, within, names) for number, (opening, within) in found.items()
        ),
        paid=tuple(_paid(numbers, returns)),
    )


def booked(number: str) -> list[Booked]:
    """All lines of a member number with the keys of their entries."""
    lines = ledger.history(number, limit=ALL)
    keys = ledger.entry_keys([line.entry_id for line in lines])
    return [
        Booked(
            position=line.position,
            key=keys[line.entry_id],
            booked_on=timezone.make_naive(line.recorded_at).date(),
            day=line.day,
            month=None if line.contribution_month is None else Month.of(line.contribution_month),
            contribution=line.contribution,
            development=line.development,
            withdrawal=line.withdrawal,
            pension=line.pension,
            balance=line.old_age_balance,
            takes_back=line.reverses is not None,
        )
        for line in lines
    ]


def _paid(numbers: Sequence[str], returns: set[int]) -> list[Paid]:
    rows = contributions.history(numbers, limit=ALL) if returns else []
    return [row for row in reversed(rows) if row.return_id in returns]
