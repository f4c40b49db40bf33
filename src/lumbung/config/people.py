"""Sessions, languages, forms and log-ins: at the doors that people come in by, and at no other."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

Next = Callable[[HttpRequest], HttpResponse]


class PeopleMiddleware:
    """LUMBUNG_PEOPLE_MIDDLEWARE, one around the other, for requests at doors with sessions.

    A machine shows a secret with each request and no cookie (the doors hand none on): it is nobody until its
    secret was looked at, it has no language of its own, and what it is told is kept by nobody on the way, unless
    the view says that it may be.
    """

    def __init__(self, get_response: Next) -> None:
        self.machines = get_response
        self.people: Callable[[HttpRequest], Any] = get_response
        self.views: list[Callable[..., HttpResponse | None]] = []
        for path in reversed(settings.LUMBUNG_PEOPLE_MIDDLEWARE):
            middleware = import_string(path)(self.people)
            for hook in ("process_exception", "process_template_response"):
                assert not hasattr(middleware, hook), f"{path} wants {hook}, which is not handed on here"
            if hasattr(middleware, "process_view"):
                self.views.insert(0, middleware.process_view)
            self.people = convert_exception_to_response(middleware)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.door.has_sessions:  # type: ignore[attr-defined]
            response: HttpResponse = self.people(request)
            return response
        request.user = AnonymousUser()
        translation.activate(settings.LANGUAGE_CODE)
        response = self.machines(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """As Django asks each middleware before the view: the first answer counts."""
        if request.door.has_sessions:  # type: ignore[attr-defined]
            for process_view in self.views:
                response = process_view(request, *view)
                if response is not None:
                    return response
        return None
