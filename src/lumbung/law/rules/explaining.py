"""How each rule of the cases is explained: from what a case is given to the derivation of its answer."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lumbung.errors import marked
from lumbung.law import (
    accident,
    contributions,
    death,
    due_dates,
    explanations,
    inputs,
    job_loss_benefit,
    old_age,
    pension,
    self_employed,
)
from lumbung.law.derivation import Step, derived, given, of_law
from lumbung.law.errors import BadInput
from lumbung.law.explanations import answer
from lumbung.law.rules import RULES
from lumbung.law.rules.contributions import _programmes
from lumbung.law.rules.development import _amounts
from lumbung.law.rules.pension import _by_year
from lumbung.law.rules.rule import Given, Malformed, chosen, listed, needed, rows

Explain = Callable[[Given], Step]


class BadGiven(BadInput):
    """Facts that can't be read as those of a rule."""

    sentence = marked("What is given can't be read: {reason}")


def explain(rule: str, facts: Given) -> Step:
    """The derivation of a rule's answer from the keys that a case is given. Refuses what the rule refuses."""
    name = inputs.choice(rule, "RULE", RULES)
    known = RULES[name].of(facts).given
    for key in facts:
        inputs.choice(key, f"a key of {name}", known)
    try:
        return EXPLAINED[name]({key: value for key, value in facts.items() if value is not None})
    except Malformed as problem:
        raise BadGiven(reason=problem) from problem


def _contribution(facts: Given) -> Step:
    segment = inputs.choice(needed(facts, "segment"), "segment", due_dates.SEGMENTS)
    return _SEGMENTS[segment](facts)


def _wage_worker(facts: Given) -> Step:
    return explanations.contribution(
        wage=needed(facts, "wage"),
        month=inputs.month(needed(facts, "month")),
        programmes=_programmes(facts, contributions.PROGRAMMES),
        **chosen(facts, "risk_class", "labour_intensive", "relief_covid"),
    )


def _self_employed(facts: Given) -> Step:
    return explanations.self_employed_contribution(
        income=needed(facts, "income"),
        month=needed(facts, "month"),
        programmes=_programmes(facts, self_employed.PROGRAMMES),
        **chosen(facts, "sector", "relief_covid", "paid_by_state"),
    )


def _construction(facts: Given) -> Step:
    return explanations.construction_contribution(
        contract_value=needed(facts, "contract_value"),
        month=needed(facts, "month"),
        **chosen(facts, "relief_covid"),
    )


def _migrant_worker(facts: Given) -> Step:
    return explanations.migrant_contribution(
        contract_months=needed(facts, "contract_months"),
        month=needed(facts, "month"),
        **chosen(facts, "extension_months", "agency", "old_age"),
    )


_SEGMENTS: Mapping[str, Explain] = dict(
    zip(due_dates.SEGMENTS, (_wage_worker, _self_employed, _construction, _migrant_worker), strict=True)
)


def _due_date(facts: Given) -> Step:
    return explanations.due_date(
        needed(facts, "segment"),
        inputs.month(needed(facts, "month")),
        holidays=listed(facts, "holidays", "days"),
        **chosen(facts, "relief_covid"),
    )


def _late_fine(facts: Given) -> Step:
    return explanations.late_fine(
        segment=needed(facts, "segment"),
        month=inputs.month(needed(facts, "month")),
        owed=needed(facts, "owed"),
        paid_on=needed(facts, "paid_on"),
        holidays=listed(facts, "holidays", "days"),
        **chosen(facts, "relief_covid"),
    )


def _development(facts: Given) -> Step:
    return explanations.closing_balance(
        opening=needed(facts, "opening"),
        rate=needed(facts, "rate"),
        contributions=list(_amounts(listed(facts, "contributions", "months with amounts"))),
        until=inputs.month(facts["until"]) if "until" in facts else None,
    )


def _development_plan(facts: Given) -> Step:
    return explanations.plan_of_development(
        wage=needed(facts, "wage"),
        years=needed(facts, "years"),
        rate=needed(facts, "rate"),
        **chosen(facts, "opening", "idle_years", "convention"),
    )


def _pension_wage_cap(facts: Given) -> Step:
    return of_law("pension_wage_cap", inputs.day(needed(facts, "day")), unit="rupiah", step_name="cap")


def _pension_bounds(facts: Given) -> Step:
    day = inputs.day(needed(facts, "day"))
    smallest = of_law("pension_minimum", day, unit="rupiah", step_name="minimum")
    return answer(smallest, of_law("pension_maximum", day, unit="rupiah", step_name="maximum"))


