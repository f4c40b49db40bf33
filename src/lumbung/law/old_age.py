"""Old-age savings (JHT): who may claim how much from when, with which documents, and with what tax."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import chain

from lumbung.errors import marked
from lumbung.law import inputs
from lumbung.law.derivation import Answer, Step, derived, given, of_law
from lumbung.law.errors import MissingInput
from lumbung.law.parameter import Value, parameter

CAUSES = (
    "age",
    "resigned",
    "dismissed",
    "contract_ended",
    "left_indonesia",
    "total_disability",
    "death",
    "housing",
    "retirement_preparation",
)
PARTIAL = frozenset({"housing", "retirement_preparation"})
PROBLEMS: Mapping[str, str] = {
    "waiting": marked("The money is paid from {payable_from} on."),
    "still_active": marked(
        "The membership is still active: the employer has to report the end of the work first."
    ),
    "below_age": marked("The age for this claim is not reached yet."),
    "member_less_than_ten_years": marked("A part can be taken after ten years of membership."),
    "already_withdrawn_in_part": marked("A part was taken already; that is possible once."),
}
DOCUMENTS: Mapping[str, str] = {
    "member_card": marked("member card (on paper or in the phone)"),
    "identity_card": marked("identity card (KTP)"),
    "family_card": marked("family card (KK)"),
    "work_ended_proof": marked(
        "letter that the work has ended (paklaring, or letter of resignation or dismissal)"
    ),
    "savings_book": marked("savings book"),
    "photo": marked("recent photo"),
    "tax_number_if_large": marked("tax number (NPWP), above 50 million rupiah or after a part was taken"),
    "tax_number_if_any": marked("tax number (NPWP), if there is one"),
    "tax_number": marked("tax number (NPWP)"),
    "not_working_statement": marked("statement that you do not work in Indonesia any more"),
    "passport": marked("passport"),
    "doctor_certificate": marked("doctor's certificate"),
    "death_certificate": marked("death certificate"),
    "heir_certificate": marked("certificate of the heirs, or a court's order"),
    "work_statement": marked("letter that you work, or that the work has ended"),
    "housing_bank_documents": marked("housing papers of the bank"),
    "bank_account": marked("account at the bank that pays"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a cause gives: percent of the balance (0 when a problem bars it), from which day, and what is wrong.

    `waiting` is no bar. `payable_from` is None when something bars the claim.
    """

    payable_percent: int
    payable_from: date | None
    problems: tuple[str, ...]
    derivation: Step


def claim(
    *,
    cause: str,
    day: date,
    happened_on: date | None = None,
    born: date | None = None,
    member_since: date | None = None,
    already_withdrawn_in_part: bool = False,
    active: bool = False,
) -> Claim:
    """Whether old-age savings can be claimed on `day` (PP 46/2015 art. 22, Permenaker 4/2022).

    `happened_on` is the day of the cause (the day of the claim when left out). `born` is needed for `age`,
    `member_since` for the two partial causes, which may be claimed while active, once, after ten years.
    """
    inputs.choice(cause, "cause", CAUSES)
    on = inputs.day(day)
    event = on if happened_on is None else inputs.day(happened_on)
    facts = [
        _not("still_active", marked("Membership ended"), inputs.flag(active, "active") and cause not in PARTIAL)
    ]
    starts = [given("happened_on", marked("Day of the cause"), event, "day")]
    if cause == "age":
        starts.append(_reached_age(born, on))
        facts.append(_reached("below_age", marked("Age reached"), starts[-1], on))
    if cause in PARTIAL:
        starts.append(_long_a_member(member_since, on))
        facts.append(_reached("member_less_than_ten_years", marked("Member for ten years"), starts[-1], on))
        taken = inputs.flag(already_withdrawn_in_part, "already_withdrawn_in_part")
        facts.append(_not("already_withdrawn_in_part", marked("No part taken before"), taken))
    barred = tuple(fact.name for fact in facts if not fact.value)
    allowed = derived("allowed", marked("Nothing bars the claim"), "all_of", *facts, unit="yes_or_no")
    share = of_law("old_age_claim_share", on, cause)
    percent = derived("payable_percent", marked("Share of the balance paid"), "if_so", allowed, share,
                      given("nothing", marked("Nothing"), Fraction(0), "percent"), unit="percent")  # fmt: skip
    payable_from = _payable_from(cause, on, starts)
    waiting = ("waiting",) if not barred and on < payable_from else ()
    return Claim(
        payable_percent=int(_share(percent.value) * 100),
        payable_from=None if barred else payable_from,
        problems=(*waiting, *barred),
        derivation=percent,
    )


def _share(value: Answer) -> Fraction:
    assert isinstance(value, (int, Fraction))
    return Fraction(value)


def _not(problem: str, label: str, is_so: bool) -> Step:
    return given(problem, label, not is_so, "yes_or_no")


def _reached(problem: str, label: str, start: Step, on: date) -> Step:
    asked = given("day", marked("Day of the claim"), on, "day")
    return derived(problem, label, "at_least", asked, start, unit="yes_or_no")


def _reached_age(born: date | None, on: date) -> Step:
    if born is None:
        raise MissingInput(what="born")
    birth = given("born", marked("Born on"), inputs.day(born), "day")
    age = of_law("old_age_claim_age", on, unit="years")
    return derived("of_age_on", marked("Day on which the age is reached"), "birthday", birth, age, unit="day")


def _long_a_member(since: date | None, on: date) -> Step:
    if since is None:
        raise MissingInput(what="member_since")
    start = given("member_since", marked("Member since"), inputs.day(since), "day")
    years = of_law("old_age_partial_years", on, unit="years")
    return derived("ten_years_on", marked("Ten years of membership on"), "birthday", start, years, unit="day")


