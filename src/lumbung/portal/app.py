"""What makes the members' pages an app: manifest, service worker, and the page for when there is no line."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext, override
from django.views.decorators.http import conditional_page, require_safe

from lumbung.errors import marked
from lumbung.portal.brand import Brand, brand
from lumbung.publications import helping, queries

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
SHORTEST_LABEL = 12  # what fits below an icon on a phone
# Where a long press on the icon leads, as far as the address is there: its name, its words.
SHORTCUTS = (
    ("portal:dashboard", marked("Balance")),
    ("portal:history", marked("Contributions")),
    ("portal:card", marked("Card")),
    ("portal:inbox", marked("Inbox")),
)
# Pictures of ours for the sheet on which a browser asks whether to install: file, size, shape, what is seen.
SCREENSHOTS = (
    ("narrow", "720x1480", marked("Your balance, as the fund has it today")),
    ("wide", "1280x800", marked("Your balance, as the fund has it today")),
)
# A form larger than this, or the rest after so much, is not brought along unasked: members pay for each megabyte.
LARGEST_FORM, LARGEST_FORMS = 150_000, 450_000
# Other doors and the demo's telephone, with which the worker has nothing to do.
ELSEWHERE = ["/employer/", "/office/", "/api/", "/sms/", "/simulator/"]


@login_not_required
@require_safe
@conditional_page
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """What a browser needs to know to install the pages as an app."""
    if language not in LANGUAGES or not settings.LUMBUNG_APP:
        raise Http404
    with override(language):
        facts = _manifest(brand(), language)
    response = HttpResponse(json.dumps(facts, ensure_ascii=False), content_type="application/manifest+json")
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _manifest(house: Brand, language: str) -> dict[str, Any]:
    shortcuts = [(address, gettext(words)) for name, words in SHORTCUTS if (address := _address(name))]
    return {
        "id": "/",
        "name": house.name,
        "short_name": house.name if len(house.name) <= SHORTEST_LABEL else house.name.split()[0][:SHORTEST_LABEL],
        "description": gettext("Your balance, your contributions and what you are insured for."),
        "lang": language,
        "dir": "ltr",
        "start_url": reverse("portal:dashboard"),
        "scope": "/",
        "display": "standalone",
        "theme_color": house.colour,
        "background_color": house.paper,
        "categories": ["finance"],
        "prefer_related_applications": False,
        "icons": _icons(house),
        "screenshots": _screenshots(house, language),
        "shortcuts": [{"name": words, "url": address} for address, words in shortcuts],
    }


def _icons(house: Brand) -> list[dict[str, str]]:
    """The mark as it can be drawn at any size, and in pixels for those who can't."""
    kinds = {"icon-192.png": "any", "icon-512.png": "any", "maskable-512.png": "maskable"}
    drawn = [
        {"src": house.icons[name], "sizes": f"{size}x{size}", "type": "image/png", "purpose": kind}
        for name, kind in kinds.items()
        if house.icons[name] and (size := name.partition("-")[2].removesuffix(".png"))
    ]
    return [*drawn, {"src": house.icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]


def _screenshots(house: Brand, language: str) -> list[dict[str, str]]:
    """Pictures of pages in the reader's language; another fund's look is not shown for this one's."""
    return [
        {"src": address, "sizes": size, "type": "image/png", "form_factor": shape, "label": gettext(words)}
        for shape, size, words in SCREENSHOTS
        if (address := house.screenshots.get(f"{shape}-{language}.png", ""))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@login_not_required
@require_safe
@conditional_page
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """What is shown when there is no line: forms, help and the way by SMS. It holds nothing of anybody."""
    if language not in LANGUAGES:
        raise Http404
    response = HttpResponse(_offline(language, queries.forms(language)))
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _offline(language: str, forms: Sequence[queries.OfferedForm]) -> str:
    office = (settings.LUMBUNG_HELP_PHONE, settings.LUMBUNG_HELP_EMAIL)
    house = (settings.LUMBUNG_NAME, settings.LUMBUNG_BRAND, settings.LUMBUNG_DEMO)
    own = tuple(queries.all_help_words(language).items())
    return _offline_page(language, tuple(forms), own, office, house)


@lru_cache(maxsize=8)
def _offline_page(
    language: str,
    forms: tuple[queries.OfferedForm, ...],
    own: tuple[tuple[str, queries.Words], ...],
    office: tuple[str, str],
    house: tuple[object, ...],
) -> str:
    """The page, made without the request, so that nothing of who asked can be in it; anew when any of these is."""
    words = dict(own)
    groups = [
        {"title": group.title, "topics": [(topic, words.get(topic.slug)) for topic in group.topics]}
        for group in helping.GROUPS
    ]
    with override(language):
        context = {
            "forms": forms,
            "groups": groups,
            "other": next(code for code in LANGUAGES if code != language),
            "office_phone": office[0],
        }
        return render_to_string("portal/offline.html", context)


@login_not_required
@require_safe
@conditional_page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its version is a digest of all that it keeps, so a browser sees when any of it changed.

    When the operator switches the app off, whoever has it gets one that takes itself and all it kept away.
    """
    facts = json.dumps(_facts() if settings.LUMBUNG_APP else {"off": True}).replace("<", "\\u003c")
    response = HttpResponse(render_to_string("portal/worker.js", {"facts": facts}), content_type="text/javascript")
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _facts() -> dict[str, Any]:
    """What the worker is told: what to keep, where not to meddle, and its words."""
    house, forms = brand(), {language: queries.forms(language) for language in LANGUAGES}
    files = [f"{settings.STATIC_URL}portal/lumbung.css", house.stylesheet, house.icon, house.logo]
    kept = [address for address in (*files, house.icons["icon-192.png"], house.icons["badge-96.png"]) if address]
    facts = {
        "offline": {language: reverse("portal:offline", args=[language]) for language in LANGUAGES},
        "files": kept,
        "forms": _small(forms[LANGUAGES[0]]),
        "elsewhere": ELSEWHERE,
        "inbox": reverse("portal:inbox"),
        "name": house.name,
        "icon": house.icons["icon-192.png"] or house.icon,
        "badge": house.icons["badge-96.png"],
        "words": {language: _words(language) for language in LANGUAGES},
    }
    pages = [_offline(language, forms[language]) for language in LANGUAGES]
    whole = "\0".join([json.dumps(facts), *pages, *map(_digest, kept)])
    return {**facts, "version": hashlib.sha256(whole.encode()).hexdigest()[:16]}


def _small(forms: Sequence[queries.OfferedForm]) -> list[str]:
    """Addresses of the forms that are small enough to be brought along."""
    found, left = [], LARGEST_FORMS
    for form in forms:
        if form.bytes_count <= min(LARGEST_FORM, left):
            left -= form.bytes_count
            found.append(reverse("portal:form_file", args=[form.slug, form.version]))
    return found


def _words(language: str) -> dict[str, str]:
    """What a push says, by its word: nothing that a stranger who sees the screen should not read."""
    with override(language):
        return {
            "news": gettext("There is news in your account."),
            "test": gettext("This is a test. Messages from us arrive on this device."),
        }


@lru_cache(maxsize=64)
def _digest(address: str) -> str:
    """A digest of a static file, which stays as it is while the server runs."""
    path = finders.find(address.removeprefix(settings.STATIC_URL))
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if isinstance(path, str) else address
