"""An app's session: rows that browsers have too, known by a token in a header, kept to this door and its time."""

import time

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from lumbung.accounts.sessions import actions as sessions

DOOR = "app"
# How often an active session is saved, and how often its line in the list of sessions is, in seconds.
SAVED_EVERY = 60
LISTED_EVERY = 300


class AppTokens(SessionTokenStrategy):  # type: ignore[misc]
    """allauth's, with the borders of `config.session_guard`: a browser's session counts nothing here."""

    def create_session_token(self, request: HttpRequest) -> str:
        """The key of the session, once it carries this door and the instant of the log-in."""
        session = request.session
        session["door"] = DOOR
        if SESSION_KEY in session:
            session.setdefault("since", int(time.time()))
        token: str = super().create_session_token(request)
        return token

    def lookup_session(self, session_token: str) -> SessionBase | None:
        """The session of a token, noted as used; None for one of another door, or one whose time is over."""
        session: SessionBase | None = super().lookup_session(session_token)
        if session is None or session.get("door") != DOOR:
            return None
        now = int(time.time())
        if _is_over(session, now):
            session.flush()
            return None
        _note_use(session, now)
        return session


def _is_over(session: SessionBase, now: int) -> bool:
    since, seen = session.get("since"), session.get("seen")
    is_idle = seen is not None and now - seen > settings.SESSION_COOKIE_AGE + SAVED_EVERY
    return is_idle or (since is not None and now - since > settings.LUMBUNG_SESSION_LIMIT)


def _note_use(session: SessionBase, now: int) -> None:
    """What is changed here is saved by whoever answers the request."""
    if SESSION_KEY not in session:
        return
    if now - session.get("seen", 0) >= SAVED_EVERY:
        session["seen"] = now
    if now - session.get("listed", 0) >= LISTED_EVERY:
        session["listed"] = now
        sessions.note_activity(session.session_key, now=timezone.now())
