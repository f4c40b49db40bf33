"""Put messages into a member's inbox, and note that they were read."""

import json
from datetime import datetime

from django.db import transaction

from lumbung.accounts.inbox import words
from lumbung.accounts.models import Message, User
from lumbung.accounts.push import actions as push


@transaction.atomic
def tell(user: User | None, word: str, *, now: datetime, **facts: str | datetime) -> Message | None:
    """Put a message into the inbox of a member; whoever has none (another kind of user, nobody) gets none.

    `word` is one of words.WORDS. Facts are sealed: instants (`at`, `until`), a browser's own name
    (`device`), or texts.
    """
    if user is None or user.kind != User.Kind.MEMBER:
        return None
    said = {name: fact.isoformat() if isinstance(fact, datetime) else fact for name, fact in facts.items()}
    _lock(user)
    message = Message.objects.create(
        user=user, word=word, version=words.newest(word), facts=json.dumps(said), made_at=now
    )
    _count(user)
    push.notify(user, now=now)
    return message


@transaction.atomic
def mark_read(message: Message, *, now: datetime) -> None:
    """Note that a message was opened, the first time."""
    if message.read_at is not None:
        return
    _lock(message.user)
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now)
    _count(message.user)


@transaction.atomic
def mark_all_read(user: User, *, now: datetime) -> None:
    """Note that nothing is new any more."""
    _lock(user)
    Message.objects.filter(user=user, read_at__isnull=True).update(read_at=now)
    _count(user)


def _lock(user: User) -> None:
    """One at a time, or two would count without each other's message."""
    User.objects.select_for_update(no_key=True, of=("self",)).values_list("pk").get(pk=user.pk)


def _count(user: User) -> None:
    """Keep how many are unread beside the user, who is read with every page anyway."""
    user.unread = Message.objects.filter(user=user, read_at__isnull=True).count()
    User.objects.filter(pk=user.pk).update(unread=user.unread)
