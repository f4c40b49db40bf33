"""The derivations of the rules that are asked by the hundred thousand: the same figures, step by step.

The rules themselves stay fast; a test holds each of these against them. The other rules carry their derivation.
"""

from collections.abc import Collection, Iterable, Set
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lumbung.errors import marked
from lumbung.law import (
    construction,
    contributions,
    development,
    fines,
    inputs,
    job_loss,
    migrant_workers,
    self_employed,
)
from lumbung.law.clauses import lowers_nothing
from lumbung.law.derivation import Step, derived, given, of_law
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

_COVID = "relief_covid_share"
_PARTS = {
    "jht_employer": marked("JHT, employer"),
    "jht_member": marked("JHT, member"),
    "jp_employer": marked("JP, employer"),
    "jp_member": marked("JP, member"),
    "jkk": marked("JKK"),
    "jkm": marked("JKM"),
    "jht": marked("JHT"),
}
_TOTAL = marked("Together")


def contribution(
    *,
    wage: int | Decimal,
    month: Month,
    risk_class: str | None = None,
    programmes: Set[str] = contributions.PROGRAMMES,
    labour_intensive: bool = False,
    relief_covid: bool = False,
) -> Step:
    """The derivation of `contributions.assess` with the same arguments."""
    owed = contributions.assess(
        wage=wage, month=month, risk_class=risk_class, programmes=programmes, labour_intensive=labour_intensive,
        relief_covid=relief_covid,
    )  # fmt: skip
    day = owed.month.first_day
    base = given("wage", marked("Monthly wage"), owed.wage, "rupiah")
    covid = _reliefs(day, {_COVID: relief_covid})
    both = _reliefs(day, {_COVID: relief_covid, "relief_labour_intensive_share": labour_intensive})
    employer, member = [], []
    if "JHT" in programmes:
        employer.append(_part("jht_employer", base, of_law("jht_employer_rate", day)))
        member.append(_part("jht_member", base, of_law("jht_member_rate", day)))
    if "JP" in programmes:
        cap = of_law("pension_wage_cap", day, unit="rupiah")
        capped = derived("jp_wage", marked("Wage that counts for JP"), "smallest", base, cap)
        employer.append(_part("jp_employer", capped, of_law("jp_employer_rate", day)))
        member.append(_part("jp_member", capped, of_law("jp_member_rate", day)))
    if "JKK" in programmes:
        employer.append(_part("jkk", base, of_law("jkk_rate", day, risk_class), *both))
    if "JKM" in programmes:
        employer.append(_part("jkm", base, of_law("jkm_rate", day), *covid))
    return derived(
        "total", _TOTAL, "sum",
        derived("employer_total", marked("Employer"), "sum", *employer),
        derived("member_total", marked("Member"), "sum", *member),
    )  # fmt: skip


def _part(name: str, *factors: Step) -> Step:
    return derived(name, _PARTS[name], "rounded_product", *factors)


def _reliefs(day: date, asked: dict[str, bool], key: str | None = None) -> list[Step]:
    """The reliefs that lower something on the day."""
    return [
        of_law(name, day, key) for name, is_so in asked.items() if is_so and not lowers_nothing(name, day, key)
    ]


def self_employed_contribution(
    *,
    income: int | Decimal,
    month: Month,
    programmes: Set[str] = self_employed.PROGRAMMES,
    sector: str = "other",
    relief_covid: bool = False,
    paid_by_state: bool = False,
) -> Step:
    """The derivation of `self_employed.assess` with the same arguments."""
    owed = self_employed.assess(
        income=income, month=month, programmes=programmes, sector=sector, relief_covid=relief_covid,
        paid_by_state=paid_by_state,
    )  # fmt: skip
    day = owed.month.first_day
    bounds = parameter("self_employed_base").at(day).amounts()
    band = max(bound for bound in bounds if bound <= owed.income)
    row = of_law("self_employed_base", day, band, unit="rupiah", step_name="band")
    earned = given("income", marked("Monthly income"), owed.income, "rupiah")
    reached = given("reached", marked("Greatest start of a band that the income reaches"), band, "rupiah")
    within = derived(
        "within", marked("The income reaches the band"), "at_least", earned, reached, unit="yes_or_no"
    )
    base = derived("base", marked("Base of the income's band"), "if_so", within, row,
                   given("none", marked("No band"), 0, "rupiah"))  # fmt: skip
    reliefs = _reliefs(day, {_COVID: relief_covid})
    reliefs += _reliefs(day, {"relief_self_employed_share": not paid_by_state}, sector)
    steps = {
        "JKK": lambda: _part("jkk", base, of_law("self_employed_jkk_rate", day), *reliefs),
        "JKM": lambda: _part("jkm", of_law("self_employed_jkm_amount", day, unit="rupiah"), *reliefs),
        "JHT": lambda: _part("jht", base, of_law("self_employed_jht_rate", day)),
    }
    return derived("total", _TOTAL, "sum", *(make() for code, make in steps.items() if code in programmes))


def construction_contribution(*, contract_value: int | Decimal, month: Month, relief_covid: bool = False) -> Step:
    """The derivation of `construction.assess` with the same arguments."""
    owed = construction.assess(contract_value=contract_value, month=month, relief_covid=relief_covid)
    day = owed.month.first_day
    value = given("contract_value", marked("Contract value without VAT"), owed.contract_value, "rupiah")
    reliefs = _reliefs(day, {_COVID: relief_covid})
    parts = []
    for name in ("jkk", "jkm"):
        slices = _slices(value, f"construction_{name}_rate", day)
        exact = derived("exact", marked("All slices, not rounded"), "sum_of_products", *slices)
        parts.append(_part(name, exact, *reliefs))
    return derived("total", _TOTAL, "sum", *parts)


