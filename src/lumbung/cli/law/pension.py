"""`lumbung law pension`: the pension age, the pension from a record of wages, survivors, caps and bounds."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import click

from lumbung.cli.law.data import pair, refusals, rupiah, today
from lumbung.cli.law.result import Result
from lumbung.errors import Refusal
from lumbung.law import inputs
from lumbung.law import pension as law
from lumbung.law.contributions import pension_shares
from lumbung.law.derivation import of_law
from lumbung.law.errors import MissingInput
from lumbung.law.parameter import parameter

_KINDS = {"periodic": "every month", "lump_sum": "in one sum"}


@click.command()
@click.option("--born", help="Day of birth: shows the pension age.", metavar="YYYY-MM-DD")
@click.option(
    "--wage",
    "wages",
    multiple=True,
    metavar="YEAR=RUPIAH",
    help="Monthly wage of a year with contributions: shows the pension. May be said again.",
)
@click.option("--months", multiple=True, help="Months paid in a year.  [default: 12]", metavar="YEAR=MONTHS")
@click.option(
    "--cap", "caps", multiple=True, help="Wage cap of a year.  [default: the law's]", metavar="YEAR=RUPIAH"
)
@click.option("--inflation", multiple=True, help="Of a year.  [default: as published]", metavar="YEAR=PERCENT")
@click.option("--retires", help="Year of the pension.  [default: of the pension age]", metavar="YEAR")
@click.option("--day", help="Day whose bounds apply.  [default: the first of the right, else today]",
              metavar="YYYY-MM-DD")  # fmt: skip
@click.option("--cause", default="age", show_default=True, help="age, disability or death.", metavar="CAUSE")
@click.option("--months-since-enrolment", help="disability, death: months since enrolment.", metavar="MONTHS")
@click.option("--heir", help="Survivor: spouse, child or parent.", metavar="HEIR")
@click.option("--children", help="Survivors: how many children.", metavar="NUMBER")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def pension(as_json: bool, born: str | None, day: str | None, wages: tuple[str, ...], **given: Any) -> None:
    """The pension (JP): its age, its sum from a record of wages, and the caps and bounds of a day."""
    with refusals(as_json):
        result = Result({"born": born})
        when = None if born is None else law.age(inputs.day(born))
        if when is not None:
            _add_age(result, when)
        if wages:
            _add_pension(result, _by_year(wages, "wage"), when, day, given)
        elif given["heir"] is not None:
            raise MissingInput(what="wage")
        if not wages and (when is None or day is not None):
            _add_bounds(result, today() if day is None else inputs.day(day))
    result.print("Pension", as_json=as_json)


def _add_age(result: Result, when: law.PensionAge) -> None:
    result.add("age", "Pension age", when.age, when.derivation)
    result.add("reached_on", "Reached on", when.reached_on)
    result.add("right_from", "Right from", when.right_from, bold=True)
    result.add("last_enrolment_month", "Last month of enrolment", when.last_enrolment_month)
    result.add("deferred_until", "At work, it can be put off until", when.deferred_until,
               of_law("pension_deferral_years", when.reached_on, unit="years"))  # fmt: skip


def _add_bounds(result: Result, on: date) -> None:
    bounds = {name: of_law(f"pension_{name}", on, unit="rupiah") for name in ("minimum", "maximum", "wage_cap")}
    result.asked["day"] = on
    result.add("minimum", f"Smallest pension on {on}", bounds["minimum"].whole, bounds["minimum"])
    result.add("maximum", f"Largest pension on {on}", bounds["maximum"].whole, bounds["maximum"])
    result.add("wage_cap", f"Highest wage that counts on {on}", bounds["wage_cap"].whole, bounds["wage_cap"])


def _add_pension(
    result: Result, wages: Mapping[int, str], when: law.PensionAge | None, day: str | None, given: dict[str, Any]
) -> None:
    retires = _retires(given["retires"], when)
    years = _years(wages, given)
    told = _by_year(given["inflation"], "inflation")
    for rate in told.values():
        inputs.rate(rate, "inflation")
    months = sum(row.months for row in years)
    since = given["months_since_enrolment"]
    kind = law.kind(cause=given["cause"], months_paid=months, months_since_enrolment=since)
    result.asked.update(cause=given["cause"], retires=retires, months_paid=months)
    result.add("kind", "Paid", kind.kind, kind.derivation, bold=True, told=_KINDS[kind.kind])
    result.add("months_counted", "Months counted", kind.months_counted)
    if kind.kind == "lump_sum":
        paid = sum(row.months * pension_shares(min(row.wage, row.cap)) for row in years)
        result.add("contributions", "Contributions, paid back with what they earned", paid)
        return
    prices = _inflation(min(wages), retires, told)
    asked = {"years": years, "inflation": prices, "retires": retires}
    if kind.months_counted > months:
        asked["months_counted"] = kind.months_counted
    pension = _within_bounds(result, asked, when, day)
    _add_benefit(result, years, pension, set(_by_year(given["caps"], "cap")))
    if given["heir"] is not None:
        _add_survivor(result, pension, given)


def _retires(retires: str | None, when: law.PensionAge | None) -> int:
    if retires is not None:
        return inputs.year(retires, "retires")
    if when is None:
        raise MissingInput(what="retires")
    return when.reached_on.year


def _within_bounds(
    result: Result, asked: dict[str, Any], when: law.PensionAge | None, day: str | None
) -> law.Benefit:
    """The pension within the bounds of the day; without them when nobody asked for a day and they are unknown."""
    if day is not None:
        return law.benefit(**asked, day=inputs.day(day))
    on = today() if when is None else when.right_from
    try:
        return law.benefit(**asked, day=on)
    except Refusal as refusal:
        if refusal.code == "bad_input":
            raise
        result.notes.append(str(refusal))
        return law.benefit(**asked)


def _add_benefit(
    result: Result, years: list[law.PensionYear], pension: law.Benefit, own_caps: Collection[int]
) -> None:
    rows = zip(years, pension.indices, pension.weighted, strict=True)
    told: list[dict[str, Any]] = [
        {"year": row.year, "months": row.months, "wage": row.wage, "cap": row.cap,
         "index": f"{float(index * 100):.2f}", "weighted": weighted}
        for row, index, weighted in rows
    ]  # fmt: skip
    result.asked["years"] = told
    for row in told:
        label = f"{row['year']}: {row['months']} months, index {row['index']} %, weighted"
        is_cut = row["wage"] > row["cap"] and row["year"] not in own_caps
        result.add(f"weighted_{row['year']}", label, row["weighted"], *([_cap(row["year"])] if is_cut else []))
    result.add("average", "Average weighted wage", inputs.half_up(pension.average))
    formula = pension.derivation if pension.payable is None else pension.derivation.find("monthly")
    result.add("monthly", "Pension by the formula, a month", pension.monthly, formula.find("pension_share"))
    if pension.payable is not None:
        bounds = [pension.derivation.find(name) for name in ("pension_minimum", "pension_maximum")]
        result.add("payable", "Pension paid, a month", pension.payable, *bounds, bold=True)


def _add_survivor(result: Result, pension: law.Benefit, given: dict[str, Any]) -> None:
    paid = pension.monthly if pension.payable is None else pension.payable
    children = None if given["children"] is None else inputs.count(given["children"], "children", 0, 100)
    share = law.survivor(benefit=paid, heir=given["heir"], children=children)
    result.asked.update(heir=given["heir"], children=children)
    result.add("survivor", f"Survivor's pension ({given['heir']}), a month", share.monthly, share.derivation)
    if share.shared_by > 1:
        result.notes.append(f"{share.shared_by} children share it equally.")


def _years(wages: Mapping[int, str], given: dict[str, Any]) -> list[law.PensionYear]:
    months, caps = _by_year(given["months"], "months"), _by_year(given["caps"], "cap")
    return [
        law.PensionYear(
            year,
            inputs.count(months.get(year, "12"), "months", 0, 12),
            inputs.wage(rupiah(wage, "wage")),
            inputs.rupiah(rupiah(caps[year], "cap"), "cap", 1) if year in caps else _cap(year).whole,
        )
        for year, wage in sorted(wages.items())
    ]


def _cap(year: int) -> Any:
    """The wage cap of a year: the one of its March."""
    return of_law("pension_wage_cap", date(year, 12, 31), unit="rupiah")


def _inflation(first: int, retires: int, told: Mapping[int, str]) -> Mapping[int, Any]:
    """Inflation of each year from the first up to the one before the pension: as told, else as published."""
    table = parameter("inflation")
    return {
        year: told[year] if year in told else table.at(date(year, 12, 31)).content
        for year in range(first, retires)
    }


def _by_year(written: tuple[str, ...], what: str) -> dict[int, str]:
    pairs = [
        pair(each, what, "YEAR=VALUE", "2024=6000000" if what in {"wage", "cap"} else "2024=3") for each in written
    ]
    return {inputs.year(year, what): value for year, value in pairs}
