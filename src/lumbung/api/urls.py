"""The programs' addresses, under /api/."""

from collections.abc import Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from lumbung.api.problems import problem
from lumbung.api.tokens import ClientCredentialsView, RevocationView
from lumbung.api.v1.interface import api

# What needs no program's token, by how the address begins under v1/. Everything else stays closed.
OPEN = ("law/", "openapi.json")


def _prepared(patterns: list[Any]) -> Iterator[URLPattern]:
    """ninja's addresses, those that are for everybody marked as such for `TokenMiddleware`."""
    for pattern in patterns:
        view = _with_problems(pattern.callback)
        pattern.callback = login_not_required(view) if str(pattern.pattern).startswith(OPEN) else view
        yield pattern


def _with_problems(view: Any) -> Any:
    """ninja answers a wrong method by itself, in plain text."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response.headers["Allow"]
        answer = problem(response.status_code, "method_not_allowed", f"Here one may ask by {allowed}.")
        answer.headers["Allow"] = allowed
        return answer

    return answered


_patterns, _app_name, _namespace = api.urls
urlpatterns = [
    path("token", ClientCredentialsView.as_view(), name="token"),
    path("revoke", RevocationView.as_view(), name="revoke"),
    path("v1/", (list(_prepared(_patterns)), _app_name, _namespace)),
]