def _slices(value: Step, name: str, day: date) -> Iterable[Step]:
    """How much of the value lies in each slice, and its rate."""
    starts = sorted(parameter(name).at(day).shares())
    nothing = given("nothing", marked("From the first rupiah"), 0, "rupiah")
    for start, end in zip(starts, [*starts[1:], inputs.MOST_RUPIAH], strict=True):
        if start < value.whole or not start:
            lower = given("from", marked("Slice from"), start, "rupiah")
            upper = given("to", marked("Slice up to"), end, "rupiah")
            yield derived("slice", marked("In the slice"), "part_between", nothing, value, lower, upper)
            yield of_law(name, day, start)


def migrant_contribution(
    *, contract_months: int, month: Month, extension_months: int = 0, agency: bool = True, old_age: int = 0
) -> Step:
    """The derivation of `migrant_workers.assess` with the same arguments."""
    owed = migrant_workers.assess(
        contract_months=contract_months, month=month, extension_months=extension_months, agency=agency,
        old_age=old_age,
    )  # fmt: skip
    day = owed.month.first_day
    parts = [of_law("migrant_during_and_after", day, owed.contract_months, unit="rupiah")]
    if agency:
        parts.insert(0, of_law("migrant_before_departure", day, unit="rupiah"))
    if owed.extension_months:
        months = given("extension_months", marked("Months beyond the contract"), owed.extension_months, "months")
        each = of_law("migrant_extension_month", day, unit="rupiah")
        parts.append(derived("extension", marked("For the months beyond"), "rounded_product", months, each))
    if owed.old_age:
        parts.append(given("old_age", marked("JHT chosen for the month"), owed.old_age, "rupiah"))
    return derived("total", _TOTAL, "sum", *parts)


def late_fine(
    *,
    segment: str,
    month: Month,
    owed: int,
    paid_on: date,
    relief_covid: bool = False,
    holidays: Collection[date] = frozenset(),
) -> Step:
    """The derivation of `fines.late_fine` with the same arguments."""
    found = fines.late_fine(
        segment=segment, month=month, owed=owed, paid_on=paid_on, relief_covid=relief_covid, holidays=holidays
    )
    due = given("due", marked("Due on"), found.due, "day")
    paid = given("paid_on", marked("Paid on"), inputs.day(paid_on), "day")
    late = derived("months_late", marked("Months of delay that have started"), "started_months", due, paid,
                   unit="months")  # fmt: skip
    clause = fines.clauses(segment=segment, month=month, relief_covid=relief_covid)["fine"][0]
    rate = of_law(clause.parameter, inputs.month(month).first_day)
    amount = given("owed", marked("Contributions that were owed"), inputs.rupiah(owed, "owed"), "rupiah")
    return derived("fine", marked("Fine"), "rounded_product", amount, rate, late)


def job_loss_funding(*, day: date, risk_class: str) -> Step:
    """The derivation of `job_loss.funding`: where the money comes from, as a share of the wage."""
    job_loss.funding(day=day, risk_class=risk_class)
    on = inputs.day(day)
    parts = {
        "government": marked("Paid by the state"),
        "from_jkk": marked("Moved from JKK"),
        "from_jkm": marked("Moved from JKM"),
    }
    steps = [
        derived(name, label, "same", of_law("job_loss_funding", on, name), unit="percent")
        for name, label in parts.items()
    ]
    return derived("total", _TOTAL, "sum", *steps, unit="percent")


def year_of_development(
    *,
    opening: int,
    rate: Any,
    contributions: Iterable[tuple[Month, int]] = (),
    until: Month | None = None,
) -> Step:
    """The derivation of `development.development`: twelfths of a year's rate on the opening and on each amount."""
    amounts = [(inputs.month(m), inputs.rupiah(a, "amount", -inputs.MOST_RUPIAH)) for m, a in contributions]
    development.development(opening=opening, rate=rate, contributions=amounts, until=until)  # judges the inputs
    last = until.month if until is not None else 12
    start = given("opening", marked("Balance when the year began"), inputs.rupiah(opening, "opening"), "rupiah")
    pairs = [start, given("months", marked("Months that it earns"), last, "months")]
    for month, amount in amounts:
        label = marked("Amount of a month") if amount >= 0 else marked("Taken out in a month")
        pairs += [
            given(f"amount_{month}", label, amount, "rupiah"),
            given(f"months_{month}", marked("Months that it earns"), last + 1 - month.month, "months"),
        ]
    weighted = derived("weighted", marked("Rupiah times months"), "sum_of_products", *pairs)
    yearly = given("rate", marked("Rate of the year"), inputs.percent(rate), "percent")
    twelfth = given("twelfth", marked("A twelfth"), Fraction(1, 12), "number")
    return derived("development", marked("Development result"), "rounded_product", weighted, yearly, twelfth)


def closing_balance(**asked: Any) -> Step:
    """The balance at the end: the opening, what came and went, and the development result."""
    earned = year_of_development(**asked)
    start = given("opening", marked("Balance when the year began"), inputs.rupiah(asked["opening"], "opening"),
                  "rupiah")  # fmt: skip
    moved = [given("amount", marked("Amount of a month"), inputs.rupiah(amount, "amount", -inputs.MOST_RUPIAH),
                   "rupiah") for _, amount in asked.get("contributions", ())]  # fmt: skip
    return derived("closing", marked("Balance at the end"), "sum", start, *moved, earned)
