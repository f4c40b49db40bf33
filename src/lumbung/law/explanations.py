"""The derivations of the rules that are asked by the hundred thousand: the same figures, step by step.

The rules themselves stay fast; a test holds each of these against them. The other rules carry their derivation.
"""

from collections.abc import Callable, Collection, Iterable, Set
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lumbung.errors import marked
from lumbung.law import (
    construction,
    contributions,
    development,
    due_dates,
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
    steps: dict[str, Callable[[], Step]] = {
        "JKK": lambda: _part("jkk", base, of_law("self_employed_jkk_rate", day), *reliefs),
        "JKM": lambda: _part("jkm", of_law("self_employed_jkm_amount", day, unit="rupiah"), *reliefs),
        "JHT": lambda: _part("jht", base, of_law("self_employed_jht_rate", day)),
    }
    total = derived("total", _TOTAL, "sum", *(make() for code, make in steps.items() if code in programmes))
    return total if {"JKK", "JHT"} & programmes else answer(total, base)


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
    parts = [of_law("migrant_during_and_after", day, owed.contract_months, unit="rupiah",
                    step_name="during_and_after")]  # fmt: skip
    if agency:
        parts.insert(0, of_law("migrant_before_departure", day, unit="rupiah", step_name="before_departure"))
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
    fines.late_fine(  # judges the inputs
        segment=segment, month=month, owed=owed, paid_on=paid_on, relief_covid=relief_covid, holidays=holidays
    )
    due = due_date(segment, month, relief_covid=relief_covid, holidays=holidays)
    paid = given("paid_on", marked("Paid on"), inputs.day(paid_on), "day")
    late = derived("months_late", marked("Months of delay that have started"), "started_months", due, paid,
                   unit="months")  # fmt: skip
    clause = fines.clauses(segment=segment, month=month, relief_covid=relief_covid)["fine"][0]
    rate = of_law(clause.parameter, inputs.month(month).first_day)
    amount = given("owed", marked("Contributions that were owed"), inputs.rupiah(owed, "owed"), "rupiah")
    return derived("fine", marked("Fine"), "rounded_product", amount, rate, late)


def due_date(
    segment: str, month: Month, *, relief_covid: bool = False, holidays: Collection[date] = frozenset()
) -> Step:
    """The derivation of `due_dates.due_date` with the same arguments."""
    found = due_dates.due_date(segment, month, relief_covid=relief_covid, holidays=holidays)
    day = inputs.month(month).first_day
    name = "due_day_relief_covid" if relief_covid else "due_day"
    by_statute = derived(
        "by_statute", marked("Day that the law names"), "day_of_month_after",
        given("month", marked("Month of the contribution"), inputs.month(month), "month"),
        of_law("due_months_after", day, segment, unit="months"),
        of_law(name, day, segment, unit="number"),
        unit="day",
    )  # fmt: skip
    assert isinstance(by_statute.value, date)
    closed = sorted({inputs.day(each) for each in holidays})
    met = [given("holiday", marked("Holiday"), each, "day") for each in closed if by_statute.value <= each < found]
    return derived("due", marked("Due on"), "working_day", by_statute, *met, unit="day")


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
    total = derived("total", _TOTAL, "sum", *steps, unit="percent")
    kept = [
        derived("jkk_kept", marked("Kept for accidents"), "difference", of_law("jkk_rate", on, risk_class),
                steps[1], unit="percent"),
        derived("jkm_kept", marked("Kept for deaths"), "difference", of_law("jkm_rate", on), steps[2],
                unit="percent"),
    ]  # fmt: skip
    return answer(total, *kept)


def year_of_development(
    *,
    opening: int,
    rate: Any,
    contributions: Iterable[tuple[Month, int]] = (),
    until: Month | None = None,
) -> Step:
    """The derivation of `development.development`: twelfths of a year's rate on the opening and on each amount."""
    amounts = _amounts(contributions)
    development.development(opening=opening, rate=rate, contributions=amounts, until=until)  # judges the inputs
    return _earned(_opening(opening), rate, amounts, 12 if until is None else until.month)


def closing_balance(
    *,
    opening: int,
    rate: Any,
    contributions: Iterable[tuple[Month, int]] = (),
    until: Month | None = None,
    before: Step | None = None,
) -> Step:
    """The balance at the end: the opening, what came and went, and the development result.

    `before` is the step that the opening is taken over from, such as the balance of the year before. It stands in
    the sum only; the result names its value, or a tree of forty years would double with each year.
    """
    amounts = _amounts(contributions)
    development.development(opening=opening, rate=rate, contributions=amounts, until=until)  # judges the inputs
    start = _opening(opening) if before is None else before
    earned = _earned(_opening(opening), rate, amounts, 12 if until is None else until.month)
    moved = [given("amount", marked("Amount of a month"), amount, "rupiah") for _, amount in amounts]
    return derived("closing", marked("Balance at the end"), "sum", start, *moved, earned)


def _amounts(contributions: Iterable[tuple[Month, int]]) -> list[tuple[Month, int]]:
    return [
        (inputs.month(month), inputs.rupiah(amount, "amount", -inputs.MOST_RUPIAH))
        for month, amount in contributions
    ]


def _opening(opening: int) -> Step:
    return given("opening", marked("Balance when the year began"), inputs.rupiah(opening, "opening"), "rupiah")


def _earned(start: Step, rate: Any, amounts: list[tuple[Month, int]], last: int) -> Step:
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


def plan_of_development(
    *,
    wage: int | Decimal,
    years: int,
    rate: Any,
    opening: int = 0,
    idle_years: int = 0,
    convention: str = "simulator",
) -> Step:
    """The derivation of `development.plan` with the same arguments, year by year, for both conventions."""
    development.plan(
        wage=wage, years=years, rate=rate, opening=opening, idle_years=idle_years, convention=convention
    )
    start = _opening(opening)
    monthly = _monthly_savings(wage)
    yearly = given("rate", marked("Rate of a year"), inputs.percent(rate), "percent")
    one = given("one", marked("All of it"), Fraction(1), "percent")
    growth = derived("growth", marked("One and the rate of a year"), "sum", one, yearly, unit="percent")
    paying, idle = inputs.years(years, "years"), inputs.years(idle_years, "idle_years")
    balance = start
    weight = _months_with_their_interest(yearly)
    for place in range(1, paying + 1):
        label = marked("Balance after a year, not rounded")
        if convention == "ministry":
            balance = derived(f"year_{place}", label, "year_by_twelfth_roots", balance, monthly, yearly)
        else:
            balance = derived(f"year_{place}", label, "sum_of_products", balance, growth, monthly, weight)
    for place in range(paying + 1, paying + idle + 1):
        label = marked("Balance after a year without payments, not rounded")
        balance = derived(f"year_{place}", label, "product", balance, growth)
    closing = derived("closing", marked("Balance at the end"), "rounded", balance)
    months = given("months", marked("Months paid"), 12 * paying, "months")
    paid = derived("contributions", marked("Paid in"), "whole_product", monthly, months)
    earned = derived("development", marked("Development result"), "difference", closing, paid, start)
    return answer(closing, paid, earned)


def _monthly_savings(wage: int | Decimal) -> Step:
    """Both JHT shares of a wage at the latest rates."""
    base = given("wage", marked("Monthly wage"), inputs.wage(wage), "rupiah")
    return derived("monthly", marked("Paid in each month"), "sum", *(
        _part(name, base, of_law(f"{name}_rate", parameter(f"{name}_rate").latest().start))
        for name in ("jht_employer", "jht_member")
    ))  # fmt: skip


def _months_with_their_interest(yearly: Step) -> Step:
    """What twelve payments of a rupiah come to after their first year: they earn 12 + 11 + … + 1 twelfths."""
    twelve = given("payments", marked("Payments in a year"), 12, "number")
    twelfths = given(
        "twelfths", marked("Years that they earn in the first year, together"), Fraction(78, 12), "years"
    )
    interest = derived("interest", marked("What they earn in it"), "product", twelfths, yearly, unit="number")
    label = marked("Twelve payments of one rupiah at the end of their year")
    return derived("weight", label, "sum", twelve, interest, unit="number")


def answer(first: Step, *others: Step) -> Step:
    """Several figures of one answer under a step that takes over the first of them."""
    return derived("answer", marked("Answer"), "answer", first, *others, unit=first.unit)
