"""Publish and withdraw. What is published under a name that is there takes its place."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from procrastinate.contrib.django import app

from lumbung.errors import marked
from lumbung.publications import files, helping
from lumbung.publications.errors import (
    BadName,
    EndsBeforeItStarts,
    FileMissing,
    FileTooLarge,
    NoSuchPublication,
    TextMissing,
    TextNotPlain,
    TextTooLong,
    UnknownFileKind,
)
from lumbung.publications.models import (
    LONGEST_BODY,
    LONGEST_PURPOSE,
    LONGEST_SLUG,
    LONGEST_TITLE,
    MOST_FORM_BYTES,
    SLUG,
    Announcement,
    Edit,
    Form,
    HelpText,
    Kind,
)

# What the fields are called in a refusal.
FIELDS = {
    "title_id": marked("Indonesian title"),
    "title_en": marked("English title"),
    "body_id": marked("Indonesian text"),
    "body_en": marked("English text"),
    "purpose_id": marked("Indonesian purpose"),
    "purpose_en": marked("English purpose"),
}
# Who tells members is above this package, so its task is named, not imported.
TELL_TASK, TELL_QUEUE = "lumbung.notices.actions.tell_announcement", "notices"
# Control and format characters (among them those that turn a line around), halves of letters, unassigned ones.
_NOT_SHOWN = {"Cc", "Cf", "Cs", "Cn", "Co"}
_LONGEST = {"title": LONGEST_TITLE, "body": LONGEST_BODY, "purpose": LONGEST_PURPOSE}


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    """An announcement to publish. The bodies are in the Markdown of `publications.text`; days are counted in."""

    slug: str
    title_id: str
    title_en: str
    body_id: str
    body_en: str
    published_from: date
    published_until: date | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class NewForm:
    """A form to put up: what it is called, what it is for, and its place in the list (smaller comes first)."""

    slug: str
    title_id: str
    title_en: str
    purpose_id: str
    purpose_en: str
    place: int = 100


@dataclass(frozen=True, slots=True)
class NewHelpText:
    """A topic of the help in an officer's words; the bodies are Markdown as in announcements."""

    topic: str
    title_id: str
    title_en: str
    body_id: str
    body_en: str


@transaction.atomic
def publish(new: NewAnnouncement, *, now: datetime, by: int | None = None) -> Announcement:
    """Show an announcement, or change the one of this name. The same again changes nothing, not even its age.

    `by` is the officer's user, none for the operator's command. Raises BadName, TextMissing, TextTooLong,
    TextNotPlain, EndsBeforeItStarts.
    """
    _check_name(new.slug)
    if new.published_until is not None and new.published_until < new.published_from:
        raise EndsBeforeItStarts(starts=new.published_from, ends=new.published_until)
    facts = {
        **_texts(new, "title_id", "title_en", "body_id", "body_en"),
        "published_from": new.published_from,
        "published_until": new.published_until,
        "pinned": new.pinned,
        "withdrawn_at": None,
    }
    row, is_new = Announcement.objects.select_for_update().get_or_create(
        slug=new.slug, defaults={**facts, "changed_at": now}
    )
    if is_new or _change(row, facts, now):
        note(Kind.ANNOUNCEMENT, new.slug, Edit.Deed.PUBLISHED, by=by, now=now)
        app.configure_task(TELL_TASK, queue=TELL_QUEUE).defer(announcement_id=row.pk)
    return row


@transaction.atomic
def withdraw(slug: str, *, now: datetime, by: int | None = None) -> Announcement:
    """Show an announcement no longer; the row stays. Raises NoSuchPublication."""
    row = Announcement.objects.select_for_update().filter(slug=slug, withdrawn_at__isnull=True).first()
    if row is None:
        raise NoSuchPublication(name=slug)
    _change(row, {"withdrawn_at": now}, now)
    note(Kind.ANNOUNCEMENT, slug, Edit.Deed.ENDED, by=by, now=now)
    return row


@transaction.atomic
def put_form(new: NewForm, content: bytes | None, *, now: datetime, by: int | None = None) -> Form:
    """Put a form up, or new words and perhaps a new file in the place of the form of this name.

    Without content the file that is there stays. Raises BadName, TextMissing, TextTooLong, TextNotPlain,
    FileTooLarge, UnknownFileKind, FileMissing.
    """
    _check_name(new.slug)
    facts: dict[str, object] = {
        **_texts(new, "title_id", "title_en", "purpose_id", "purpose_en"),
        "place": new.place,
        "withdrawn_at": None,
        **({} if content is None else _file(content)),
    }
    row = Form.objects.select_for_update().filter(slug=new.slug).first()
    if row is None and content is None:
        raise FileMissing
    is_new = False
    if row is None:
        row, is_new = Form.objects.select_for_update().get_or_create(
            slug=new.slug, defaults={**facts, "changed_at": now}
        )
    if is_new or _change(row, facts, now):
        note(Kind.FORM, new.slug, Edit.Deed.PUBLISHED, by=by, now=now)
    return row


