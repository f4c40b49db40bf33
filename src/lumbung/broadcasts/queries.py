"""Read broadcasts: whom they reach, what they cost, and how far they got."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, override

from lumbung.accounts.telling import queries as telling
from lumbung.accounts.telling.kinds import KINDS, Channel
from lumbung.accounts.telling.queries import Choice
from lumbung.broadcasts import pace
from lumbung.broadcasts.models import LONGEST_TEXT, Broadcast, BroadcastDeed
from lumbung.errors import marked
from lumbung.messaging import gsm
from lumbung.messaging.bulk import queries as messaging
from lumbung.messaging.bulk.queries import Counted
from lumbung.publications import queries as publications
from lumbung.publications.models import Announcement
from lumbung.registry.models import Person

# Which kind of news it is, among those that members choose.
KIND = KINDS["announcement"]
LANGUAGES = ("id", "en")
MOST_PARTS = 3
DEEDS_SHOWN = 20
# A link is whatever a phone makes one of: an address with or without what it begins with.
_LINK = re.compile(
    r"://|\bwww\.|\b[\w-]+\.(?:[a-z]{2,}\.)?(?:com|net|org|id|info|me|ly|link|app|page|site|xyz|test)\b", re.I
)
DEEDS = {
    "saved": marked("Saved"),
    "begun": marked("Begun"),
    "paused": marked("Paused"),
    "held": marked("Held by itself: the announcement is no longer shown"),
    "resumed": marked("Resumed"),
    "stopped": marked("Stopped"),
    "done": marked("All texts are out"),
}
# One row a phone: whoever has two accounts with one phone gets one text, in the language of the first.
_AUDIENCE = """
    SELECT language, count(*) FROM (
        SELECT DISTINCT ON (person.phone_index) coalesce(account.language, person.language) AS language
        FROM registry_person AS person
        LEFT JOIN accounts_user AS account ON account.person_id = person.id
        WHERE person.phone_index IS NOT NULL AND NOT EXISTS (
            SELECT FROM accounts_noticechoice AS chosen
            WHERE chosen.user_id = account.id AND chosen.kind = %s AND NOT chosen.sms
        )
        ORDER BY person.phone_index, person.id
    ) AS phone GROUP BY language
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """A person whose turn it is: key, phone in E.164, language, and from when he may be sent it. Not `wants`: he
    chose no announcements by SMS."""

    key: int
    phone: str = field(repr=False)
    language: str
    wants: bool = True
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What one text takes: its letters, its parts, and whether it has letters that halve the room."""

    text: str
    letters: int
    parts: int
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many phones, how many parts of texts in all, what that costs in rupiah (None: no price is set), and
    about when it will be over if it begins now."""

    phones: int
    parts: int
    cost: int | None
    ready_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the texts got, how many persons are left, and about when it will be over while it runs."""

    texts: Counted
    left: int
    done: int
    ready_at: datetime | None


def hours() -> pace.Hours:
    """When announcements may reach people."""
    begin, end = settings.LUMBUNG_BROADCAST_HOURS
    return pace.Hours(begin, end, timezone.get_default_timezone())


def all_broadcasts() -> QuerySet[Broadcast]:
    """Every broadcast, the newest first, with its announcement."""
    return Broadcast.objects.select_related("announcement").order_by("-pk")


def broadcast(key: int) -> Broadcast | None:
    """One of them."""
    return all_broadcasts().filter(pk=key).first()


def stamp(row: Broadcast) -> str:
    """Another text after each saving and each change of its state."""
    return f"{row.state} {row.saved_at.timestamp()}"


def shape(text: str) -> Shape:
    """What the text takes on its way."""
    return Shape(text, len(text), gsm.parts(text), gsm.septets(text) is not None)


def has_link(text: str) -> bool:
    """Whether a phone would make a link of anything in it."""
    return _LINK.search(text) is not None


def audience() -> Mapping[str, int]:
    """How many phones would be told, by language."""
    with connection.cursor() as cursor:
        cursor.execute(_AUDIENCE, [KIND.code])
        counted = Counter(dict(cursor.fetchall()))
    return {language: counted[language] for language in LANGUAGES}


def estimate(row: Broadcast, *, now: datetime) -> Estimate:
    """What it takes to tell everybody."""
    told = audience()
    phones = sum(told.values())
    parts = sum(count * shape(row.texts[language]).parts for language, count in told.items())
    price = settings.LUMBUNG_SMS_PRICE
    ready = pace.ready_at(now=now, count=phones, an_hour=row.an_hour, hours=hours())
    return Estimate(phones, parts, parts * price if price else None, ready)


def cause(row: Broadcast) -> str:
    """What the texts of a broadcast are put out for."""
    return f"broadcast:{row.pk}"


def next_people(row: Broadcast, most: int, *, now: datetime) -> Sequence[Reader]:
    """Those whose turn is next, in the order of their keys: a fixed number of statements for any number."""
    people = Person.objects.filter(pk__gt=row.last_person, phone_index__isnull=False).order_by("pk")
    columns = people.values_list("pk", "phone", Coalesce("user__language", "language"), "user__pk")
    found = list(columns[:most])
    chosen = telling.choices([user for *_, user in found if user is not None])
    return [_reader(key, phone or "", said, chosen.get(user), now) for key, phone, said, user in found]


def _reader(key: int, phone: str, language: str, choice: Choice | None, now: datetime) -> Reader:
    """As he chose; who has no account chose nothing."""
    if choice is None:
        return Reader(key, phone, language)
    return Reader(key, phone, language, Channel.SMS in choice.channels(KIND), choice.not_before(KIND, now))


def progress(row: Broadcast, *, now: datetime) -> Progress:
    """How far it got."""
    texts = messaging.counted(cause(row))
    left = max(0, row.expected - row.put_out - row.left_out)
    ready = None
    if row.state == Broadcast.State.RUNNING:
        ready = pace.ready_at(now=now, count=left, an_hour=row.an_hour, hours=hours())
    return Progress(texts, left, row.expected - left, ready)


def deeds(row: Broadcast) -> Sequence[tuple[BroadcastDeed, str]]:
    """The last deeds with who did them, each with its words, a sentence of the catalogue."""
    rows = row.deeds.select_related("by").order_by("-at", "-pk")[:DEEDS_SHOWN]
    return [(deed, DEEDS[deed.deed]) for deed in rows]


def announcement(slug: str, today: date) -> Announcement | None:
    """The announcement of this name, if it is shown on this day."""
    return publications.shown(today).filter(slug=slug).first()


def proposed(notice: Announcement) -> dict[str, Any]:
    """Words to begin with: whose text it is, what it is about, and where to read on."""
    said: dict[str, Any] = {}
    for language in LANGUAGES:
        with override(language):
            facts = {"name": settings.LUMBUNG_NAME, "title": getattr(notice, f"title_{language}")}
            words = gettext("%(name)s: %(title)s. Read more in your account or at the fund's office.")
            said[f"text_{language}"] = (words % facts)[:LONGEST_TEXT]
    return said


def initial(row: Broadcast) -> dict[str, Any]:
    """What a form begins with."""
    return {"text_id": row.text_id, "text_en": row.text_en, "an_hour": row.an_hour}


def shapes(row: Broadcast) -> Sequence[tuple[str, Shape]]:
    """What each language's text takes."""
    return [(language, shape(row.texts[language])) for language in LANGUAGES]
