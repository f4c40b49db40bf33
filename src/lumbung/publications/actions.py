"""Publish and withdraw. What is published under a name that is there takes its place."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from lumbung.errors import marked
from lumbung.publications import files
from lumbung.publications.errors import (
    BadName,
    EndsBeforeItStarts,
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
    Form,
)

Row = TypeVar("Row", Announcement, Form)
# What the fields are called in a refusal.
FIELDS = {
    "title_id": marked("Indonesian title"),
    "title_en": marked("English title"),
    "body_id": marked("Indonesian text"),
    "body_en": marked("English text"),
    "purpose_id": marked("Indonesian purpose"),
    "purpose_en": marked("English purpose"),
}
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


@transaction.atomic
def publish(new: NewAnnouncement, *, now: datetime) -> Announcement:
    """Show an announcement, or change the one of this name. The same again changes nothing, not even its age.

    Raises BadName, TextMissing, TextTooLong, TextNotPlain, EndsBeforeItStarts.
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
    return row if is_new else _changed(row, facts, now)


@transaction.atomic
def withdraw(slug: str, *, now: datetime) -> Announcement:
    """Show an announcement no longer; the row stays. Raises NoSuchPublication."""
    row = Announcement.objects.select_for_update().filter(slug=slug, withdrawn_at__isnull=True).first()
    if row is None:
        raise NoSuchPublication(name=slug)
    return _changed(row, {"withdrawn_at": now}, now)


@transaction.atomic
def put_form(new: NewForm, content: bytes, *, now: datetime) -> Form:
    """Put a form up, or a new file and new words in the place of the form of this name.

    Raises BadName, TextMissing, TextTooLong, TextNotPlain, FileTooLarge, UnknownFileKind.
    """
    _check_name(new.slug)
    if len(content) > MOST_FORM_BYTES:
        raise FileTooLarge(megabytes=MOST_FORM_BYTES // 1_000_000)
    media_type = files.media_type(content)
    if media_type is None:
        raise UnknownFileKind(kinds=", ".join(files.ENDINGS.values()).upper())
    facts = {
        **_texts(new, "title_id", "title_en", "purpose_id", "purpose_en"),
        "place": new.place,
        "content": content,
        "digest": hashlib.sha256(content).digest(),
        "media_type": media_type,
        "bytes_count": len(content),
        "withdrawn_at": None,
    }
    row, is_new = Form.objects.select_for_update().get_or_create(
        slug=new.slug, defaults={**facts, "changed_at": now}
    )
    return row if is_new else _changed(row, facts, now)


@transaction.atomic
def withdraw_form(slug: str, *, now: datetime) -> Form:
    """Offer a form no longer; the row stays. Raises NoSuchPublication."""
    row = Form.objects.select_for_update().filter(slug=slug, withdrawn_at__isnull=True).first()
    if row is None:
        raise NoSuchPublication(name=slug)
    return _changed(row, {"withdrawn_at": now}, now)


def _changed(row: Row, facts: Mapping[str, object], now: datetime) -> Row:
    """Write what differs, if anything does, and when it came to differ."""
    differing: list[str] = [name for name, value in facts.items() if _plain(getattr(row, name)) != value]
    if differing:
        for name in differing:
            setattr(row, name, facts[name])
        row.changed_at = now
        row.save(update_fields=[*differing, "changed_at"])
    return row


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def _check_name(slug: str) -> None:
    if len(slug) > LONGEST_SLUG or re.fullmatch(SLUG, slug) is None:
        raise BadName(name=ascii(slug[:LONGEST_SLUG]), longest=LONGEST_SLUG)


def _texts(new: NewAnnouncement | NewForm, *names: str) -> dict[str, str]:
    """These texts as they are kept: composed letters, one kind of line end, no blanks around."""
    return {name: _text(name, getattr(new, name)) for name in names}


def _text(name: str, given: str) -> str:
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").replace("\t", " ")).strip()
    longest = _LONGEST[name.partition("_")[0]]
    if not text:
        raise TextMissing(field=FIELDS[name])
    if len(text) > longest:
        raise TextTooLong(field=FIELDS[name], longest=longest)
    lines = text.split("\n") if name.startswith("body") else [text]
    if any(unicodedata.category(letter) in _NOT_SHOWN for line in lines for letter in line):
        raise TextNotPlain(field=FIELDS[name])
    return text
