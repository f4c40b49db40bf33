"""What a door answers when it can't serve: pages for people, problems for programs, plain text for gateways."""

import sys
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from lumbung.accounts import limits
from lumbung.api.problems import problem
from lumbung.config.away import is_database_away
from lumbung.maintenance import Maintenance

CODES = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}
# For programs; people get pages.
SENTENCES = {
    HTTPStatus.BAD_REQUEST: "The request can't be read.",
    HTTPStatus.FORBIDDEN: "This may not be done.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or it is not yours.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many tries. Wait as long as Retry-After says.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke here. Nothing was changed by halves.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Nothing is served at the moment. Ask again after Retry-After.",
}
# After so many seconds it is worth asking again when nobody said until when.
RETRY_SECONDS = 120


def _is_for_people(request: HttpRequest) -> bool:
    door = getattr(request, "door", None)
    return door is not None and door.has_sessions


def _refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if _is_for_people(request):
        return render(request, f"{status}.html", status=status)
    return problem(status, CODES[status], SENTENCES[status])


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest) -> HttpResponse:
    """The page says how long to wait for the limit that was met, and so does the header."""
    if _is_for_people(request):
        return limits.page(request, "429.html")
    return limits.with_wait(request, _refuse(request, HTTPStatus.TOO_MANY_REQUESTS))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the log-in, or came from another site. The reason is neither shown nor logged:
    it may hold the page's address."""
    return _refuse(request, HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing that may be what broke is used: no user, no database, no context processor.

    Django calls this while it handles the exception. When that says that the database is away, nothing is
    broken here: the answer is to come again soon.
    """
    if is_database_away(sys.exception()):
        return unavailable(request, None, retry_seconds=RETRY_SECONDS)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if _is_for_people(request):
        return HttpResponse(render_to_string("500.html"), status=status)
    return problem(status, CODES[status], SENTENCES[status])


def under_maintenance(request: HttpRequest, standing: Maintenance, *, now: datetime) -> HttpResponse:
    """What every door but an open one for texts answers while the operator works."""
    if standing.until is None or standing.until <= now:  # it takes longer than was foreseen: promise nothing
        return unavailable(request, replace(standing, until=None), retry_seconds=RETRY_SECONDS)
    seconds = max(60, round((standing.until - now).total_seconds()))
    return unavailable(request, standing, retry_seconds=seconds)


def unavailable(request: HttpRequest, standing: Maintenance | None, *, retry_seconds: int) -> HttpResponse:
    """503 as each door's callers understand it.

    The gateway gets the bare status, which it takes for "not handed over" and tries again; anything else would
    lose the text. `standing` is None when nobody closed the doors but the database is away.
    """
    status = HTTPStatus.SERVICE_UNAVAILABLE
    door = getattr(request, "door", None)
    response: HttpResponse
    if _is_for_people(request):
        response = HttpResponse(_page(request, standing), status=status)
    elif door is not None and door.name == "sms":
        response = HttpResponse("Unavailable.\n", status=status, content_type="text/plain")
    else:
        facts = {"until": standing.until.isoformat()} if standing and standing.until else {}
        code = "maintenance" if standing else CODES[status]
        response = problem(status, code, SENTENCES[status], **facts)
    response.headers["Retry-After"] = str(retry_seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, standing: Maintenance | None) -> str:
    """The page in the reader's language, with the same said shortly in the other one: it has no switch, which
    would need a door that is open."""
    here = translation.get_language_from_request(request)
    others = [code for code, _ in settings.LANGUAGES if code != here]
    context = {
        "standing": standing,
        "message": standing.message(here) if standing else "",
        "other": others[0],
        "other_message": standing.message(others[0]) if standing else "",
    }
    with translation.override(here):
        return render_to_string("503.html", context)
