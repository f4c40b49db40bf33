"""What officers see of what is published and of what is being written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext, override

from lumbung.errors import marked
from lumbung.publications import helping, queries
from lumbung.publications.files import ENDINGS
from lumbung.publications.models import Announcement, Draft, Edit, Form, HelpText, Kind
from lumbung.publications.queries import Notice, OfferedForm, Words

LANGUAGES = ("id", "en")
EDITS_SHOWN = 10
# The columns that a draft of each kind fills.
TEXTS = {
    Kind.ANNOUNCEMENT: ("title_id", "title_en", "body_id", "body_en"),
    Kind.FORM: ("title_id", "title_en", "purpose_id", "purpose_en"),
    Kind.HELP: ("title_id", "title_en", "body_id", "body_en"),
}
MORE = {Kind.ANNOUNCEMENT: ("published_from", "published_until", "pinned"), Kind.FORM: ("place",), Kind.HELP: ()}
# How far something is → how it is said.
STATES = {
    "draft": marked("Draft"),
    "planned": marked("Planned"),
    "published": marked("Published"),
    "ended": marked("Ended"),
    "built_in": marked("Built in"),
}
DEEDS = {
    "saved": marked("Draft saved"),
    "discarded": marked("Draft thrown away"),
    "published": marked("Published"),
    "ended": marked("Ended"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an officer's list; the titles are empty where nothing is written yet."""

    kind: str
    slug: str
    title_id: str
    title_en: str
    state: str
    has_draft: bool
    published_from: date | None = None
    published_until: date | None = None
    pinned: bool = False

    @property
    def state_words(self) -> str:
        """How far it is, a sentence of the catalogue."""
        return STATES[self.state]

    def title(self, language: str) -> str:
        """What it is called, in the other language when this one has no words yet."""
        first, second = (self.title_en, self.title_id) if language == "en" else (self.title_id, self.title_en)
        return first or second or self.slug


def announcements(today: date, *, offset: int, limit: int) -> Sequence[Item]:
    """Announcements that are or were published or planned, the newest first."""
    with_draft = _names_of_drafts(Kind.ANNOUNCEMENT)
    return [_announcement(row, today, with_draft) for row in queries.all_announcements()[offset : offset + limit]]


def announcements_count() -> int:
    """How many announcements were ever published."""
    return queries.all_announcements().count()


def _announcement(row: Announcement, today: date, with_draft: set[str]) -> Item:
    is_over = row.withdrawn_at is not None or (row.published_until is not None and row.published_until < today)
    state = "ended" if is_over else "planned" if row.published_from > today else "published"
    return Item(
        Kind.ANNOUNCEMENT,
        row.slug,
        row.title_id,
        row.title_en,
        state,
        row.slug in with_draft,
        row.published_from,
        row.published_until,
        row.pinned,
    )


def forms() -> Sequence[Item]:
    """All forms that are or were offered, in their order."""
    with_draft = _names_of_drafts(Kind.FORM)
    return [_form(row, with_draft) for row in queries.all_forms()]


def _form(row: Form, with_draft: set[str]) -> Item:
    state = "published" if row.withdrawn_at is None else "ended"
    return Item(Kind.FORM, row.slug, row.title_id, row.title_en, state, row.slug in with_draft)


def new_drafts(kind: str) -> Sequence[Item]:
    """Drafts of what was never published, the newest first."""
    table = Announcement if kind == Kind.ANNOUNCEMENT else Form
    rows = Draft.objects.filter(kind=kind).exclude(slug__in=table.objects.values("slug")).order_by("-saved_at")
    return [_draft(row) for row in rows.defer("content")]


def _draft(row: Draft) -> Item:
    return Item(row.kind, row.slug, row.facts["title_id"], row.facts["title_en"], "draft", has_draft=True)


def topics() -> Sequence[Item]:
    """All topics of the help, in the order of the page."""
    own, with_draft = {row.topic: row for row in newest_texts()}, _names_of_drafts(Kind.HELP)
    return [_topic(slug, own.get(slug), with_draft) for slug in helping.TOPICS]


def _topic(slug: str, own: HelpText | None, with_draft: set[str]) -> Item:
    if own is None or own.is_built_in:
        facts, state = built_in(slug), "built_in"
    else:
        facts, state = {name: getattr(own, name) for name in TEXTS[Kind.HELP]}, "published"
    return Item(Kind.HELP, slug, facts["title_id"], facts["title_en"], state, slug in with_draft)


def item(kind: str, slug: str, today: date) -> Item | None:
    """What an officer edits under this name; None when there is nothing."""
    with_draft = _names_of_drafts(kind)
    if kind == Kind.HELP:
        return _topic(slug, newest_text(slug), with_draft) if slug in helping.TOPICS else None
    if kind == Kind.ANNOUNCEMENT and (shown := Announcement.objects.filter(slug=slug).first()):
        return _announcement(shown, today, with_draft)
    if kind == Kind.FORM and (offered := queries.all_forms().filter(slug=slug).first()):
        return _form(offered, with_draft)
    row = Draft.objects.filter(kind=kind, slug=slug).defer("content").first()
    return None if row is None else _draft(row)