def _file(content: bytes) -> dict[str, object]:
    if len(content) > MOST_FORM_BYTES:
        raise FileTooLarge(megabytes=MOST_FORM_BYTES // 1_000_000)
    media_type = files.media_type(content)
    if media_type is None:
        raise UnknownFileKind(kinds=", ".join(files.ENDINGS.values()).upper())
    return {
        "content": content,
        "digest": hashlib.sha256(content).digest(),
        "media_type": media_type,
        "bytes_count": len(content),
    }


@transaction.atomic
def withdraw_form(slug: str, *, now: datetime, by: int | None = None) -> Form:
    """Offer a form no longer; the row stays. Raises NoSuchPublication."""
    row = Form.objects.select_for_update().filter(slug=slug, withdrawn_at__isnull=True).first()
    if row is None:
        raise NoSuchPublication(name=slug)
    _change(row, {"withdrawn_at": now}, now)
    note(Kind.FORM, slug, Edit.Deed.ENDED, by=by, now=now)
    return row


@transaction.atomic
def publish_help(new: NewHelpText, *, now: datetime, by: int | None = None) -> HelpText:
    """Put an officer's words in the place of a topic's. The same again makes no new version.

    Raises NoSuchPublication, TextMissing, TextTooLong, TextNotPlain.
    """
    facts = _texts(new, "title_id", "title_en", "body_id", "body_en")
    return _next_version(new.topic, facts, now=now, by=by)


@transaction.atomic
def built_in_again(topic: str, *, now: datetime, by: int | None = None) -> HelpText:
    """Show a topic as it is built in; all versions stay. Raises NoSuchPublication, also when it is shown so."""
    newest = HelpText.objects.filter(topic=topic).order_by("-number").first()
    if newest is None or newest.is_built_in:
        raise NoSuchPublication(name=topic)
    return _next_version(topic, {}, now=now, by=by)


def _next_version(topic: str, facts: Mapping[str, str], *, now: datetime, by: int | None) -> HelpText:
    if topic not in helping.TOPICS:
        raise NoSuchPublication(name=topic)
    newest = HelpText.objects.select_for_update().filter(topic=topic).order_by("-number").first()
    if newest is not None and facts and all(getattr(newest, name) == text for name, text in facts.items()):
        return newest
    number = 1 if newest is None else newest.number + 1
    deed = Edit.Deed.PUBLISHED if facts else Edit.Deed.ENDED
    note(Kind.HELP, topic, deed, by=by, now=now)
    return HelpText.objects.create(topic=topic, number=number, made_at=now, made_by_id=by, **facts)


def note(kind: str, slug: str, deed: str, *, by: int | None, now: datetime) -> None:
    """Write down who did what."""
    Edit.objects.create(kind=kind, slug=slug, deed=deed, by_id=by, at=now)


def _change(row: Announcement | Form, facts: Mapping[str, object], now: datetime) -> bool:
    """Write what differs, if anything does, and when it came to differ. Whether it did."""
    differing: list[str] = [name for name, value in facts.items() if _plain(getattr(row, name)) != value]
    if differing:
        for name in differing:
            setattr(row, name, facts[name])
        row.changed_at = now
        row.save(update_fields=[*differing, "changed_at"])
    return bool(differing)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def _check_name(slug: str) -> None:
    if len(slug) > LONGEST_SLUG or re.fullmatch(SLUG, slug) is None:
        raise BadName(name=ascii(slug[:LONGEST_SLUG]), longest=LONGEST_SLUG)


def _texts(new: NewAnnouncement | NewForm | NewHelpText, *names: str) -> dict[str, str]:
    """These texts as they are kept; none of them is empty."""
    texts = {name: plain_text(name, getattr(new, name)) for name in names}
    for name, text in texts.items():
        if not text:
            raise TextMissing(field=FIELDS[name])
    return texts


def plain_text(name: str, given: str) -> str:
    """A text as it is kept: composed letters, one kind of line end, no blanks around.

    `name` is one of FIELDS. Raises TextTooLong, TextNotPlain.
    """
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").replace("\t", " ")).strip()
    longest = _LONGEST[name.partition("_")[0]]
    if len(text) > longest:
        raise TextTooLong(field=FIELDS[name], longest=longest)
    lines = text.split("\n") if name.startswith("body") else [text]
    if any(unicodedata.category(letter) in _NOT_SHOWN for line in lines for letter in line):
        raise TextNotPlain(field=FIELDS[name])
    return text
