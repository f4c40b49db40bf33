"""The rule `contribution`, which asks other things of each segment."""

from collections.abc import Callable, Collection

from lumbung.law import construction, contributions, due_dates, inputs, migrant_workers, self_employed
from lumbung.law.rules.rule import Answer, Given, Rule, chosen, listed, money, needed


def _programmes(given: Given, known: Collection[str]) -> frozenset[str]:
    codes = listed(given, "programmes", "programme codes", sorted(known))
    return frozenset(inputs.choice(code, "programmes", known) for code in codes)


def _wage_worker(given: Given) -> Answer:
    owed = contributions.assess(
        wage=needed(given, "wage"),
        month=needed(given, "month"),
        programmes=_programmes(given, contributions.PROGRAMMES),
        **chosen(given, "risk_class", "labour_intensive", "relief_covid"),
    )
    return {key: getattr(owed, key) for key in _WAGE_WORKER.expect}


def _self_employed(given: Given) -> Answer:
    owed = self_employed.assess(
        income=needed(given, "income"),
        month=needed(given, "month"),
        programmes=_programmes(given, self_employed.PROGRAMMES),
        **chosen(given, "sector", "relief_covid", "paid_by_state"),
    )
    return {key: getattr(owed, key) for key in _SELF_EMPLOYED.expect}


def _construction(given: Given) -> Answer:
    owed = construction.assess(
        contract_value=needed(given, "contract_value"),
        month=needed(given, "month"),
        **chosen(given, "relief_covid"),
    )
    return {key: getattr(owed, key) for key in _CONSTRUCTION.expect}


def _migrant_worker(given: Given) -> Answer:
    owed = migrant_workers.assess(
        contract_months=needed(given, "contract_months"),
        month=needed(given, "month"),
        **chosen(given, "extension_months", "agency", "old_age"),
    )
    return {key: getattr(owed, key) for key in _MIGRANT_WORKER.expect}


def _no_segment(given: Given) -> Answer:
    """Only a case without a segment that exists comes here, and is refused."""
    return {"segment": inputs.choice(needed(given, "segment"), "segment", due_dates.SEGMENTS)}


def _rule(given: str, expect: str, answer: Callable[[Given], Answer]) -> Rule:
    return Rule(frozenset({"segment", *given.split()}), dict.fromkeys(expect.split(), money), answer)


_WAGE_WORKER = _rule(
    "wage month risk_class programmes labour_intensive relief_covid",
    "jht_employer jht_member jp_wage jp_employer jp_member jkk jkm employer_total member_total total",
    _wage_worker,
)
_SELF_EMPLOYED = _rule(
    "income month programmes sector relief_covid paid_by_state", "base jkk jkm jht total", _self_employed
)
_CONSTRUCTION = _rule("contract_value month relief_covid", "jkk jkm total", _construction)
_MIGRANT_WORKER = _rule(
    "contract_months extension_months agency month old_age",
    "before_departure during_and_after extension total",
    _migrant_worker,
)
_SEGMENTS = dict(
    zip(due_dates.SEGMENTS, (_WAGE_WORKER, _SELF_EMPLOYED, _CONSTRUCTION, _MIGRANT_WORKER), strict=True)
)

RULES = {
    "contribution": Rule(
        frozenset().union(*(rule.given for rule in _SEGMENTS.values())),
        {key: money for rule in _SEGMENTS.values() for key in rule.expect},
        _no_segment,
        by_segment=_SEGMENTS,
    )
}
