"""Tell members what happened, note how they want to be told, and let another way stand in for one that failed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from procrastinate.contrib.django import app

from lumbung.accounts.actions import note_access
from lumbung.accounts.contacts import letters
from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.inbox.actions import Notice
from lumbung.accounts.models import Message, NoticeChoice, NoticeTimes, User
from lumbung.accounts.telling import queries, stopping, words
from lumbung.accounts.telling.facts import Fact, said
from lumbung.accounts.telling.kinds import CHOSEN, KINDS, Channel, Kind
from lumbung.accounts.telling.queries import Choice, Reach
from lumbung.messaging import actions as messaging
from lumbung.messaging.actions import Text
from lumbung.messaging.mail.actions import Mail, send_mails
from lumbung.messaging.outbox.actions import Terms
from lumbung.messaging.push.actions import Push, send_pushes

QUEUE = "notices"
# What could not be brought for so long is not brought by another way any more: it stands in the inbox.
STALE_AFTER = timedelta(days=4)


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

    In a number of statements that does not grow with them. All their members are held meanwhile, so a caller who
    has thousands takes some hundred at a time.
    """
    users = _hold({notice.user_id for notice in notices})
    fresh = inbox.put([notice for notice in notices if notice.user_id in users], now=now)
    if fresh:
        readers = _readers([users[key] for key in {message.user_id for message in fresh}])
        _bring_all(
            [(way, message, readers[message.user_id]) for message in fresh for way in _ways(message, readers)],
            now,
        )
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


def _ways(message: Message, readers: Mapping[int, Reader]) -> Sequence[Channel]:
    """All of the chosen ways that lead anywhere; when none does, the first that may stand in for them."""
    reader = readers[message.user_id]
    kind, reached = _kind(message), reader.reach.channels
    chosen = reader.choice.channels(kind) & kind.brought
    there = [channel for channel in Channel if channel in chosen & reached]
    if chosen and not there and reader.choice.stands_in:
        there = [channel for channel in Channel if channel in reader.choice.stand_ins(kind) & reached][:1]
    return there


def _bring_all(brought: Sequence[tuple[Channel, Message, Reader]], now: datetime) -> None:
    """Put each message into one outbox, in its member's language, to go out when his quiet hours are over."""
    texts: list[Text] = []
    mails: list[Mail] = []
    pushes: list[Push] = []
    for channel, message, reader in brought:
        if channel is Channel.PUSH:
            pushes += _pushes(message, reader, now)
        elif channel is Channel.SMS:
            texts.append(_text(message, reader, now))
        else:
            mails.append(_mail(message, reader, now))
    # Who is told of nothing by a way costs nothing there.
    if pushes:
        send_pushes(pushes, now=now)
    if texts:
        messaging.send_all(texts, now=now)
    if mails:
        send_mails(mails, now=now)


def _terms(message: Message, reader: Reader, now: datetime, device: int | None = None) -> Terms:
    return Terms(
        cause=queries.name(message.pk, device),
        not_before=reader.choice.not_before(_kind(message), now),
        falls_back=reader.choice.stands_in,
    )


def _pushes(message: Message, reader: Reader, now: datetime) -> list[Push]:
    payload = json.dumps({"say": "news", "in": reader.user.language})  # which tells nothing
    devices = reader.reach.devices
    return [Push(each.address, payload, _terms(message, reader, now, each.pk)) for each in devices]


def _text(message: Message, reader: Reader, now: datetime) -> Text:
    body = text(words.of(message.word, message.version), message.facts, reader.user.language)
    return Text(reader.reach.phone, body, _terms(message, reader, now))


def _mail(message: Message, reader: Reader, now: datetime) -> Mail:
    language = reader.user.language
    subject, body = mail(words.of(message.word, message.version), message.facts, language)
    kind = _kind(message)
    stops_at = None if kind.is_fixed else stopping.address(reader.user.pk, kind)
    return Mail(reader.reach.email, subject, body, language, _terms(message, reader, now), stops_at)


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
    left = (
        (reader.choice.stand_ins(kind) | reader.choice.channels(kind) & kind.brought) & reader.reach.channels
    ) - tried.keys()
    following = next((each for each in Channel if each in left), None)
    if following is not None:
        _bring_all([(following, message, reader)], now)
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
    place: str,
    now: datetime,
) -> None:
    """Note how a member wants to be told: the ways of each kind that can be chosen, and when not. What changes
    leaves a line in the access log."""
    _lock(user)
    before = queries.choice_of(user).in_effect
    rows = [
        NoticeChoice(user=user, kind=kind.code, **{str(c): c in set(wanted[kind.code]) for c in Channel})
        for kind in CHOSEN
    ]
    NoticeChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=[*(str(channel) for channel in Channel), "mail_stopped"],
    )
    times = {
        "is_quiet": is_quiet,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "stands_in": stands_in,
    }
    NoticeTimes.objects.update_or_create(user=user, defaults=times)
    if queries.choice_of(user).in_effect != before:
        note_access("notices_changed", user=user, actor=user, place=place, now=now)


def _lock(user: User) -> None:
    """Two changes at once of how a member is told come one after the other."""
    User.objects.select_for_update(no_key=True, of=("self",)).values_list("pk").get(pk=user.pk)


@transaction.atomic
def stop_mail(user: User, kind: Kind, *, now: datetime) -> None:
    """Send the member no mail of this kind any more, as a button in one of them asks; the rest stays as chosen.

    The first press leaves a line in the access log, by nobody who logged in: whoever has the mail may press it.
    """
    assert not kind.is_fixed, kind
    _lock(user)
    choice = queries.choice_of(user)
    ways = {str(channel): channel in choice.channels(kind) for channel in Channel}
    NoticeChoice.objects.update_or_create(
        user=user, kind=kind.code, defaults={**ways, str(Channel.MAIL): False, "mail_stopped": True}
    )
    if kind.code not in choice.mail_stopped:
        note_access("mail_stopped", user=user, place="mail", now=now)
