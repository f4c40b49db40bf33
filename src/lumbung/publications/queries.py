"""Read what is published, in one language. No row that is withdrawn, over or not begun is ever among it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from lumbung.publications.files import ENDINGS
from lumbung.publications.models import Announcement, Form, HelpText

VERSION_DIGITS = 16  # of the digest in hexadecimal: enough to tell the files of one form apart


@dataclass(frozen=True, slots=True)
class Notice:
    """An announcement as one language has it; the body is Markdown (`publications.text`)."""

    slug: str
    title: str
    body: str = field(repr=False)
    published_from: date
    pinned: bool


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """A form as one language has it, without its bytes."""

    slug: str
    title: str
    purpose: str
    version: str
    kind: str
    bytes_count: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """A topic of the help as one language has it, in an officer's words; the body is Markdown."""

    title: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FormFile:
    """The bytes of a form, what they are, and the name to keep them under."""

    content: bytes = field(repr=False)
    media_type: str
    file_name: str
    version: str
    changed_at: datetime


def announcements_count(today: date) -> int:
    """How many announcements stand on this day."""
    return shown(today).count()


def announcements(today: date, language: str, *, offset: int = 0, limit: int) -> Sequence[Notice]:
    """The announcements of this day: pinned ones first, then the newest."""
    columns = _columns("slug", "title", "body", language, "published_from", "pinned")
    rows = shown(today).order_by("-pinned", "-published_from", "-pk")
    return [Notice(*row) for row in rows.values_list(*columns)[offset : offset + limit]]


def announcement(slug: str, today: date, language: str) -> Notice | None:
    """The announcement of this name, if it stands on this day."""
    columns = _columns("slug", "title", "body", language, "published_from", "pinned")
    row = shown(today).filter(slug=slug).values_list(*columns).first()
    return Notice(*row) if row else None


def _columns(slug: str, first: str, second: str, language: str, *more: str) -> tuple[str, ...]:
    return (slug, f"{first}_{language}", f"{second}_{language}", *more)


def shown(today: date) -> QuerySet[Announcement]:
    """The announcements that are shown on this day, whole."""
    return Announcement.objects.filter(
        Q(published_until__isnull=True) | Q(published_until__gte=today),
        published_from__lte=today,
        withdrawn_at__isnull=True,
    )


def forms(language: str) -> Sequence[OfferedForm]:
    """All forms to download, in their order; their bytes are not read."""
    columns = _columns("slug", "title", "purpose", language, "digest", "media_type", "bytes_count", "changed_at")
    rows = Form.objects.filter(withdrawn_at__isnull=True).order_by("place", "slug").values_list(*columns)
    return [
        OfferedForm(slug, title, purpose, version_of(digest), ENDINGS[media_type].upper(), size, changed_at)
        for slug, title, purpose, digest, media_type, size, changed_at in rows
    ]


def form_version(slug: str) -> str | None:
    """Which version of the form is offered now."""
    digest = Form.objects.filter(slug=slug, withdrawn_at__isnull=True).values_list("digest", flat=True).first()
    return None if digest is None else version_of(digest)


def form_file(slug: str) -> FormFile | None:
    """The form's file as it is offered now."""
    form = Form.objects.filter(slug=slug, withdrawn_at__isnull=True).first()
    if form is None:
        return None
    name = f"{slug}.{ENDINGS[form.media_type]}"
    return FormFile(bytes(form.content), form.media_type, name, version_of(form.digest), form.changed_at)


def version_of(digest: bytes | memoryview) -> str:
    """How a file with this digest is told apart in its address."""
    return bytes(digest).hex()[:VERSION_DIGITS]


def help_words(topic: str, language: str) -> Words | None:
    """A topic in an officer's words; None where the built-in ones count."""
    columns = (f"title_{language}", f"body_{language}")
    row = HelpText.objects.filter(topic=topic).order_by("-number").values_list(*columns).first()
    return Words(*row) if row and row[0] else None


def help_titles(language: str) -> Mapping[str, str]:
    """Topic → title in an officer's words, for those that have one."""
    newest = HelpText.objects.order_by("topic", "-number").distinct("topic")
    return {topic: title for topic, title in newest.values_list("topic", f"title_{language}") if title}


def all_help_words(language: str) -> Mapping[str, Words]:
    """Topic → what an officer wrote, for those where it counts."""
    columns = ("topic", f"title_{language}", f"body_{language}")
    newest = HelpText.objects.order_by("topic", "-number").distinct("topic").values_list(*columns)
    return {topic: Words(title, body) for topic, title, body in newest if title}


def all_announcements() -> QuerySet[Announcement]:
    """Every announcement, whatever its state, the newest first: for those who publish."""
    return Announcement.objects.order_by("-published_from", "-pk")


def all_forms() -> QuerySet[Form]:
    """Every form, whatever its state, without its bytes: for those who publish."""
    return Form.objects.defer("content").order_by("place", "slug")
