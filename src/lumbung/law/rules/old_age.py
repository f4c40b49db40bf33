"""The rules on claiming old-age savings: `old_age_claim`, `old_age_tax`."""

from decimal import Decimal

from lumbung.law import old_age
from lumbung.law.rules.rule import (
    Answer,
    Given,
    Rule,
    chosen,
    day,
    flag,
    in_any_order,
    list_of,
    money,
    needed,
    one_of,
    or_none,
    percent,
    rows,
)


def _old_age_claim(given: Given) -> Answer:
    claim = old_age.claim(
        cause=needed(given, "cause"),
        day=needed(given, "day"),
        **chosen(given, "happened_on", "born", "member_since", "already_withdrawn_in_part", "active"),
    )
    return {
        "payable_percent": Decimal(claim.payable_percent),
        "payable_from": claim.payable_from,
        "problems": tuple(sorted(claim.problems)),
    }


def _old_age_tax(given: Given) -> Answer:
    payments = [old_age.Payment(row["day"], row["gross"]) for row in rows(given, "payments", "day", "gross")]
    owed = old_age.tax(payments=payments, **chosen(given, "tax_number"))
    return {"tax": owed.tax, "final": owed.final}


RULES = {
    "old_age_claim": Rule(
        frozenset({"cause", "happened_on", "born", "member_since", "day", "already_withdrawn_in_part", "active"}),
        {
            "payable_percent": percent,
            "payable_from": or_none(day),
            "problems": in_any_order(one_of(old_age.PROBLEMS)),
        },
        _old_age_claim,
    ),
    "old_age_tax": Rule(
        frozenset({"payments", "tax_number"}), {"tax": list_of(money), "final": list_of(flag)}, _old_age_tax
    ),
}
