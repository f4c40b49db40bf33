"""Who may ask at the app's door: a member whose session token is in order, before any view is chosen."""

from collections.abc import Callable
from importlib import import_module

from allauth.core.internal.sessionkit import get_session_user
from allauth.headless import app_settings
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from lumbung.accounts.models import User
from lumbung.accounts.sessions import actions as sessions
from lumbung.api.app import read_only
from lumbung.api.app.tokens import DOOR
from lumbung.api.problems import problem

HEADER = "X-Session-Token"


class AppGate:
    """Closed unless opened, as everywhere: a path that is not there looks like one that asks for a log-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.new_session = import_module(settings.SESSION_ENGINE).SessionStore

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.door.name != DOOR:  # type: ignore[attr-defined]
            return self.get_response(request)
        request.session = self.new_session()
        with translation.override(translation.get_language_from_request(request)):
            response = self._answer(request)
        patch_vary_headers(response, (HEADER, "Accept-Language"))
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """While the account only shows, what is sent is refused here too."""
        if request.door.name != DOOR or not isinstance(request.user, User):  # type: ignore[attr-defined]
            return None
        return read_only.refused(request, request.user)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if _is_public(request):  # allauth's views look for the session themselves
            return self.get_response(request)
        token = request.headers.get(HEADER, "")
        session = app_settings.TOKEN_STRATEGY.lookup_session(token) if token.isalnum() else None
        user = None if session is None else get_session_user(session)
        if session is None or user is None or user.kind != request.door.kind:  # type: ignore[attr-defined]
            return refused()
        request.session, request.user = session, user
        response = self.get_response(request)
        sessions.keep(request.session)
        return response


def refused() -> HttpResponse:
    """The one answer to no token, an unknown one, an old one, and one of another door."""
    return problem(401, "log_in_needed", f"Log in, then send {HEADER}.")


def _is_public(request: HttpRequest) -> bool:
    try:
        match = resolve(request.path_info, request.urlconf)
    except Resolver404:
        return False
    return not getattr(match.func, "login_required", True)
