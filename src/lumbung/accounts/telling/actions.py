"""Tell members what happened, note how they want to be told, and let another way stand in for one that failed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from procrastinate.contrib.django import app

from lumbung.accounts.contacts import letters
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.inbox.actions import Notice
from lumbung.accounts.models import Message, NoticeChoice, NoticeTimes, User
from lumbung.accounts.telling import queries, words
from lumbung.accounts.telling.facts import Fact, said
from lumbung.accounts.telling.kinds import CHOSEN, KINDS, Channel, Kind
from lumbung.accounts.telling.queries import Choice, Reach
from lumbung.messaging import actions as messaging

QUEUE = "notices"
# What could not be brought for so long is not brought by another way any more: it stands in the inbox.
STALE_AFTER = timedelta(days=4)
# More than so many at once are left to the outboxes' look around each minute: a job for each would be a flood.
FEW, A_MOMENT = 5, timedelta(seconds=1)


def tell(user: User | None, word: str, *, now: datetime, cause: str, **facts: Fact) -> None:
    """Tell a member of something that happened, once, however often it is told: in the inbox, and as he chose.

    `word` is one of words.WORDS. `cause` names what happened without a personal value. Whoever has no inbox
    (another kind of user, nobody) is told nothing. Called in the transaction of what happened.
    """
    if user is not None and tell_all([Notice(user.pk, word, cause, facts)], now=now):
        user.refresh_from_db(fields=["unread"])


@transaction.atomic
def tell_all(notices: Sequence[Notice], *, now: datetime) -> int:
    """The same for many at once; how many had not been told before.

    What is read takes a number of statements that does not grow with them; each text, mail and push is sent by
    itself, so a caller who has thousands takes some hundred at a time.
    """
    users = _hold({notice.user_id for notice in notices})
    fresh = inbox.put([notice for notice in notices if notice.user_id in users], now=now)
    if fresh:
        readers = _readers([users[key] for key in {message.user_id for message in fresh}])
        earliest = now if len(fresh) <= FEW else now + A_MOMENT
        for message in fresh:
            _send(message, readers[message.user_id], now, earliest)
    return len(fresh)


def _hold(keys: Iterable[int]) -> dict[int, User]:
    """Those of the users who are members with an account that works, locked in the order of their keys."""
    held = User.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    members = held.filter(pk__in=list(keys), kind=User.Kind.MEMBER, is_active=True, is_confirmed=True)
    return {user.pk: user for user in members.order_by("pk")}


@dataclass(frozen=True, slots=True, repr=False)
class Reader:
    """A member, what he chose, and where he is reached."""

    user: User
    choice: Choice
    reach: Reach


def _readers(users: Sequence[User]) -> dict[int, Reader]:
    reach, choices = queries.reach(users), queries.choices([user.pk for user in users])
    return {user.pk: Reader(user, choices[user.pk], reach[user.pk]) for user in users}


def _send(message: Message, reader: Reader, now: datetime, earliest: datetime) -> None:
    """By all of the chosen ways that lead anywhere; when none does, by the first that may stand in for them."""
    kind, reached = _kind(message), reader.reach.channels
    chosen = reader.choice.channels(kind) & kind.brought
    there = [channel for channel in Channel if channel in chosen & reached]
    if chosen and not there and reader.choice.stands_in:
        there = [channel for channel in Channel if channel in kind.stand_ins & reached][:1]
    for channel in there:
        _bring(channel, message, reader, now, earliest)


def _bring(channel: Channel, message: Message, reader: Reader, now: datetime, earliest: datetime) -> None:
    """Put the message into one outbox, in the member's language, to go out when his quiet hours are over."""
    version, cause = words.of(message.word, message.version), queries.name(message.pk)
    user, choice, reach = reader.user, reader.choice, reader.reach
    starts = choice.not_before(_kind(message), earliest) or earliest
    when: dict[str, Any] = {"now": now, "not_before": starts, "falls_back": choice.stands_in}
    if channel is Channel.PUSH:
        payload = json.dumps({"say": "news", "in": user.language})  # which tells nothing
        for device in reach.devices:
            messaging.send_push(device.address, payload, cause=queries.name(message.pk, device.pk), **when)
    elif channel is Channel.SMS:
        messaging.send(to=reach.phone, body=text(version, message.facts, user.language), cause=cause, **when)
    else:
        subject, body = mail(version, message.facts, user.language)
        messaging.send_mail(
            to=reach.email, subject=subject, body=body, language=user.language, cause=cause, **when
        )


def text(version: words.Words, facts: str, language: str) -> str:
    """The words of an SMS, from facts as they are kept."""
    with override(language):
        return gettext(version.sms).format(**said(facts, short=True))


def mail(version: words.Words, facts: str, language: str) -> tuple[str, str]:
    """Subject and plain text of a mail, from facts as they are kept."""
    with override(language):
        told = said(facts)
        body = gettext(version.by_mail).format(**told)
        return gettext(version.title).format(**told), f"{body}\n\n{gettext(letters.FOOT)}\n"


def _kind(message: Message) -> Kind:
    return KINDS[words.WORDS[message.word].kind]


@app.task(name="lumbung.accounts.telling.actions.fall_back", queue=QUEUE)
def fall_back(channel: str, outbox_id: int) -> None:
    """The queue's door, when an outbox gave something up: another way may stand in."""
    stand_in(Channel(channel), outbox_id, now=timezone.now())


@transaction.atomic
def stand_in(channel: Channel, outbox_id: int, *, now: datetime) -> Channel | None:
    """Let the next way bring a notice that the others could not; the way that does, if any.

    Only when nothing that was sent for it may still arrive, and each way once, so it comes to an end.
    """
    key = queries.message_behind(channel, outbox_id)
    message = Message.objects.filter(pk=key, made_at__gt=now - STALE_AFTER).first() if key else None
    user = _hold([message.user_id]).get(message.user_id) if message is not None else None
    if message is None or user is None:
        return None
    reader, kind, tried = _readers([user])[user.pk], _kind(message), queries.tried(message.pk)
    if not reader.choice.stands_in or any(tried.values()):
        return None
    left = ((kind.stand_ins | reader.choice.channels(kind) & kind.brought) & reader.reach.channels) - tried.keys()
    following = next((each for each in Channel if each in left), None)
    if following is not None:
        _bring(following, message, reader, now, now)
    return following


@transaction.atomic
def choose(
    user: User,
    wanted: Mapping[str, Iterable[Channel]],
    *,
    is_quiet: bool,
    quiet_from: time,
    quiet_until: time,
    stands_in: bool,
) -> None:
    """Note how a member wants to be told: the ways of each kind that can be chosen, and when not."""
    rows = [
        NoticeChoice(user=user, kind=kind.code, **{str(c): c in set(wanted[kind.code]) for c in Channel})
        for kind in CHOSEN
    ]
    NoticeChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=[str(channel) for channel in Channel],
    )
    times = {
        "is_quiet": is_quiet,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "stands_in": stands_in,
    }
    NoticeTimes.objects.update_or_create(user=user, defaults=times)