def _pension_age(facts: Given) -> Step:
    when = pension.age(needed(facts, "born"))
    reached = when.derivation.find("reached_on")
    last = derived(
        "last_enrolment_month", marked("Last month of enrolment"), "month_before", reached, unit="month"
    )
    return answer(when.derivation, last)


def _pension(facts: Given) -> Step:
    columns = ("year", "months", "wage", "cap")
    return pension.benefit(
        years=[
            pension.PensionYear(*(row[column] for column in columns)) for row in rows(facts, "years", *columns)
        ],
        inflation=_by_year(needed(facts, "inflation")),
        retires=needed(facts, "retires"),
        **chosen(facts, "day"),
    ).derivation


def _pension_kind(facts: Given) -> Step:
    months = pension.kind(
        cause=needed(facts, "cause"),
        months_paid=needed(facts, "months_paid"),
        **chosen(facts, "months_since_enrolment"),
    ).derivation
    periodic = given("every_month", marked("When it is paid every month"), "periodic", "words")
    in_one = given("in_one_sum", marked("When it is paid in one sum"), "lump_sum", "words")
    kind = derived("kind", marked("How it is paid"), "if_so", months.find("periodic"), periodic, in_one,
                   unit="words")  # fmt: skip
    return answer(kind, months)


def _survivor_pension(facts: Given) -> Step:
    return pension.survivor(
        benefit=needed(facts, "benefit"), heir=needed(facts, "heir"), **chosen(facts, "children")
    ).derivation


def _accident(facts: Given) -> Step:
    return accident.accident(
        kind=needed(facts, "kind"),
        wage=needed(facts, "wage"),
        day=needed(facts, "day"),
        **chosen(facts, "table_percent", "loss_percent", "months_off"),
    ).derivation


def _death(facts: Given) -> Step:
    return death.death(needed(facts, "day")).derivation


def _scholarship(facts: Given) -> Step:
    return death.scholarship(children=needed(facts, "children"), day=needed(facts, "day")).derivation


def _job_loss(facts: Given) -> Step:
    paid = job_loss_benefit.job_loss(
        wage=needed(facts, "wage"),
        dismissed_on=needed(facts, "dismissed_on"),
        **chosen(facts, "months", "first_paid_on"),
    )
    left_on = given("dismissed_on", marked("Dismissed on"), inputs.day(facts["dismissed_on"]), "day")
    window = of_law("job_loss_claim_months", _date(left_on), unit="months")
    claim_by = derived("claim_by", marked("Last day to ask for it"), "months_after", left_on, window, unit="day")
    return answer(paid.derivation, claim_by)


def _job_loss_funding(facts: Given) -> Step:
    return explanations.job_loss_funding(day=needed(facts, "day"), risk_class=needed(facts, "risk_class"))


def _old_age_claim(facts: Given) -> Step:
    found = old_age.claim(
        cause=needed(facts, "cause"),
        day=needed(facts, "day"),
        **chosen(facts, "happened_on", "born", "member_since", "already_withdrawn_in_part", "active"),
    )
    allowed = found.derivation.find("allowed")
    none = given("no_day", marked("No day"), None, "day")
    label = marked("Paid from, when nothing bars the claim")
    start = derived("payable_from", label, "if_so", allowed, found.start, none, unit="day")
    asked = given("day", marked("Day of the claim"), inputs.day(facts["day"]), "day")
    waits = derived("waiting", marked("The claim comes before that day"), "before", asked, found.start,
                    unit="yes_or_no")  # fmt: skip
    return answer(found.derivation, start, waits)


def _old_age_tax(facts: Given) -> Step:
    payments = [old_age.Payment(row["day"], row["gross"]) for row in rows(facts, "payments", "day", "gross")]
    taxes = old_age.tax(payments=payments, **chosen(facts, "tax_number")).derivations
    return derived("total", marked("Together"), "sum", *taxes)


def _date(step: Step) -> Any:
    assert isinstance(step.value, date)
    return step.value


EXPLAINED: Mapping[str, Explain] = {
    "contribution": _contribution,
    "due_date": _due_date,
    "late_fine": _late_fine,
    "development": _development,
    "development_plan": _development_plan,
    "pension_wage_cap": _pension_wage_cap,
    "pension_bounds": _pension_bounds,
    "pension_age": _pension_age,
    "pension": _pension,
    "pension_kind": _pension_kind,
    "survivor_pension": _survivor_pension,
    "accident": _accident,
    "death": _death,
    "scholarship": _scholarship,
    "job_loss": _job_loss,
    "job_loss_funding": _job_loss_funding,
    "old_age_claim": _old_age_claim,
    "old_age_tax": _old_age_tax,
}
