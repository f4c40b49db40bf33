"""Everybody's pages, before any log-in: the first page, announcements, forms, help, advice on safety."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header, http_date
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from lumbung.portal.keeping import kept_page
from lumbung.publications import helping, queries

Told = TypeVar("Told")
NOTICES_A_PAGE = 10
NOTICES_ON_FIRST_PAGE = 3
YEAR_SECONDS = 365 * 24 * 60 * 60
# The members' guide's own texts, digit by digit; the demo answers them.
EXAMPLES = {
    "first_text": ("DAFTAR", "123456789012", "01-01-1990", "3171010101010001"),
    "second_text": ("SALDO", "123456789012"),
}


@login_not_required
@require_safe
@conditional_page
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for anybody."""
    notices = queries.announcements(timezone.localdate(), _language(), limit=NOTICES_ON_FIRST_PAGE)
    return kept_page(request, "portal/home.html", {"notices": notices, **EXAMPLES})


@login_not_required
@require_safe
@conditional_page
def announcements(request: HttpRequest) -> HttpResponse:
    """All announcements that stand today, a page at a time."""
    today = timezone.localdate()
    page = _part(queries.announcements_count(today), request.GET.get("page"))
    offset = (page.number - 1) * NOTICES_A_PAGE
    notices = queries.announcements(today, _language(), offset=offset, limit=NOTICES_A_PAGE)
    return kept_page(request, "portal/announcements.html", {"page": page, "notices": notices})


@login_not_required
@require_safe
@conditional_page
def announcement(request: HttpRequest, notice: str) -> HttpResponse:
    """One announcement."""
    found = queries.announcement(notice, timezone.localdate(), _language())
    if found is None:
        raise Http404
    return kept_page(request, "portal/announcement.html", {"notice": found})


@login_not_required
@require_safe
@conditional_page
def forms(request: HttpRequest) -> HttpResponse:
    """The forms to download."""
    return kept_page(request, "portal/forms.html", {"forms": queries.forms(_language())})


@login_not_required
@require_safe
def form(request: HttpRequest, form_name: str) -> HttpResponse:
    """The form as it is offered now, under an address that stays: it leads to the file's own."""
    version = queries.form_version(form_name)
    if version is None:
        raise Http404
    return redirect("portal:form_file", form_name=form_name, version=version)


@login_not_required
@require_safe
@conditional_page
def form_file(request: HttpRequest, form_name: str, version: str) -> HttpResponse:
    """The file. Its address names its content, so it may be kept for ever; an older one leads to today's."""
    file = queries.form_file(form_name)
    if file is None:
        raise Http404
    if file.version != version:
        return redirect("portal:form", form_name=form_name)
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.file_name)
    response.headers["ETag"] = f'"{file.version}"'
    response.headers["Last-Modified"] = http_date(file.changed_at.timestamp())
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


@login_not_required
@require_safe
@conditional_page
def help_index(request: HttpRequest) -> HttpResponse:
    """Problems and solutions, one line each."""
    own = _own_words(queries.help_titles, _language()) or {}
    groups = [
        {"title": group.title, "topics": [(topic, own.get(topic.slug)) for topic in group.topics]}
        for group in helping.GROUPS
    ]
    return kept_page(request, "portal/help.html", {"groups": groups, **_office()})


@login_not_required
@require_safe
@conditional_page
def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """One problem: what may be behind it, what to do, and the way out."""
    found = helping.TOPICS.get(topic)
    if found is None:
        raise Http404
    words = _own_words(queries.help_words, topic, _language())
    return kept_page(request, "portal/help_topic.html", {"topic": found, "words": words, **_office()})


def _own_words(read: Callable[..., Told], *about: str) -> Told | None:
    """What officers wrote. Help is needed most when the database is away: then the built-in words stand there."""
    try:
        return read(*about)
    except DatabaseError:
        return None


@login_not_required
@require_safe
@conditional_page
def security(request: HttpRequest) -> HttpResponse:
    """How to keep an account safe, in plain words."""
    return kept_page(request, "portal/security.html", {"chapters": helping.SAFETY, **_office()})


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _part(rows: int, wanted: str | None) -> Page[int]:
    return Paginator(range(rows), NOTICES_A_PAGE).get_page(wanted)


def _office() -> dict[str, str]:
    """How to reach the fund's people, as far as the operator said."""
    return {"office_phone": settings.LUMBUNG_HELP_PHONE, "office_email": settings.LUMBUNG_HELP_EMAIL}
