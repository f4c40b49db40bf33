"""The session's borders: its door, its kind of user, its time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from lumbung.accounts.sessions import actions as sessions

Next = Callable[[HttpRequest], HttpResponse]
# How often an active session is saved, and how often its line in the list of sessions is, in seconds.
SAVED_EVERY = 60
LISTED_EVERY = 300


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds without a request, and seconds since log-in, after which a session ends."""

    idle: int
    limit: int

    @classmethod
    def of(cls, session: SessionBase) -> "Times":
        """Shorter ones on a computer that others use too."""
        if session.get("public"):
            return cls(settings.LUMBUNG_PUBLIC_SESSION_AGE, settings.LUMBUNG_PUBLIC_SESSION_LIMIT)
        return cls(settings.SESSION_COOKIE_AGE, settings.LUMBUNG_SESSION_LIMIT)


@dataclass(frozen=True, slots=True)
class Left:
    """Seconds until a session ends when nothing is asked, and until it ends whatever is asked."""

    idle: int
    limit: int


class SessionGuard:
    """Keeps a session to the door it was made at, to that door's kind of user, and to its time.

    Idle time-out: an active session is saved once a minute, so it ends at most a minute later than said. Absolute
    time-out: seconds since log-in. A page that is closed because of it says so at the log-in.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.new_session = import_module(settings.SESSION_ENGINE).SessionStore

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        is_over = settings.SESSION_COOKIE_NAME in request.COOKIES and self._check(request, now)
        response = self.get_response(request)
        if request.session.accessed:  # looking into one that nobody looked into would read the database
            self._stamp(request, now)
        is_logged_in = request.session.accessed and SESSION_KEY in request.session
        if is_over and not is_logged_in:
            self._say_so(response)
        if "Cache-Control" not in response or is_logged_in or not self._is_public(request):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _check(self, request: HttpRequest, now: int) -> bool:
        """Put nobody's session in the place of one that doesn't count here. Whether there was one that is over."""
        session, door = request.session, request.door  # type: ignore[attr-defined]
        if session.is_empty():
            return True
        since, seen = session.get("since"), session.get("seen")
        if session.is_empty():  # the cookie is older than the row in the database
            return True
        times = Times.of(session)
        is_idle = seen is not None and now - seen > times.idle + SAVED_EVERY
        is_over = is_idle or (since is not None and now - since > times.limit)
        if is_over:
            session.flush()
        is_foreign = session.get("door") != door.name
        if is_over or is_foreign or (request.user.is_authenticated and request.user.kind != door.kind):
            request.session = self.new_session()
            request.user = AnonymousUser()
        elif since is not None:
            request.session_left = Left(times.idle, times.limit - (now - since))  # type: ignore[attr-defined]
        return is_over

    def _stamp(self, request: HttpRequest, now: int) -> None:
        session = request.session
        if session.is_empty():
            return
        if "door" not in session:
            session["door"] = request.door.name  # type: ignore[attr-defined]
        if SESSION_KEY in session:
            session.setdefault("since", now)
            if now - session.get("seen", 0) >= SAVED_EVERY:
                session["seen"] = now
            if now - session.get("listed", 0) >= LISTED_EVERY:
                session["listed"] = now
                sessions.note_activity(session.session_key, now=request.now)  # type: ignore[attr-defined]

    def _say_so(self, response: HttpResponse) -> None:
        """Lets the log-in page, if that is where the request is sent, say why."""
        target = response.get("Location", "")
        if response.status_code == 302 and target.partition("?")[0] == resolve_url(settings.LOGIN_URL):
            response.headers["Location"] = f"{target}{'&' if '?' in target else '?'}{urlencode({'ended': 1})}"

    def _is_public(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is not None and not getattr(match.func, "login_required", True)
