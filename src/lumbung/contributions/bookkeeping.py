"""What a settled return means in the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lumbung.law.month import Month
from lumbung.ledger.drafts import Draft, MemberLines


@dataclass(frozen=True, slots=True)
class Share:
    """What one member number gets from a return, in rupiah, and whether the month is new for the pension."""

    member_number: str
    old_age: int
    pension: int
    pension_months: int


@dataclass(frozen=True, slots=True)
class Premiums:
    """The parts of a return that go to the funds of the other programmes, in rupiah."""

    accident: int
    death: int


def contribution(*, return_id: int, month: Month, day: date, shares: Sequence[Share], premiums: Premiums) -> Draft:
    """The draft that moves a payment out of suspense into members' accounts and the premium funds.

    `day` is the value date: the day on which the bank received the money.
    """
    credited = sorted((s for s in shares if s.old_age or s.pension), key=lambda s: s.member_number)
    amounts = {
        "member_old_age": sum(share.old_age for share in credited),
        "member_pension": sum(share.pension for share in credited),
        "premium_accident": premiums.accident,
        "premium_death": premiums.death,
    }
    control = [("suspense", sum(amounts.values()))]
    control += [(account, -amount) for account, amount in amounts.items() if amount]
    return Draft(
        key=f"return:{return_id}",
        kind="contribution",
        day=day,
        control=tuple(control),
        members=_lines(credited, month),
    )


def _lines(shares: Sequence[Share], month: Month) -> MemberLines:
    return MemberLines(
        member_numbers=[share.member_number for share in shares],
        contribution_months=[month.first_day] * len(shares),
        contributions=[share.old_age for share in shares],
        pensions=[share.pension for share in shares],
        pension_months=[share.pension_months for share in shares],
    )
