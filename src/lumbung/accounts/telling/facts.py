"""The facts of a message: how they are kept, and how a reader sees them in the language in force."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.utils.translation import get_language

from lumbung import masking, wording
from lumbung.accounts.sessions import devices
from lumbung.messaging.gsm import BASIC, unlinked

Fact = str | int | date | datetime
INSTANTS, DAYS, MONEY, MONTHS = {"at", "until"}, {"due"}, {"amount", "wage", "usual"}, {"month"}
# So long may a name be in an SMS.
LONGEST_NAME = 25
# What stands in each language, one fact a language: `headline` is `headline_id` or `headline_en`.
IN_BOTH = ("headline",)


def kept(facts: Mapping[str, Fact]) -> str:
    """The facts as they are kept, to be sealed."""
    said = {name: fact.isoformat() if isinstance(fact, date) else str(fact) for name, fact in facts.items()}
    return json.dumps(said)


def said(text: str, *, short: bool = False) -> dict[str, str]:
    """The kept facts as their reader knows them; `short` for an SMS, which has little room, and GSM-7 only."""
    facts: dict[str, str] = json.loads(text)
    for name in IN_BOTH:
        if f"{name}_id" in facts:
            facts[name] = facts[f"{name}_en" if get_language() == "en" else f"{name}_id"]
    return {name: _said(name, fact, short=short) for name, fact in facts.items()}


def _said(name: str, fact: str, *, short: bool) -> str:
    write = (SHORT if short else AT_LENGTH).get(name)
    return fact if write is None else write(fact)


def _money(fact: str) -> str:
    return wording.rupiah(int(fact))


def _in_gsm(name: str) -> str:
    """A name as an SMS can carry it: what the alphabet lacks is a blank, and what is too long ends with a dot."""
    plain = unlinked("".join(sign if sign in BASIC else " " for sign in name))
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1].rstrip() + "."


# How each fact is written; what stands in neither is written as it is.
AT_LENGTH: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(INSTANTS, lambda fact: wording.clock(datetime.fromisoformat(fact))),
    **dict.fromkeys(DAYS, lambda fact: wording.day_name(date.fromisoformat(fact))),
    **dict.fromkeys(MONTHS, lambda fact: wording.month_name(date.fromisoformat(fact))),
    **dict.fromkeys(MONEY, _money),
    "rate": wording.percent,
    "number": masking.masked,
    "device": devices.words,
}
SHORT: Mapping[str, Callable[[str], str]] = {
    **AT_LENGTH,
    **dict.fromkeys(INSTANTS, lambda fact: wording.clock_short(datetime.fromisoformat(fact))),
    **dict.fromkeys(DAYS, lambda fact: wording.day_short(date.fromisoformat(fact))),
    **dict.fromkeys(MONTHS, lambda fact: wording.month_short(date.fromisoformat(fact))),
    **dict.fromkeys(MONEY, lambda fact: _money(fact).replace("\N{MINUS SIGN}", "-")),
    "number": lambda fact: masking.masked(fact, filler="x"),
    "device": lambda fact: _in_gsm(devices.words(fact)),
    "employer": _in_gsm,
}