def is_taken(kind: str, slug: str) -> bool:
    """Whether something of this kind has this name, shown or not."""
    table = Announcement if kind == Kind.ANNOUNCEMENT else Form
    return Draft.objects.filter(kind=kind, slug=slug).exists() or table.objects.filter(slug=slug).exists()


def draft(kind: str, slug: str) -> Draft | None:
    """The draft of this name."""
    return Draft.objects.filter(kind=kind, slug=slug).first()


def stamp(row: Draft | None) -> str:
    """Another text after each saving; empty when there is no draft."""
    return "" if row is None else row.saved_at.isoformat()


def facts(kind: str, slug: str, row: Draft | None) -> Mapping[str, object]:
    """The words to go on with: the draft's, else those that are shown, else empty ones."""
    if row is not None:
        return dict(row.facts)
    if kind == Kind.HELP:
        own = newest_text(slug)
        return built_in(slug) if own is None or own.is_built_in else _columns(own, kind)
    table = Announcement if kind == Kind.ANNOUNCEMENT else Form
    shown = table.objects.filter(slug=slug).first()
    return {} if shown is None else _columns(shown, kind)


def _columns(row: Announcement | Form | HelpText, kind: str) -> dict[str, object]:
    return {name: getattr(row, name) for name in (*TEXTS[Kind(kind)], *MORE[Kind(kind)])}


def built_in(slug: str) -> dict[str, str]:
    """A topic as the program has it, in both languages, its steps as a list of our Markdown."""
    topic, told = helping.TOPICS[slug], {}
    for language in LANGUAGES:
        with override(language):
            steps = "\n".join(f"{number}. {gettext(step)}" for number, step in enumerate(topic.steps, 1))
            told[f"title_{language}"] = gettext(topic.title)
            told[f"body_{language}"] = f"{gettext(topic.meaning)}\n\n{steps}"
    return told


def newest_texts() -> QuerySet[HelpText]:
    """The newest version of each topic that has one."""
    return HelpText.objects.order_by("topic", "-number").distinct("topic")


def newest_text(topic: str) -> HelpText | None:
    """The newest version of a topic."""
    return HelpText.objects.filter(topic=topic).order_by("-number").first()


def versions(topic: str) -> QuerySet[HelpText]:
    """All versions of a topic, the newest first, with who made them."""
    return HelpText.objects.filter(topic=topic).select_related("made_by").order_by("-number")


def version(topic: str, number: int) -> Mapping[str, str] | None:
    """The words of one version of a topic; those that are built in where it said so."""
    row = HelpText.objects.filter(topic=topic, number=number).first()
    if row is None:
        return None
    return built_in(topic) if row.is_built_in else {name: getattr(row, name) for name in TEXTS[Kind.HELP]}


def edits(kind: str, slug: str) -> Sequence[tuple[Edit, str]]:
    """The last deeds with who did them, each with its words, a sentence of the catalogue."""
    rows = Edit.objects.filter(kind=kind, slug=slug).select_related("by").order_by("-at", "-pk")
    return [(row, DEEDS[row.deed]) for row in rows[:EDITS_SHOWN]]


def _names_of_drafts(kind: str) -> set[str]:
    return set(Draft.objects.filter(kind=kind).values_list("slug", flat=True))


def day(value: object) -> date | None:
    """A day as drafts keep it, or as columns do."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)) if value else None


# As members would see it


def notice(told: Mapping[str, object], slug: str, language: str, today: date) -> Notice:
    """An announcement in one language, as these facts have it."""
    starts = day(told.get("published_from")) or today
    return Notice(slug, *_words(told, "body", language), starts, bool(told.get("pinned")))


def offered_form(
    told: Mapping[str, object], slug: str, language: str, row: Draft | None, now: datetime
) -> OfferedForm:
    """A form in one language, as these facts have it; the file of the draft, else the one that is offered."""
    title, purpose = _words(told, "purpose", language)
    if row is not None and row.content is not None:
        content = bytes(row.content)
        return OfferedForm(slug, title, purpose, queries.VERSION_DIGITS * "0", "PDF", len(content), now)
    shown = queries.all_forms().filter(slug=slug).first()
    if shown is None:
        return OfferedForm(slug, title, purpose, queries.VERSION_DIGITS * "0", "–", 0, now)
    kind, size = ENDINGS[shown.media_type].upper(), shown.bytes_count
    return OfferedForm(slug, title, purpose, queries.version_of(shown.digest), kind, size, shown.changed_at)


def help_words(told: Mapping[str, object], language: str) -> Words:
    """A topic in one language, as these facts have it."""
    return Words(*_words(told, "body", language))


def _words(told: Mapping[str, object], second: str, language: str) -> tuple[str, str]:
    return str(told.get(f"title_{language}") or ""), str(told.get(f"{second}_{language}") or "")
