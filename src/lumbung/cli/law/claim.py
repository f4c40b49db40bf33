"""`lumbung law claim`: whether old-age savings can be claimed, from when, with which papers, and what is left."""

from datetime import date
from typing import Any

import click

from lumbung.cli.law.data import refusals, rupiah, today
from lumbung.cli.law.result import Result
from lumbung.cli.law.tax import payment
from lumbung.errors import Refusal
from lumbung.law import inputs, old_age
from lumbung.law.derivation import of_law
from lumbung.law.month import Month

_DAYS = ("happened_on", "born", "member_since")


@click.command()
@click.option("--cause", required=True, help=f"One of {', '.join(old_age.CAUSES)}.", metavar="CAUSE")
@click.option("--day", help="Day of the claim.  [default: today]", metavar="YYYY-MM-DD")
@click.option("--happened-on", help="Day of the cause, such as the last day of work.", metavar="YYYY-MM-DD")
@click.option("--born", help="age: day of birth.", metavar="YYYY-MM-DD")
@click.option("--member-since", help="housing, retirement_preparation: first day.", metavar="YYYY-MM-DD")
@click.option("--withdrawn-in-part", is_flag=True, help="A part was taken before.")
@click.option("--active", is_flag=True, help="The employer has not reported the end of the work.")
@click.option("--balance", help="Balance on the day, digits only: shows amount and tax.", metavar="RUPIAH")
@click.option(
    "--earlier",
    multiple=True,
    metavar="YYYY-MM-DD=RUPIAH",
    help="With --balance: a payment before, for the tax; may be said again.",
)
@click.option("--no-tax-number", is_flag=True, help="With --balance: without a tax number (NPWP).")
@click.option(
    "--complete-on", help="Day on which the papers were complete.  [default: --day]", metavar="YYYY-MM-DD"
)
@click.option(
    "--holiday",
    "holidays",
    multiple=True,
    metavar="YYYY-MM-DD",
    help="A holiday; may be said again.  [default: Indonesia's public holidays]",
)
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def claim(as_json: bool, cause: str, day: str | None, **given: Any) -> None:
    """Whether old-age savings (JHT) can be claimed, how much, from when, with which papers and what tax."""
    with refusals(as_json):
        on = today() if day is None else inputs.day(day)
        days = {name: inputs.day(given[name]) for name in _DAYS if given[name] is not None}
        found = old_age.claim(
            cause=cause,
            day=on,
            already_withdrawn_in_part=given["withdrawn_in_part"],
            active=given["active"],
            **days,
        )
        result = Result({"cause": cause, "day": on, **days, "problems": list(found.problems)})
        _add_claim(result, found)
        paid_on = None if found.payable_from is None else max(on, found.payable_from)
        if paid_on is not None:
            _add_last_day(result, paid_on, given["complete_on"], given["holidays"])
        if given["balance"] is not None:
            balance = inputs.rupiah(rupiah(given["balance"], "balance"), "balance")
            result.asked["balance"] = balance
            if paid_on is not None:
                _add_money(result, found, balance, paid_on, given)
            by_telephone = cause not in old_age.PARTIAL and not given["active"]
            _add_limit(result, on, balance, by_telephone)
        _add_papers(result, cause, on)
    result.print(f"Old-age claim on {on}: {cause.replace('_', ' ')}", as_json=as_json)


def _add_claim(result: Result, found: old_age.Claim) -> None:
    result.add("payable_percent", "Share of the balance in percent", found.payable_percent, found.derivation)
    result.add("payable_from", "Paid from", found.payable_from, found.start)
    for problem in found.problems:
        result.notes.append(old_age.PROBLEMS[problem].format(payable_from=found.start.value))


def _add_last_day(result: Result, paid_on: date, complete_on: str | None, holidays: tuple[str, ...]) -> None:
    """The last day on which the money is paid, counted from complete papers, not before it is payable."""
    complete = max(paid_on, inputs.day(complete_on)) if complete_on is not None else paid_on
    closed = [inputs.day(each) for each in holidays] or _public_holidays(complete)
    try:
        result.add("paid_until", "Paid at the latest on", old_age.paid_until(complete, closed),
                   of_law("old_age_decision_days", complete, unit="days"))  # fmt: skip
    except Refusal as refusal:
        result.notes.append(str(refusal))


def _public_holidays(day: date) -> frozenset[date]:
    from lumbung.billing.calendar import around

    return around(Month.of(day))


def _add_money(result: Result, found: old_age.Claim, balance: int, paid_on: date, given: dict[str, Any]) -> None:
    """How much is paid and what tax is taken."""
    amount = balance * found.payable_percent // 100
    before = [payment(each, "earlier") for each in given["earlier"]]
    owed = old_age.tax(payments=[*before, old_age.Payment(paid_on, amount)], tax_number=not given["no_tax_number"])
    result.asked["tax_number"] = not given["no_tax_number"]
    result.add("amount", "Paid before tax", amount, found.derivation)
    kind = "final" if owed.final[-1] else "progressive"
    result.add("tax", f"Tax, {kind}", owed.tax[-1], owed.derivations[-1])
    result.add("net", "Paid after tax", amount - owed.tax[-1], bold=True)


def _add_limit(result: Result, on: date, balance: int, by_telephone: bool) -> None:
    """Whether the app may be used for it: up to a limit, for the whole, and once the work was reported ended."""
    try:
        limit = of_law("old_age_electronic_limit", on, unit="rupiah")
    except Refusal as refusal:
        result.notes.append(str(refusal))
        return
    result.add("electronic_limit", "By telephone up to a balance of", limit.whole, limit)
    result.add("by_telephone", "This one by telephone", by_telephone and balance <= limit.whole)


def _add_papers(result: Result, cause: str, on: date) -> None:
    try:
        papers = old_age.documents(cause, on)
    except Refusal as refusal:
        result.notes.append(str(refusal))
        return
    behind = of_law("old_age_claim_documents", on, cause, unit="words")
    told = [old_age.DOCUMENTS[each] for each in papers]
    result.add("documents", "Papers", list(papers), behind, told=told)
