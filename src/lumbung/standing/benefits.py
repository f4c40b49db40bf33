"""What each programme would pay if it happened today, by the law's own functions; here is only what to ask them.

Pure: the facts and the day are arguments. Every benefit carries the derivation of its figure.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from lumbung.errors import Refusal, marked
from lumbung.law import accident, death, job_loss, job_loss_benefit, old_age, pension, self_employed
from lumbung.law.contributions import programmes_of
from lumbung.law.derivation import Step
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionYear

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the law is asked with; money in whole rupiah, figures stay out of the repr.

    `programmes` are those that cover the person today. `wage` is the last one reported, None without any;
    `income` what a self-employed member declared. `left_on` is the last day of the last work, None while he works.
    `size` is that of the present employer, and `job_loss_insured` whether the work there is insured against its
    loss.
    """

    today: date
    born: date = field(repr=False)
    programmes: Collection[str]
    old_age_balance: int = field(repr=False)
    pension_paid: int = field(repr=False)
    pension_months: int
    pension_years: Sequence[PensionYear] = field(repr=False)
    wage: int | None = field(repr=False)
    income: int | None
    size: str | None
    job_loss_insured: bool
    member_since: date | None
    left_on: date | None
    recent_months: Collection[Month]


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a benefit: a sentence of the catalogue, an amount in rupiah or None, from when, and why.

    `percent` is how much of the balance is paid, where it is a share. `problems` are sentences that say what
    stands against it today.
    """

    label: str
    amount: int | None = field(repr=False)
    derivation: Step | None = field(repr=False)
    payable_from: date | None = None
    percent: int | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a programme would pay: the `first` part is what the dashboard shows; `note` says what is left out."""

    code: str
    parts: tuple[Part, ...]
    note: str = ""
    is_covered: bool = True

    @property
    def first(self) -> Part | None:
        """The part that is said first, None when nothing can be said."""
        return self.parts[0] if self.parts else None


NO_WAGE = marked("Nobody has reported your wage yet, so there is no figure.")
NO_PENSION = marked("No month of the pension programme is paid yet.")
NO_PENSION_EARNED = marked(
    "What the contributions earned is left out here, because its rate is not published; the fund pays it too."
)
NOT_ABROAD = marked("Another law says what is paid to those who work abroad. Ask the fund.")
PARTLY_COVERED = marked("You are not covered now, but what was saved stays yours.")


def benefits(facts: Facts) -> tuple[Benefit, ...]:
    """One for each programme that covers the person or in which he has something, in the usual order."""
    return tuple(found for make in _MAKERS.values() if (found := make(facts)) is not None)


def benefit(facts: Facts, code: str) -> Benefit | None:
    """That of one programme, by its code."""
    return _MAKERS[code](facts) if code in _MAKERS else None


def _old_age(facts: Facts) -> Benefit | None:
    if "JHT" not in facts.programmes and not facts.old_age_balance:
        return None
    parts = [_claim(facts, "age", marked("All of it at the claim age, once you have stopped working"))]
    if facts.left_on is not None:
        parts.insert(0, _claim(facts, "resigned", marked("All of it, because the work has ended")))
    else:
        parts.append(_claim(facts, "housing", marked("A part, for a house")))
        parts.append(_claim(facts, "retirement_preparation", marked("A part, to prepare for retirement")))
    found = [part for part in parts if part is not None]
    covered = "JHT" in facts.programmes
    return Benefit("JHT", tuple(found), "" if covered else PARTLY_COVERED, covered)


def _claim(facts: Facts, cause: str, label: str) -> Part | None:
    """What a cause would give: the balance with the law's percent, and from which day."""
    if cause in old_age.PARTIAL and facts.member_since is None:
        return None
    asked = old_age.claim(
        cause=cause,
        day=facts.today,
        happened_on=facts.left_on if cause == "resigned" else None,
        born=facts.born if cause == "age" else None,
        member_since=facts.member_since,
        active=facts.left_on is None and cause in old_age.PARTIAL,
    )
    share = asked.derivation.find("old_age_claim_share").value
    assert not isinstance(share, (str, date, Month)), "a share is a number"
    start = asked.start.value
    assert isinstance(start, date)
    percent = int((share or 0) * 100)
    return Part(
        label,
        facts.old_age_balance if percent == 100 else None,
        asked.start if asked.problems else asked.derivation,
        payable_from=start,
        percent=percent,
        problems=tuple(old_age.PROBLEMS[name] for name in asked.problems if name in _TOLD),
    )


# That an age or a time is not reached is said by the day from which the money is paid.
_TOLD = frozenset({"already_withdrawn_in_part"})