def _payable_from(cause: str, on: date, starts: Sequence[Step]) -> date:
    """The day from which a cause is paid: total disability from the 1st of the month after, others by months."""
    latest = derived("start", marked("Latest of the days needed"), "largest", *starts, unit="day")
    if cause == "total_disability":
        start = derived("payable_from", marked("Paid from"), "first_of_next_month", latest, unit="day")
    else:
        wait = of_law("old_age_claim_wait", on, cause, unit="months")
        start = derived("payable_from", marked("Paid from"), "months_after", latest, wait, unit="day")
    assert isinstance(start.value, date)
    return start.value


def documents(cause: str, day: date) -> tuple[str, ...]:
    """The documents that a cause needs on the day, as keys of DOCUMENTS. NotYetInForce before April 2022."""
    inputs.choice(cause, "cause", CAUSES)
    return tuple(parameter("old_age_claim_documents").at(inputs.day(day)).content[cause])


def electronic_limit(day: date) -> int:
    """The largest balance, in rupiah, that can be claimed wholly by telephone app on the day."""
    return parameter("old_age_electronic_limit").at(inputs.day(day)).whole()


def decision_days(day: date) -> int:
    """Within how many working days after complete and right documents the money is paid."""
    return parameter("old_age_decision_days").at(inputs.day(day)).whole()


@dataclass(frozen=True, slots=True)
class Payment:
    """Old-age money paid out on a day, before tax, in rupiah."""

    day: date
    gross: int


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax on each payment, in rupiah, whether it is final, and how each came about."""

    tax: tuple[int, ...]
    final: tuple[bool, ...]
    derivations: tuple[Step, ...]


def tax(*, payments: Iterable[Payment], tax_number: bool = True) -> Tax:
    """Income tax on payments of old-age savings, in the order of their days (PP 68/2009, PMK 16/PMK.03/2010).

    Final in the calendar year of the first payment and the one after: nothing up to 50 million together, 5 %
    above. Later payments: the progressive rates of that year on what that year has paid so far, a fifth more
    without a tax number. Each payment's tax is rounded down to whole rupiah.
    """
    rows = [Payment(inputs.day(each.day), inputs.rupiah(each.gross, "gross")) for each in payments]
    if [row.day for row in rows] != sorted(row.day for row in rows):
        rows.sort(key=lambda row: row.day)
    numbered = inputs.flag(tax_number, "tax_number")
    if not rows:
        raise MissingInput(what="payments")
    first = rows[0].day
    last_final = first.year + parameter("old_age_final_years").at(first).whole() - 1
    taxes, finals = [], []
    for place, row in enumerate(rows):
        is_final = row.day.year <= last_final
        earlier = rows[:place]
        finals.append(is_final)
        if is_final:
            taxes.append(_final_tax(row, sum(each.gross for each in earlier)))
        else:
            before = sum(each.gross for each in earlier if each.day.year == row.day.year)
            taxes.append(_progressive_tax(row, before, numbered))
    return Tax(tuple(step.whole for step in taxes), tuple(finals), tuple(taxes))


def _gross(row: Payment) -> Step:
    return given("gross", marked("Payment"), row.gross, "rupiah")


def _final_tax(row: Payment, before: int) -> Step:
    free = of_law("old_age_tax_free", row.day, unit="rupiah")
    earlier = given("earlier", marked("Paid before"), before, "rupiah")
    together = derived("together", marked("Paid so far"), "sum", earlier, _gross(row))
    above = derived("above", marked("Above what is free"), "over", together, free)
    above_before = derived("above_before", marked("Above what is free, before"), "over", earlier, free)
    taxed = derived("taxed", marked("Part of the payment that is taxed"), "difference", above, above_before)
    return derived("tax", marked("Final tax"), "product_rounded_down", taxed, of_law("old_age_tax_rate", row.day))


def _progressive_tax(row: Payment, before: int, numbered: bool) -> Step:
    earlier = given("earlier", marked("Paid before in the year"), before, "rupiah")
    together = derived("together", marked("Paid so far in the year"), "sum", earlier, _gross(row))
    parts = list(chain.from_iterable(_slices(row.day, earlier, together)))
    exact = derived("exact", marked("Tax by slices, not rounded"), "sum_of_products", *parts)
    factors = [exact]
    if not numbered:
        more = of_law("no_tax_number_surcharge", row.day)
        one = given("one", marked("All of it"), Fraction(1), "percent")
        factors.append(derived("more", marked("More without a tax number"), "sum", one, more, unit="percent"))
    return derived("tax", marked("Tax by the year's progressive rates"), "product_rounded_down", *factors)


def _slices(day: date, earlier: Step, together: Step) -> Iterable[tuple[Step, Step]]:
    """How much of a payment lies in each slice of the year's income, with the slice's rate."""
    table: Value = parameter("income_tax_brackets").at(day)
    lower = 0
    for key in table.content:
        upper = inputs.MOST_RUPIAH * len(table.content) if key == "above" else key
        ends = (
            given("from", marked("Slice from"), lower, "rupiah"),
            given("to", marked("Slice up to"), upper, "rupiah"),
        )
        within = derived("slice", marked("In the slice"), "part_between", earlier, together, *ends)
        lower = upper
        if within.value:
            yield within, of_law("income_tax_brackets", day, key)


def paid_until(complete_on: date, holidays: Iterable[date] = ()) -> date:
    """The last day on which a claim with complete and right documents is paid: so many working days after."""
    closed = {inputs.day(each) for each in holidays}
    day, left = inputs.day(complete_on), decision_days(complete_on)
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        left -= day.weekday() < 5 and day not in closed
    return day
