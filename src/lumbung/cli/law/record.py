"""The record that a projection starts from: typed in, or that of a registered member number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from lumbung.cli.law.data import pair, rupiah
from lumbung.law import inputs
from lumbung.law import projection as law
from lumbung.law.contributions import pension_shares
from lumbung.law.errors import NotTogether
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.pension import PensionYear

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from lumbung.projections.queries import Outlook

_TYPED = ("born", "day", "balance", "paid", "pension_wage", "pension_months", "pension_paid")


def registered(
    number: str, given: Mapping[str, Any], *, stops_work: date | None, changed: Mapping[str, Mapping[str, str]]
) -> tuple[date, Outlook]:
    """Today, and what the person of a member number may expect from his own record.

    Raises NotTogether for a fact that the record knows, NoSuchMember and NoWageReported.
    """
    for option in _TYPED:
        if given[option]:
            raise NotTogether(what="--member", other=f"--{option.replace('_', '-')}")
    from lumbung.cli import django  # not before it is needed: `lumbung law` runs without Django

    django.setup()
    from lumbung.projections import queries
    from lumbung.registry import queries as registry

    _, today = django.read_clock()
    wage = given["wage"]
    found = queries.outlook(
        registry.member_number(number).person,
        today=today,
        wage=None if wage is None else inputs.wage(rupiah(wage, "wage")),
        in_pension=False if given["no_pension"] else None,
        stops_work=stops_work,
        changed=changed,
    )
    return today, found


def typed(born: date, given: Mapping[str, Any]) -> law.Record:
    """The record as it was typed; the caps of its years are the law's. Raises BadInput."""
    paid = [pair(each, "paid", "YYYY-MM=RUPIAH", "2025-01=342000") for each in given["paid"]]
    months = _by_year(given["pension_months"], "pension_months", "2024=11")
    years = []
    for year, wage in sorted(_by_year(given["pension_wage"], "pension_wage", "2024=6000000").items()):
        cap = parameter("pension_wage_cap").at(date(year, 12, 31)).whole()
        number = inputs.count(months.get(year, "12"), "pension_months", 0, 12)
        years.append(PensionYear(year, number, inputs.wage(rupiah(wage, "pension_wage"), "pension_wage"), cap))
    so_far: Any = given["pension_paid"]
    if so_far is None:
        so_far = sum(row.months * pension_shares(min(row.wage, row.cap)) for row in years)
    else:
        so_far = inputs.rupiah(rupiah(so_far, "pension_paid"), "pension_paid")
    return law.Record(
        born=born,
        wage=inputs.wage(rupiah(given["wage"] or "0", "wage")),
        old_age_opening=inputs.rupiah(rupiah(given["balance"] or "0", "balance"), "balance"),
        this_year=[
            (Month.parse(month), inputs.rupiah(rupiah(amount, "paid"), "paid", -inputs.MOST_RUPIAH))
            for month, amount in paid
        ],
        pension_years=years,
        pension_paid=so_far,
        in_pension=not given["no_pension"],
    )


def _by_year(written: tuple[str, ...], what: str, example: str) -> dict[int, str]:
    pairs = [pair(each, what, "YEAR=VALUE", example) for each in written]
    return {inputs.year(year, what): value for year, value in pairs}