def _pension(facts: Facts) -> Benefit | None:
    if "JP" not in facts.programmes and not facts.pension_paid:
        return None
    if not facts.pension_months:
        return Benefit("JP", (), NO_PENSION, "JP" in facts.programmes)
    kind = pension.kind(cause="age", months_paid=facts.pension_months)
    starts = _or_none(lambda: pension.age(facts.born).right_from)
    covered = "JP" in facts.programmes
    if kind.kind == "lump_sum":
        paid = pension.lump_sum(contributions=facts.pension_paid, development=0, happened_on=facts.today)
        part = Part(marked("Paid back in one sum"), paid.amount, paid.derivation, starts)
        return Benefit("JP", (part, _kind(kind)), NO_PENSION_EARNED, covered)
    formula = _or_none(lambda: _monthly(facts))
    part = Part(marked("Every month"), None, None, starts)
    if formula is not None:
        part = replace(part, amount=formula.payable, derivation=formula.derivation)
    return Benefit("JP", (part, _kind(kind)), "", covered)


def _kind(kind: pension.Kind) -> Part:
    """Which of the two it is, and why."""
    return Part(marked("Every month or in one sum"), None, kind.derivation)


def _monthly(facts: Facts) -> pension.Benefit:
    """The pension as if its age were reached today, in prices up to the last year that is published."""
    years = [row for row in facts.pension_years if row.year <= facts.today.year]
    prices = parameter("inflation")
    first = min(row.year for row in years)
    inflation = {year: prices.at(date(year, 12, 31)).content for year in range(first, facts.today.year)}
    return pension.benefit(years=years, inflation=inflation, retires=facts.today.year, day=facts.today)


def _accident(facts: Facts) -> Benefit | None:
    if "JKK" not in facts.programmes:
        return None
    wage = _insured_wage(facts)
    if wage is None:
        return Benefit("JKK", (), NO_WAGE if facts.size or facts.income is not None else NOT_ABROAD)
    kinds = {
        "death": marked("For your family, if you die by an accident at work"),
        "total_disability": marked("If an accident at work leaves you unable to work for ever"),
    }
    parts = []
    for kind, label in kinds.items():
        money = accident.accident(kind=kind, wage=wage, day=facts.today)
        parts.append(Part(label, money.total, money.derivation))
    return Benefit("JKK", tuple(parts), marked("All care until you are well comes on top, without a limit."))


def _insured_wage(facts: Facts) -> int | None:
    """The wage on which accidents are paid: the reported one, or the base of a self-employed member's band."""
    income = facts.income
    if facts.size is not None:
        return facts.wage
    if income is None:
        return None
    return _or_none(lambda: self_employed.assess(income=income, month=Month.of(facts.today)).base)


def _death(facts: Facts) -> Benefit | None:
    if "JKM" not in facts.programmes:
        return None
    if facts.size is None and facts.income is None:
        return Benefit("JKM", (), NOT_ABROAD)
    money = death.death(facts.today)
    school = death.scholarship(children=parameter("scholarship_children").at(facts.today).whole(), day=facts.today)
    parts = (
        Part(marked("For your family, if you die"), money.total, money.derivation),
        Part(marked("At most for the schools of your children"), school.maximum, school.derivation),
    )
    return Benefit("JKM", parts)


def _job_loss(facts: Facts) -> Benefit | None:
    if facts.size is None or not facts.job_loss_insured:
        return None
    if not job_loss.qualifies(size=facts.size, programmes=programmes_of(facts.size), day=facts.today):
        return None
    if facts.wage is None:
        return Benefit("JKP", (), NO_WAGE)
    money = job_loss_benefit.job_loss(wage=facts.wage, dismissed_on=facts.today)
    wrong = job_loss_benefit.problems(
        reason="dismissed",
        dismissed_on=facts.today,
        claimed_on=facts.today,
        months_paid=facts.recent_months,
    )
    part = Part(
        marked("Together, if you are dismissed"),
        money.total,
        money.derivation,
        problems=tuple(job_loss_benefit.PROBLEMS[name] for name in wrong),
    )
    return Benefit("JKP", (part,))


_MAKERS: Mapping[str, Callable[[Facts], Benefit | None]] = {
    "JHT": _old_age,
    "JP": _pension,
    "JKK": _accident,
    "JKM": _death,
    "JKP": _job_loss,
}


def _or_none(ask: Callable[[], T]) -> T | None:
    """What the law says, None where it is silent: a year that is not published, an age before the programme."""
    try:
        return ask()
    except Refusal:
        return None
