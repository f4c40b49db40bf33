"""Save, throw away and publish what officers write. Each deed says who and when."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from lumbung.publications import actions, files, pdf
from lumbung.publications.drafts import queries
from lumbung.publications.errors import (
    BrokenPdf,
    DraftChanged,
    EndsBeforeItStarts,
    FileTooLarge,
    NoSuchPublication,
    NothingToPublish,
    PdfThatRuns,
    UnknownFileKind,
)
from lumbung.publications.models import LONGEST_SLUG, MOST_FORM_BYTES, Draft, Edit, Kind

Facts = Mapping[str, object]


@transaction.atomic
def save_draft(
    kind: str,
    slug: str,
    facts: Facts,
    *,
    by: int,
    seen: str,
    now: datetime,
    content: bytes | None = None,
) -> Draft:
    """Keep a text as it is now, finished or not. `seen` is the queries.stamp of the draft that the page showed.

    Without content a file that was saved before stays. Raises DraftChanged, TextTooLong, TextNotPlain,
    EndsBeforeItStarts, and of a file FileTooLarge, UnknownFileKind, BrokenPdf, PdfThatRuns.
    """
    facts = {name: _checked(name, value) for name, value in facts.items()}
    _check_days(facts)
    if content is not None:
        _check_pdf(content)
    row, is_new = Draft.objects.select_for_update().get_or_create(
        kind=kind, slug=slug, defaults={"facts": facts, "content": content, "saved_at": now, "saved_by_id": by}
    )
    if seen != ("" if is_new else queries.stamp(row)):
        raise DraftChanged
    if not is_new:
        row.facts, row.saved_at, row.saved_by_id = dict(facts), now, by
        row.content = row.content if content is None else content
        row.save(update_fields=["facts", "saved_at", "saved_by", "content"])
    actions.note(kind, slug, Edit.Deed.SAVED, by=by, now=now)
    return row


def new_name(kind: str, title: str) -> str:
    """A name for the address of something new, made of its title, which nothing of its kind has."""
    base = slugify(title)[: LONGEST_SLUG - 4].strip("-") or kind
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, 1000))
    return next(name for name in names if not queries.is_taken(kind, name))


@transaction.atomic
def discard(kind: str, slug: str, *, by: int, now: datetime) -> None:
    """Throw a draft away; what is shown stays. Raises NothingToPublish when there is none."""
    if not Draft.objects.filter(kind=kind, slug=slug).delete()[0]:
        raise NothingToPublish
    actions.note(kind, slug, Edit.Deed.DISCARDED, by=by, now=now)


@transaction.atomic
def publish(kind: str, slug: str, *, by: int, seen: str, now: datetime, today: date) -> None:
    """Show to everybody what the draft says, from its first day on, or from `today` when it names none.

    Raises NothingToPublish, DraftChanged, and what the publishing of its kind raises.
    """
    draft = Draft.objects.select_for_update().filter(kind=kind, slug=slug).first()
    if draft is None:
        raise NothingToPublish
    if seen != queries.stamp(draft):
        raise DraftChanged
    facts = dict(draft.facts)
    if kind == Kind.ANNOUNCEMENT:
        starts, ends = (queries.day(facts.pop(name)) for name in ("published_from", "published_until"))
        new = actions.NewAnnouncement(slug, **facts, published_from=starts or today, published_until=ends)
        actions.publish(new, now=now, by=by)
    elif kind == Kind.FORM:
        content = None if draft.content is None else bytes(draft.content)
        actions.put_form(actions.NewForm(slug, **facts), content, now=now, by=by)
    else:
        actions.publish_help(actions.NewHelpText(slug, **facts), now=now, by=by)
    draft.delete()


@transaction.atomic
def end(kind: str, slug: str, *, by: int, now: datetime) -> None:
    """Show it no longer; a topic of the help goes back to what is built in. Raises NoSuchPublication."""
    if kind == Kind.ANNOUNCEMENT:
        actions.withdraw(slug, now=now, by=by)
    elif kind == Kind.FORM:
        actions.withdraw_form(slug, now=now, by=by)
    else:
        actions.built_in_again(slug, now=now, by=by)


@transaction.atomic
def take_version(topic: str, number: int, *, by: int, seen: str, now: datetime) -> Draft:
    """Write an earlier version of a topic into its draft. Raises NoSuchPublication, DraftChanged."""
    version = queries.version(topic, number)
    if version is None:
        raise NoSuchPublication(name=topic)
    return save_draft(Kind.HELP, topic, version, by=by, seen=seen, now=now)


def _checked(name: str, value: object) -> object:
    if name in actions.FIELDS:
        return actions.plain_text(name, str(value or ""))
    return value.isoformat() if isinstance(value, date) else value


def _check_days(facts: Facts) -> None:
    starts, ends = queries.day(facts.get("published_from")), queries.day(facts.get("published_until"))
    if starts is not None and ends is not None and ends < starts:
        raise EndsBeforeItStarts(starts=starts, ends=ends)


def _check_pdf(content: bytes) -> None:
    """Officers put up PDF only, which every phone shows and prints."""
    if len(content) > MOST_FORM_BYTES:
        raise FileTooLarge(megabytes=MOST_FORM_BYTES // 1_000_000)
    if files.media_type(content) != "application/pdf":
        raise UnknownFileKind(kinds="PDF")
    flaw = pdf.flaw(content)
    if flaw is not None:
        raise BrokenPdf if flaw == "broken" else PdfThatRuns
