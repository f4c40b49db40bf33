"""What a settled bill means in the books."""

from dataclasses import dataclass
from datetime import date

from lumbung.law.month import Month
from lumbung.ledger.drafts import Draft, MemberLines


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a bill brings to each fund, in rupiah; `migrant` is JKK and JKM of a migrant worker in one sum."""

    jkk: int = 0
    jkm: int = 0
    jht: int = 0
    migrant: int = 0
    fine: int = 0

    @property
    def total(self) -> int:
        return self.jkk + self.jkm + self.jht + self.migrant + self.fine


def payment(*, bill_id: int, day: date, amounts: Amounts, member_number: str | None, month: Month | None) -> Draft:
    """The draft that moves a bill's money out of suspense to where it belongs.

    `day` is the value date: the day on which the bank received the money. Old-age money is a line of the member
    for the month; premiums and fines are nobody's. Without old-age money, member and month don't matter.
    """
    parts = {
        "member_old_age": amounts.jht,
        "premium_accident": amounts.jkk,
        "premium_death": amounts.jkm,
        "premium_migrant": amounts.migrant,
        "fines": amounts.fine,
    }
    control = [("suspense", amounts.total), *((account, -part) for account, part in parts.items() if part)]
    return Draft(
        key=f"bill:{bill_id}",
        kind="fine" if amounts.fine else "contribution",
        day=day,
        control=tuple(control),
        members=_lines(member_number, month, amounts.jht) if amounts.jht else MemberLines(),
    )


def _lines(member_number: str | None, month: Month | None, jht: int) -> MemberLines:
    assert member_number is not None, "old-age money is somebody's"
    assert month is not None, "old-age money is for a month"
    return MemberLines(member_numbers=[member_number], contribution_months=[month.first_day], contributions=[jht])
