"""What settled returns mean in the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lumbung.contributions.judging import Terms
from lumbung.law import job_loss
from lumbung.law.errors import NotYetInForce
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.ledger.drafts import Draft, MemberLines


@dataclass(frozen=True, slots=True)
class Insured:
    """What the lines of a return hold whose members are insured against job loss; whole rupiah, sums.

    `base` is the wage, back-pay included, on which the accident and death premiums are computed.
    """

    base: int = 0
    accident: int = 0
    death: int = 0


@dataclass(frozen=True, slots=True)
class Premiums:
    """The parts of a return that go to the funds of the other programmes, in whole rupiah."""

    accident: int
    death: int
    job_loss: int = 0

    @property
    def total(self) -> int:
        return self.accident + self.death + self.job_loss

    @property
    def credits(self) -> list[tuple[str, int]]:
        """The lines of the general ledger, credits negative; none that is empty."""
        amounts = {
            "premium_accident": self.accident,
            "premium_death": self.death,
            "premium_job_loss": self.job_loss,
        }
        return [(account, -amount) for account, amount in amounts.items() if amount]


@dataclass(frozen=True, slots=True)
class Columns:
    """The members who get something from a return, by ascending number, as columns; whole rupiah.

    `pension_months` is 1 where the month is new for the member's pension.
    """

    member_numbers: Sequence[str] = ()
    old_age: Sequence[int] = ()
    pension: Sequence[int] = ()
    pension_months: Sequence[int] = ()


def premiums(*, accident: int, death: int, insured: Insured, terms: Terms | None) -> Premiums:
    """Split what a return brings for accidents and deaths: a part of it funds the job loss programme.

    The part is the share of the wage that the law names, of the members who are insured, rounded half-up once a
    return and account. Where a relief lowers a premium, it lowers the part in the same ratio, and the part is
    never more than the premium (choices: facts.md 13.7 finds no rule). Without terms nobody was insured.
    """
    if not insured.base or terms is None:
        return Premiums(accident, death)
    day = terms.month.last_day
    try:
        if not job_loss.qualifies(size=terms.size, programmes=terms.programmes, day=day):
            return Premiums(accident, death)
        funding = job_loss.funding_of_month(month=terms.month, risk_class=terms.risk_class)
    except NotYetInForce:
        return Premiums(accident, death)
    covid = _relief("relief_covid_share", terms.month) if terms.relief_covid else Fraction(1)
    labour = _relief("relief_labour_intensive_share", terms.month) if terms.labour_intensive else Fraction(1)
    from_accident = min(_half_up(insured.base * funding.from_jkk * covid * labour), insured.accident)
    from_death = min(_half_up(insured.base * funding.from_jkm * covid), insured.death)
    return Premiums(accident - from_accident, death - from_death, from_accident + from_death)


def _relief(name: str, month: Month) -> Fraction:
    share: Fraction = parameter(name).at(month.first_day).share()
    return share


def _half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def contribution(
    *, key: str, month: Month, day: date, columns: Columns, premiums: Premiums, reason: str = ""
) -> Draft:
    """The draft that moves a payment out of suspense into members' accounts and the premium funds.

    `day` is the value date: the day on which the bank received the money.
    """
    members = [("member_old_age", -sum(columns.old_age)), ("member_pension", -sum(columns.pension))]
    credited = [(account, amount) for account, amount in members if amount] + premiums.credits
    return Draft(
        key=key,
        kind="contribution",
        day=day,
        control=(("suspense", -sum(amount for _, amount in credited)), *credited),
        members=MemberLines(
            member_numbers=columns.member_numbers,
            contribution_months=[month.first_day],
            contributions=columns.old_age,
            pensions=columns.pension,
            pension_months=columns.pension_months,
        ),
        reason=reason,
    )


def return_key(return_id: int, place: int = 1) -> str:
    """The key of a return's entry in the books: most stand in one, a correction may stand in several."""
    return f"return:{return_id}" if place == 1 else f"return:{return_id}:{place}"
