"""Money after losing the job (JKP): who has a right to it, how much each month, and until when to ask."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lumbung.errors import marked
from lumbung.law import inputs
from lumbung.law.derivation import Step, derived, given, of_law
from lumbung.law.errors import WrongOrder
from lumbung.law.month import Month, months_later
from lumbung.law.parameter import parameter

REASONS = ("dismissed", "resigned", "contract_ended", "pension", "total_disability", "death")
PROBLEMS: Mapping[str, str] = {
    "reason": marked("The work did not end by a dismissal."),
    "too_few_months": marked("Too few months were paid before the dismissal."),
    "months_not_in_a_row": marked("The months right before the dismissal were not all paid."),
    "too_many_times": marked("The money was paid as many times as the law allows."),
    "too_late": marked("The time to ask for it is over."),
    "not_willing": marked("The money is for those who are ready to work again."),
}


@dataclass(frozen=True, slots=True)
class JobLoss:
    """The money month by month, in rupiah, together, and the last day on which it can be claimed."""

    monthly: tuple[int, ...]
    total: int
    claim_by: date
    derivation: Step


def job_loss(
    *, wage: int | Decimal, dismissed_on: date, months: int = 6, first_paid_on: date | None = None
) -> JobLoss:
    """What somebody dismissed on a day gets (PP 37/2021, PP 6/2025 art. 21 and 40).

    The last wage reported counts up to its cap. Payment k falls k - 1 months after `first_paid_on` (the day of
    dismissal when left out) and follows the law of its own day: claims that ran in February 2025 got 60 % from the
    7th on. The time to claim follows the law of the day of dismissal (choice).
    """
    left_on = inputs.day(dismissed_on)
    first = left_on if first_paid_on is None else inputs.day(first_paid_on)
    if first < left_on:
        raise WrongOrder(what="first_paid_on", earlier="dismissed_on")
    last_wage = given("wage", marked("Last wage reported"), inputs.wage(wage), "rupiah")
    most = len(parameter("job_loss_share").values[0].content)
    payments = [_payment(last_wage, months_later(first, place), place)
                for place in range(inputs.count(months, "months", 1, most))]  # fmt: skip
    total = derived("total", marked("Together"), "sum", *payments)
    window = of_law("job_loss_claim_months", left_on, unit="months").whole
    return JobLoss(tuple(payment.whole for payment in payments), total.whole, months_later(left_on, window), total)


def _payment(wage: Step, day: date, place: int) -> Step:
    cap = of_law("job_loss_wage_cap", day, unit="rupiah")
    counted = derived("counted", marked("Wage that counts"), "smallest", wage, cap)
    share = of_law("job_loss_share", day, place)
    return derived(f"month_{place + 1}", marked("Paid in a month"), "rounded_product", counted, share)


def problems(
    *,
    reason: str,
    dismissed_on: date,
    claimed_on: date,
    months_paid: Collection[Month],
    times_before: int = 0,
    willing: bool = True,
) -> tuple[str, ...]:
    """What stands against a claim, as keys of PROBLEMS; nothing when there is a right to the money.

    `months_paid` are the contribution months paid. Counted are those of the 24 months up to the one of the
    dismissal; until February 2025 the last six before it had to be paid without a gap.
    """
    left_on, asked_on = inputs.day(dismissed_on), inputs.day(claimed_on)
    if asked_on < left_on:
        raise WrongOrder(what="claimed_on", earlier="dismissed_on")
    paid = {inputs.month(each) for each in months_paid}
    last = Month.of(left_on)
    looked_at = [last - back for back in range(_number("job_loss_months_looked_at", left_on))]
    in_a_row = [last - 1 - back for back in range(_number("job_loss_consecutive_months", left_on))]
    against = {
        "reason": inputs.choice(reason, "reason", REASONS) != "dismissed",
        "too_few_months": sum(each in paid for each in looked_at) < _number("job_loss_months_paid", left_on),
        "months_not_in_a_row": not all(each in paid for each in in_a_row),
        "too_many_times": inputs.count(times_before, "times_before", 0, 100) >= _number("job_loss_times", left_on),
        "too_late": asked_on > months_later(left_on, _number("job_loss_claim_months", left_on)),
        "not_willing": not inputs.flag(willing, "willing"),
    }
    return tuple(name for name, is_so in against.items() if is_so)


def _number(name: str, day: date) -> int:
    return parameter(name).at(day).whole()
