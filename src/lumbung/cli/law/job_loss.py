"""`lumbung law job-loss`: money after losing the job, and who has a right to it."""

from collections.abc import Iterator
from typing import Any

import click

from lumbung.cli.law.data import refusals, rupiah
from lumbung.cli.law.result import Result
from lumbung.law import inputs
from lumbung.law import job_loss_benefit as law
from lumbung.law.derivation import of_law
from lumbung.law.errors import WrongOrder
from lumbung.law.month import Month


@click.command("job-loss")
@click.option("--wage", required=True, help="Last monthly wage reported, digits only.", metavar="RUPIAH")
@click.option("--dismissed-on", required=True, help="Day of the dismissal.", metavar="YYYY-MM-DD")
@click.option("--months", default="6", show_default=True, help="Months without work, 1 to 6.", metavar="MONTHS")
@click.option("--first-paid-on", help="Day of the first payment.  [default: of dismissal]", metavar="YYYY-MM-DD")
@click.option(
    "--reason", help=f"How the work ended: {', '.join(law.REASONS)}.  [default: dismissed]", metavar="WHY"
)
@click.option("--claimed-on", help="Day of the claim.  [default: of dismissal]", metavar="YYYY-MM-DD")
@click.option(
    "--paid",
    multiple=True,
    metavar="YYYY-MM[..YYYY-MM]",
    help="A month paid, or the first and the last of several; may be said again. Asks who has a right to it.",
)
@click.option("--times-before", default="0", help="How often the money was paid before.", metavar="TIMES")
@click.option("--not-willing", is_flag=True, help="Not ready to work again.")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def job_loss(as_json: bool, wage: str, dismissed_on: str, **given: Any) -> None:
    """Money month by month after losing the job (JKP), and whether there is a right to it."""
    with refusals(as_json):
        left_on = inputs.day(dismissed_on)
        last_wage = inputs.wage(rupiah(wage, "wage"))
        first = given["first_paid_on"]
        got = law.job_loss(
            wage=last_wage,
            dismissed_on=left_on,
            months=inputs.count(given["months"], "months", 1, 6),
            first_paid_on=None if first is None else inputs.day(first),
        )
        result = Result({"wage": last_wage, "dismissed_on": left_on, "first_paid_on": first})
        _add_months(result, got)
        window = of_law("job_loss_claim_months", left_on, unit="months")
        result.add("claim_by", "Last day to claim", got.claim_by, window)
        _add_right(result, left_on.isoformat(), given)
    result.print(f"Dismissed on {left_on}", as_json=as_json)


def _add_months(result: Result, got: law.JobLoss) -> None:
    result.asked["monthly"] = list(got.monthly)
    for place, step in enumerate(got.derivation.children, start=1):
        result.add(f"month_{place}", f"Month {place}", got.monthly[place - 1], step)
    result.add("total", "Together", got.total, bold=True)


def _add_right(result: Result, dismissed_on: str, given: dict[str, Any]) -> None:
    """Whether there is a right to the money, when what it depends on was told."""
    told = {name: given[name] for name in ("reason", "claimed_on") if given[name] is not None}
    if not (told or given["paid"] or given["not_willing"] or given["times_before"] != "0"):
        result.notes.append("Whether there is a right to it depends on --paid, --reason and --claimed-on.")
        return
    left_on = inputs.day(dismissed_on)
    months = sorted({month for written in given["paid"] for month in _months(written)})
    against = law.problems(
        reason=told.get("reason", "dismissed"),
        dismissed_on=left_on,
        claimed_on=inputs.day(told.get("claimed_on", dismissed_on)),
        months_paid=months,
        times_before=inputs.count(given["times_before"], "times_before", 0, 100),
        willing=not given["not_willing"],
    )
    result.add("has_right", "Right to it", not against, *_conditions(left_on), bold=True)
    result.asked.update(months_paid=len(months), problems=list(against))
    result.notes.extend(law.PROBLEMS[each] for each in against)


def _conditions(left_on: Any) -> list[Any]:
    names = {
        "job_loss_months_paid": "months",
        "job_loss_months_looked_at": "months",
        "job_loss_consecutive_months": "months",
        "job_loss_times": "number",
    }
    return [of_law(name, left_on, unit=unit) for name, unit in names.items()]


def _months(written: str) -> Iterator[Month]:
    """A month, or all from the first to the last."""
    first, _, last = written.partition("..")
    month, end = Month.parse(first), Month.parse(last or first)
    if end < month:
        raise WrongOrder(what=str(end), earlier=str(month))
    while month <= end:
        yield month
        month += 1
