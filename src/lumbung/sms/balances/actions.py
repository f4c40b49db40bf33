"""Answer SALDO of many phones in one transaction: those texts that nothing else concerns, which are nearly all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from lumbung.messaging import actions as carrying
from lumbung.messaging import queries as texts
from lumbung.messaging.models import InboundText
from lumbung.sms import commands
from lumbung.sms.balances import queries
from lumbung.sms.commands import What
from lumbung.sms.senders import phone_of

# A phone that said anything else in this time, or was told more than so much in a day, is looked at by itself: its
# text may be a repetition, come before another one, or be one too many.
ALONE_FOR = timedelta(seconds=120)
FEW_ANSWERS = 5
FUND_TIME = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A text that asks for the balance of a number, in the language of its word or None."""

    text: InboundText
    phone: str
    number: str
    language: str | None


@transaction.atomic
def answer_plain(inbound_ids: Sequence[int], *, now: datetime) -> tuple[set[int], set[int]]:
    """Answer those of the texts that plainly ask for a balance which their phones may know.

    The answers are in the outbox then, the same as if each had been answered by itself. Returns which ones, and
    which are left, for they are not plain. In neither are those that somebody else is at or has answered.
    """
    held = carrying.hold_texts(inbound_ids)
    asked = _plain(held, now)
    members = queries.may_ask({(one.phone, one.number) for one in asked})
    answered = [one for one in asked if (one.phone, one.number) in members]
    facts = []
    for one in answered:
        member = members[one.phone, one.number]
        day = one.text.received_at.astimezone(FUND_TIME).date()
        facts.append((member, day, one.language or member.person.language))
    said = zip([one.text for one in answered], queries.words(facts), strict=True)
    carrying.close_set(list(said), outcome=What.BALANCE, now=now)
    done = {one.text.pk for one in answered}
    return done, {text.pk for text in held} - done


def _plain(held: Sequence[InboundText], now: datetime) -> list[Asked]:
    """The texts that are SALDO with a number and the only thing that their phones said lately."""
    asked = [one for text in held if (one := _asked(text)) is not None]
    busy = texts.busy_senders([one.text for one in asked], within=ALONE_FOR, most=FEW_ANSWERS, now=now)
    return [one for one in asked if bytes(one.text.sender_index) not in busy]


def _asked(text: InboundText) -> Asked | None:
    phone, command = phone_of(text.sender), commands.parse(text.body or "")
    if phone is None or not isinstance(command, commands.Ask):
        return None
    if command.what is not What.BALANCE or command.number is None:
        return None
    return Asked(text, phone, command.number, command.language)
