"""A page of the members' door as it would be, drawn for an officer before it is published."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_urlconf, reverse, set_urlconf
from django.utils.translation import gettext, override

from lumbung.publications import helping
from lumbung.publications.drafts import queries
from lumbung.publications.models import Draft, Kind


def page(kind: str, name: str, language: str, *, now: datetime, today: date) -> str:
    """The page in one language, from the members' own template, with a line above it that says what it is.

    There is no request in it: no menu and no session of the officer, as a stranger would see it.
    """
    draft = queries.draft(kind, name)
    told = queries.facts(kind, name, draft)
    strip = {
        "back": reverse("office:text", kwargs={"kind": kind, "name": name}),
        "back_words": gettext("Back to the text"),
        "preview": gettext("Preview: as members see it once it is published."),
        "nothing": "" if told.get(f"title_{language}") else gettext("Nothing is written in this language yet."),
    }
    template, context = _shown(kind, name, language, told, draft, now=now, today=today)
    with _at_the_members_door(language):
        return render_to_string("office/preview.html", {**strip, **context, "shown": template})


def _shown(
    kind: str, name: str, language: str, told: Any, draft: Draft | None, *, now: datetime, today: date
) -> tuple[str, dict[str, object]]:
    if kind == Kind.ANNOUNCEMENT:
        return "portal/announcement.html", {"notice": queries.notice(told, name, language, today)}
    if kind == Kind.FORM:
        return "portal/forms.html", {"forms": [queries.offered_form(told, name, language, draft, now)]}
    words = queries.help_words(told, language)
    contacts = {"office_phone": settings.LUMBUNG_HELP_PHONE, "office_email": settings.LUMBUNG_HELP_EMAIL}
    return "portal/help_topic.html", {"topic": helping.TOPICS[name], "words": words, **contacts}


@contextmanager
def _at_the_members_door(language: str) -> Iterator[None]:
    """Addresses and words as there; afterwards as before."""
    here = get_urlconf()
    set_urlconf(settings.ROOT_URLCONF)
    try:
        with override(language):
            yield
    finally:
        set_urlconf(here)
