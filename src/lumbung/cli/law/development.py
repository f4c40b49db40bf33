"""`lumbung law development`: what old-age savings earn in a year, or in years of saving."""

from typing import Any

import click

from lumbung.cli.law.data import pair, refusals, rupiah
from lumbung.cli.law.result import Result
from lumbung.law import development as law
from lumbung.law import inputs
from lumbung.law.derivation import of_law
from lumbung.law.errors import MissingInput, NotTogether
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

_YEAR_ONLY = ("contributions", "until")
_PLAN_ONLY = ("years", "idle_years", "convention")
_CONVENTIONS = {
    "simulator": "as BPJS-TK's simulator: simple within a year, credited at its end",
    "ministry": "as the Ministry of Manpower in February 2022: each month at the twelfth root of a year's growth",
}


@click.command()
@click.option("--rate", required=True, help="Development in percent a year, for example 5.7.", metavar="PERCENT")
@click.option("--opening", default="0", help="Balance at the start.  [default: 0]", metavar="RUPIAH")
@click.option(
    "--contribution",
    "contributions",
    multiple=True,
    metavar="YYYY-MM=RUPIAH",
    help="A year: an amount by the month in which the bank had it; a withdrawal has a minus. May be said again.",
)
@click.option("--until", help="A year: last month counted.  [default: December]", metavar="YYYY-MM")
@click.option("--wage", help="Years of saving: monthly wage.", metavar="RUPIAH")
@click.option("--years", help="Years of saving: how many.", metavar="YEARS")
@click.option("--idle-years", help="Years of saving: years after them without payments.", metavar="YEARS")
@click.option("--convention", help="Years of saving: simulator or ministry.  [default: simulator]", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
def development(as_json: bool, rate: str, opening: str, **given: Any) -> None:
    """What old-age savings earn: in one year, or (with --wage and --years) in years of saving."""
    with refusals(as_json):
        said = {name: value for name, value in given.items() if value not in (None, ())}
        start = inputs.rupiah(rupiah(opening, "opening"), "opening")
        inputs.percent(rate)
        is_plan = bool(said.keys() & {"wage", *_PLAN_ONLY})
        _refuse_both(said, is_plan)
        result = _plan(rate, start, **said) if is_plan else _year(rate, start, **said)
    kind = "Years of saving" if is_plan else "One year"
    result.print(f"{kind} at {rate} % a year", as_json=as_json)


def _refuse_both(said: dict[str, Any], is_plan: bool) -> None:
    if not is_plan:
        return
    for name in _YEAR_ONLY:
        if name in said:
            raise NotTogether(what=name, other="wage")
    for name in ("wage", "years"):
        if name not in said:
            raise MissingInput(what=name)


def _year(rate: str, opening: int, contributions: tuple[str, ...] = (), until: str | None = None) -> Result:
    """One calendar year of one account."""
    last = None if until is None else Month.parse(until)
    amounts = [_amount(each) for each in contributions]
    earned = law.development(opening=opening, rate=rate, contributions=amounts, until=last)
    told = [{"month": str(month), "amount": amount} for month, amount in amounts]
    result = Result({"rate": rate, "until": until})
    result.add("opening", "Balance at the start", opening)
    result.add("paid_in", "Paid in, less what was taken out", sum(amount for _, amount in amounts))
    result.add("development", "Development", earned.development)
    result.add("closing", "Balance at the end", earned.closing, bold=True)
    result.asked["contributions"] = told
    result.notes.append("Each amount earns from its month to the last one, simple, rounded half-up once.")
    return result


def _amount(written: str) -> tuple[Month, int]:
    month, amount = pair(written, "contribution", "YYYY-MM=RUPIAH", "2025-01=250000")
    return Month.parse(month), inputs.rupiah(rupiah(amount, "contribution"), "contribution", -inputs.MOST_RUPIAH)


def _plan(
    rate: str, opening: int, wage: str, years: str, idle_years: str = "0", convention: str = "simulator"
) -> Result:
    """Years of saving on one wage."""
    saved = law.plan(
        wage=inputs.wage(rupiah(wage, "wage")),
        years=inputs.years(years, "years"),
        rate=rate,
        opening=opening,
        idle_years=inputs.years(idle_years, "idle_years"),
        convention=convention,
    )
    shares = [of_law(name, parameter(name).latest().start) for name in ("jht_employer_rate", "jht_member_rate")]
    result = Result(
        {"rate": rate, "wage": inputs.wage(wage), "years": int(years), "idle_years": int(idle_years),
         "convention": convention}
    )  # fmt: skip
    result.add("opening", "Balance at the start", opening)
    result.add("contributions", "Paid in", saved.contributions, *shares)
    result.add("development", "Development", saved.development)
    result.add("closing", "Balance at the end", saved.closing, bold=True)
    result.notes.append(f"Reckoned {_CONVENTIONS[convention]}.")
    return result
