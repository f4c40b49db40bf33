"""Put messages into a member's inbox, and note that they were read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from lumbung.accounts.inbox import words
from lumbung.accounts.models import Message, User
from lumbung.accounts.push import actions as push
from lumbung.accounts.telling.facts import Fact, kept


@dataclass(frozen=True, slots=True, repr=False)
class Notice:
    """What one member is told of one cause. `word` is of telling.words, `cause` names what happened to him."""

    user_id: int
    word: str
    cause: str
    facts: Mapping[str, Fact]


@transaction.atomic
def tell(user: User | None, word: str, *, now: datetime, **facts: Fact) -> Message | None:
    """Put a message into the inbox of a member; whoever has none (another kind of user, nobody) gets none.

    `word` is one of words.WORDS. Facts are sealed: instants (`at`, `until`), a browser's own name
    (`device`), or texts.
    """
    if user is None or user.kind != User.Kind.MEMBER:
        return None
    _lock(user)
    message = Message.objects.create(
        user=user, word=word, version=words.newest(word), facts=kept(facts), made_at=now
    )
    _count(user)
    push.notify(user, now=now)
    return message


def put(notices: Sequence[Notice], *, now: datetime) -> list[Message]:
    """Put each notice into its member's inbox, but for causes that he was told of before; what is new.

    The caller holds the users' rows, in a transaction. A number of statements that does not grow with them.
    """
    owners = {notice.user_id for notice in notices}
    causes = {notice.cause for notice in notices}
    known = Message.objects.filter(user__in=owners, cause__in=causes).values_list("user_id", "cause")
    told, fresh = set(known), []
    for notice in notices:
        if (notice.user_id, notice.cause) not in told:
            told.add((notice.user_id, notice.cause))
            fresh.append(_message(notice, now))
    Message.objects.bulk_create(fresh)
    _count_all({message.user_id for message in fresh})
    return fresh


def _message(notice: Notice, now: datetime) -> Message:
    return Message(
        user_id=notice.user_id,
        word=notice.word,
        version=words.newest(notice.word),
        facts=kept(notice.facts),
        cause=notice.cause,
        made_at=now,
    )


def _count_all(owners: Collection[int]) -> None:
    unread = Message.objects.filter(user=OuterRef("pk"), read_at__isnull=True).order_by().values("user")
    counted = unread.annotate(count=Count("pk")).values("count")
    User.objects.filter(pk__in=owners).update(unread=Coalesce(Subquery(counted), 0))


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
