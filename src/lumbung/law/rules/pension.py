"""The rules of the pension programme, from the cap on wages to the survivors."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lumbung.law import errors, inputs, pension
from lumbung.law.rules.rule import (
    Answer,
    Given,
    Rule,
    chosen,
    count,
    day,
    list_of,
    money,
    month,
    needed,
    one_of,
    or_none,
    percent,
    rows,
)


def _pension_wage_cap(given: Given) -> Answer:
    return {"cap": pension.wage_cap(inputs.day(needed(given, "day")))}


def _pension_age(given: Given) -> Answer:
    when = pension.age(needed(given, "born"))
    return {key: getattr(when, key) for key in RULES["pension_age"].expect}


def _pension_bounds(given: Given) -> Answer:
    bounds = pension.bounds(needed(given, "day"))
    return {"minimum": bounds.minimum, "maximum": bounds.maximum}


def _pension(given: Given) -> Answer:
    columns = ("year", "months", "wage", "cap")
    benefit = pension.benefit(
        years=[
            pension.PensionYear(*(row[column] for column in columns)) for row in rows(given, "years", *columns)
        ],
        inflation=_by_year(needed(given, "inflation")),
        retires=needed(given, "retires"),
        **chosen(given, "day"),
    )
    return {
        "indices": tuple(_percent(index) for index in benefit.indices),
        "weighted": benefit.weighted,
        "average": inputs.half_up(benefit.average),
        "monthly": benefit.monthly,
        "payable": benefit.payable,
    }


def _by_year(rates: Any) -> Mapping[int, Any]:
    if not isinstance(rates, dict):
        raise errors.BadList(what="inflation", choices="percentages by year")
    return {inputs.year(year, "year"): rate for year, rate in rates.items()}


def _percent(share: Fraction) -> Decimal:
    return Decimal(inputs.half_up(share * 10_000)).scaleb(-2)


def _index(written: Any) -> Decimal:
    """An expected index in percent, compared at the two places at which the official table shows it."""
    return _percent(Fraction(percent(written)) / 100)


def _pension_kind(given: Given) -> Answer:
    kind = pension.kind(
        cause=needed(given, "cause"),
        months_paid=needed(given, "months_paid"),
        **chosen(given, "months_since_enrolment"),
    )
    return {"kind": kind.kind, "months_counted": kind.months_counted}


def _survivor_pension(given: Given) -> Answer:
    share = pension.survivor(
        benefit=needed(given, "benefit"), heir=needed(given, "heir"), **chosen(given, "children")
    )
    return {"monthly": share.monthly}


RULES = {
    "pension_wage_cap": Rule(frozenset({"day"}), {"cap": money}, _pension_wage_cap),
    "pension_age": Rule(
        frozenset({"born"}),
        {"age": count, "reached_on": day, "right_from": day, "last_enrolment_month": month},
        _pension_age,
    ),
    "pension_bounds": Rule(frozenset({"day"}), {"minimum": money, "maximum": money}, _pension_bounds),
    "pension": Rule(
        frozenset({"years", "inflation", "retires", "day"}),
        {
            "indices": list_of(_index),
            "weighted": list_of(money),
            "average": money,
            "monthly": money,
            "payable": or_none(money),
        },
        _pension,
    ),
    "pension_kind": Rule(
        frozenset({"cause", "months_paid", "months_since_enrolment"}),
        {"kind": one_of(("periodic", "lump_sum")), "months_counted": count},
        _pension_kind,
    ),
    "survivor_pension": Rule(frozenset({"benefit", "heir", "children"}), {"monthly": money}, _survivor_pension),
}
