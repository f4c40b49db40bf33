"""What a phone is told that may ask for a member number: one answer a word, each from one to four statements."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby

from lumbung.contributions.gaps import queries as months
from lumbung.contributions.gaps.facts import State, Verdict, Who
from lumbung.law.month import Month
from lumbung.ledger import queries as books
from lumbung.registry.models import MemberNumber
from lumbung.sms import answers
from lumbung.sms.answers import MonthSaid
from lumbung.sms.commands import What
from lumbung.standing.queries import standing

SAID_MONTHS = 3
LOOK_BACK = 12
NEWEST_GAPS = 2
# Nothing could have been done about these yet.
TOO_EARLY = frozenset({State.NOT_DUE, State.NOT_KNOWN})

Told = Callable[[MemberNumber, date, str], str]


def balance(member: MemberNumber, today: date, language: str) -> str:
    """The balance of the number, and of all numbers of its person together."""
    return answers.balance(
        number=member.number,
        amount=books.balance(member.number, today).old_age_balance,
        day=today,
        total=_total(member, today),
        language=language,
    )


def _total(member: MemberNumber, today: date) -> answers.Total | None:
    """The sum over all numbers of the member's person, when there are several."""
    numbers = list(member.person.member_numbers.values_list("number", flat=True))
    if len(numbers) == 1:
        return None
    return answers.Total(len(numbers), sum(books.balance(number, today).old_age_balance for number in numbers))


def status(member: MemberNumber, today: date, language: str) -> str:
    """Whether the person is covered today."""
    found = standing(member.person, today=today).status
    return answers.status(number=member.number, found=found, language=language)


def contributions(member: MemberNumber, today: date, language: str) -> str:
    """The last three months that were due or paid."""
    now = Month.of(today)
    judged = months.verdicts([member.number], first=now - LOOK_BACK, last=now, today=today)
    told = [one for one in judged if one.state not in TOO_EARLY]
    said = [_together(list(one)) for _, one in groupby(told, key=lambda verdict: verdict.month)]
    return answers.contributions(number=member.number, months=said[:SAID_MONTHS], language=language)


def _together(of_month: Sequence[Verdict]) -> MonthSaid:
    """A month with all who pay for it: the wages together, and the worst that is true of it."""
    worst = next((one for one in of_month if one.is_problem), of_month[0])
    wages = [one.wage for one in of_month if one.wage is not None]
    return MonthSaid(worst.month, worst.state, sum(wages) if wages else None)


def gaps(member: MemberNumber, today: date, language: str) -> str:
    """The months that are not in order."""
    found = months.attention([member.number], today=today, most=NEWEST_GAPS)
    who = tuple(dict.fromkeys(one.who for one in found.newest if one.who is not Who.NOBODY))
    return answers.gaps(
        number=member.number,
        count=found.count,
        newest=[MonthSaid(one.month, one.state) for one in found.newest],
        who=who,
        since=found.since,
        language=language,
    )


def card(member: MemberNumber, today: date, language: str) -> str:
    """What a card would say today."""
    found = standing(member.person, today=today).status
    return answers.card(number=member.number, found=found, day=today, language=language)


def claim(member: MemberNumber, today: date, language: str) -> str:
    """How far a claim is: there is none before the fund takes claims here."""
    return answers.no_claim(number=member.number, language=language)


TOLD: Mapping[What, Told] = {
    What.BALANCE: balance,
    What.STATUS: status,
    What.CONTRIBUTIONS: contributions,
    What.GAPS: gaps,
    What.CARD: card,
    What.CLAIM: claim,
}
