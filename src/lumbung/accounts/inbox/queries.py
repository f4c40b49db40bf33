"""Read a member's inbox, in the active language."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext

from lumbung.accounts.inbox import words
from lumbung.accounts.models import Message, User
from lumbung.accounts.sessions import devices
from lumbung.wording import clock

INSTANTS = frozenset({"at", "until"})


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader sees it. `kind` is one of words: security, contact, request, news."""

    id: int
    kind: str
    title: str
    text: str = field(repr=False)
    made_at: datetime
    is_new: bool


def unread(user: User) -> int:
    """How many messages are unread. Asks nothing: the number is read with the user."""
    return user.unread


def count(user: User) -> int:
    """How many messages there are."""
    return Message.objects.filter(user=user).count()


def letters(user: User, *, offset: int = 0, limit: int) -> Sequence[Letter]:
    """Messages, the newest first."""
    rows = Message.objects.filter(user=user).order_by("-made_at", "-pk")
    return [letter(row) for row in rows[offset : offset + limit]]


def letters_after(user: User, message_id: int, *, limit: int) -> Sequence[Letter] | None:
    """Messages that are older than this one of his, or for 0 the newest; None when it is none of his."""
    rows = Message.objects.filter(user=user).order_by("-made_at", "-pk")
    if message_id:
        last = Message.objects.filter(user=user, pk=message_id).first()
        if last is None:
            return None
        rows = rows.filter(Q(made_at__lt=last.made_at) | Q(made_at=last.made_at, pk__lt=last.pk))
    return [letter(row) for row in rows[:limit]]


def letter(message: Message) -> Letter:
    """The message in the active language."""
    said = words.of(message.word, message.version)
    facts = {name: _said(name, fact) for name, fact in json.loads(message.facts).items()}
    return Letter(
        id=message.pk,
        kind=said.kind,
        title=gettext(said.title).format(**facts),
        text=gettext(said.text).format(**facts),
        made_at=message.made_at,
        is_new=message.read_at is None,
    )


def _said(name: str, fact: str) -> str:
    """A fact as a reader knows it: an instant by the fund's clock, a browser as a device."""
    if name in INSTANTS:
        return clock(datetime.fromisoformat(fact))
    return devices.words(fact) if name == "device" else fact
