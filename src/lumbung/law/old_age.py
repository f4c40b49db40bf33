"""Old-age savings (JHT): who may claim how much from when, with which documents, and with what tax."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import chain

from lumbung.errors import marked
from lumbung.law import inputs
from lumbung.law.derivation import Answer, Step, derived, given, of_law
from lumbung.law.errors import MissingInput
from lumbung.law.parameter import parameter

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
_NEEDS_DAY = frozenset({"resigned", "dismissed", "contract_ended", "total_disability", "death"})
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

    `problems` are keys of PROBLEMS, all that hold; `waiting` is no bar. `payable_from` is None when something bars
    the claim. `start` is the day from which it is paid once nothing else bars it.
    """

    payable_percent: int
    payable_from: date | None
    problems: tuple[str, ...]
    derivation: Step
    start: Step


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

    `happened_on` is the day of the cause. Left out, it is the birthday for `age`, the day of the claim for
    `left_indonesia` and the two partial causes; the others need it. `born` is needed for `age`, `member_since` for
    the partial causes, which may be claimed while active, once, after ten years.
    """
    inputs.choice(cause, "cause", CAUSES)
    asked = given("day", marked("Day of the claim"), inputs.day(day), "day")
    is_active = inputs.flag(active, "active")
    taken = inputs.flag(already_withdrawn_in_part, "already_withdrawn_in_part")
    starts = _event(cause, happened_on, asked)
    facts = []
    if cause in PARTIAL:
        starts.append(_long_a_member(member_since, asked))
        facts.append(_reached("member_less_than_ten_years", marked("Member for ten years"), starts[-1], asked))
        facts.append(_not("already_withdrawn_in_part", marked("No part taken before"), taken))
    else:
        facts.append(_not("still_active", marked("Membership ended"), is_active))
    if cause == "age":
        starts.append(_reached_age(born, asked))
        facts.append(_reached("below_age", marked("Age reached"), starts[-1], asked))
    barred = tuple(fact.name for fact in facts if not fact.value)
    allowed = derived("allowed", marked("Nothing bars the claim"), "all_of", *facts, unit="yes_or_no")
    share = of_law("old_age_claim_share", _on(asked), cause)
    percent = derived("payable_percent", marked("Share of the balance paid"), "if_so", allowed, share,
                      given("nothing", marked("Nothing"), Fraction(0), "percent"), unit="percent")  # fmt: skip
    start = _payable_from(cause, _on(asked), starts)
    return Claim(
        payable_percent=int(_share(percent.value) * 100),
        payable_from=None if barred else _on(start),
        problems=(*_waiting(barred, asked, start), *barred),
        derivation=percent,
        start=start,
    )


def _share(value: Answer) -> Fraction:
    assert isinstance(value, (int, Fraction))
    return Fraction(value)


def _on(step: Step) -> date:
    assert isinstance(step.value, date)
    return step.value


def _event(cause: str, happened_on: date | None, asked: Step) -> list[Step]:
    """The day of the cause, if there is one. Who leaves Indonesia may claim before and after leaving."""
    if happened_on is None:
        if cause in _NEEDS_DAY:
            raise MissingInput(what="happened_on")
        return [] if cause == "age" else [asked]
    event = given("happened_on", marked("Day of the cause"), inputs.day(happened_on), "day")
    if cause == "left_indonesia":
        return [derived("leaving", marked("Day of leaving, or of a claim before it"), "smallest", event, asked,
                        unit="day")]  # fmt: skip
    return [event]


def _waiting(barred: Sequence[str], asked: Step, start: Step) -> tuple[str, ...]:
    """Whether there is a wait, told also beside other problems; an age or time not reached is no wait."""
    too_early = {"below_age", "member_less_than_ten_years"} & set(barred)
    return ("waiting",) if not too_early and _on(asked) < _on(start) else ()


def _not(problem: str, label: str, is_so: bool) -> Step:
    return given(problem, label, not is_so, "yes_or_no")


def _reached(problem: str, label: str, start: Step, asked: Step) -> Step:
    return derived(problem, label, "at_least", asked, start, unit="yes_or_no")


def _reached_age(born: date | None, asked: Step) -> Step:
    if born is None:
        raise MissingInput(what="born")
    birth = given("born", marked("Born on"), inputs.day(born), "day")
    age = of_law("old_age_claim_age", _on(asked), unit="years")
    return derived("of_age_on", marked("Day on which the age is reached"), "birthday", birth, age, unit="day")


def _long_a_member(since: date | None, asked: Step) -> Step:
    if since is None:
        raise MissingInput(what="member_since")
    start = given("member_since", marked("Member since"), inputs.day(since), "day")
    years = of_law("old_age_partial_years", _on(asked), unit="years")
    twelve = given("twelve", marked("Months of a year"), 12, "months")
    months = derived(
        "months", marked("Months of membership needed"), "whole_product", years, twelve, unit="months"
    )
    return derived("ten_years_on", marked("Ten years of membership on"), "months_after", start, months, unit="day")


def _payable_from(cause: str, on: date, starts: Sequence[Step]) -> Step:
    """The day from which a cause is paid: total disability from the 1st of the month after, others by months."""
    latest = derived("latest", marked("Latest of the days needed"), "largest", *starts, unit="day")
    if cause == "total_disability":
        return derived("payable_from", marked("Paid from"), "first_of_next_month", latest, unit="day")
    wait = of_law("old_age_claim_wait", on, cause, unit="months")
    return derived("payable_from", marked("Paid from"), "months_after", latest, wait, unit="day")


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
    """The tax on each payment, in rupiah, whether it is final, and how each came about; as they were given."""

    tax: tuple[int, ...]
    final: tuple[bool, ...]
    derivations: tuple[Step, ...]


def tax(*, payments: Iterable[Payment], tax_number: bool = True) -> Tax:
    """Income tax on payments of old-age savings, counted by their days (PP 68/2009, PMK 16/PMK.03/2010).

    Final in the calendar year of the first payment and the one after: nothing up to 50 million together, 5 %
    above. Later payments: the progressive rates of that year on what that year has paid so far, a fifth more
    without a tax number. Each payment's tax is rounded down to whole rupiah.
    """
    rows = [Payment(inputs.day(each.day), inputs.rupiah(each.gross, "gross")) for each in payments]
    numbered = inputs.flag(tax_number, "tax_number")
    if not rows:
        raise MissingInput(what="payments")
    first = min(row.day for row in rows)
    last_final = first.year + parameter("old_age_final_years").at(first).whole() - 1
    paid = 0
    paid_in: Counter[int] = Counter()
    steps: dict[int, Step] = {}
    for place, row in sorted(enumerate(rows), key=lambda each: each[1].day):
        if row.day.year <= last_final:
            steps[place] = _final_tax(row, paid)
        else:
            steps[place] = _progressive_tax(row, paid_in[row.day.year], numbered)
        paid += row.gross
        paid_in[row.day.year] += row.gross
    taxes = tuple(steps[place] for place in range(len(rows)))
    return Tax(tuple(step.whole for step in taxes), tuple(row.day.year <= last_final for row in rows), taxes)


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
    lower = 0
    for key in parameter("income_tax_brackets").at(day).content:
        upper = max(lower, together.whole) if key == "above" else key
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
