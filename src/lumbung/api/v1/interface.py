"""The interface put together, and its description as OpenAPI 3.1 for everybody."""

from copy import deepcopy
from functools import cache, wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI
from ninja.decorators import decorate_view

from lumbung.api.app.description import PATHS
from lumbung.api.problems import MEDIA_TYPE, problem
from lumbung.api.v1 import everywhere, law, me, months, notices, papers, programs
from lumbung.api.v1.refusals import answer_with_problems
from lumbung.api.v1.session import SCOPE

DESCRIPTION = """\
What the fund's programs, a member's own app and everybody may ask Lumbung.

Amounts are whole rupiah. Days are `YYYY-MM-DD`, months `YYYY-MM`. What is not whole is text, so that no digit is
lost. What is personal stands in a body or a header, never in an address. What can't be done is a problem (RFC
9457) with a `code` that programs may rely on; its words may change. What is asked by GET has an ETag.
"""

api = NinjaAPI(
    title="Lumbung",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,  # a page of scripts from elsewhere
    openapi_url=None,  # `description` below, because ninja's own answers every method
    servers=[{"url": "/", "description": "This server"}],
)
answer_with_problems(api)
api.add_router("/law", law.router)
for mine in (me, months, papers, notices):
    api.add_router("/me", mine.router)
api.add_router("", programs.router)


@api.get("/openapi.json", include_in_schema=False)
@decorate_view(conditional_page)
def description(request: HttpRequest) -> HttpResponse:
    """This interface as OpenAPI 3.1, for everybody: it says nothing that the source code does not."""
    response = JsonResponse(described())
    patch_cache_control(response, public=True, max_age=law.FRESH_SECONDS)
    return response


# What needs no token, by how the address begins. Everything else stays closed.
OPEN = ("law/", "openapi.json")


def patterns(beginning: str, *, without: bool = False) -> list[Any]:
    """ninja's addresses that begin so, or all others; those for everybody are marked as such for the doors."""
    found = []
    made: list[Any] = api.urls[0]
    once = {str(pattern.pattern): pattern for pattern in made}  # ninja has one for each method
    for route, pattern in once.items():
        if route.startswith(beginning) is not without:
            view = _with_problems(pattern.callback)
            opened = login_not_required(view) if route.startswith(OPEN) else view
            found.append(path(route, opened, name=pattern.name))
    return found


def _with_problems(view: Any) -> Any:
    """ninja answers a wrong method in plain text, and Django a condition that does not hold as an empty page."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.PRECONDITION_FAILED:
            return problem(response.status_code, "changed", "Something else is there by now. Read it anew.")
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response.headers["Allow"]
        answer = problem(response.status_code, "method_not_allowed", f"Here one may ask by {allowed}.")
        answer.headers["Allow"] = allowed
        return answer

    return answered


@cache
def described() -> dict[str, Any]:
    """The description, with the media type that problems really have, scopes, and what holds everywhere."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix="api/v1/")
    for operations in schema["paths"].values():
        for operation in operations.values():
            if scope := operation.pop(SCOPE, None):
                operation["security"] = [{scheme: [scope] for scheme in operation["security"][0]}]
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {MEDIA_TYPE: answer["content"].pop(api.renderer.media_type)}
    schema["paths"].update(deepcopy(PATHS))
    everywhere.complete(schema)
    schema["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    schema["info"]["contact"] = {"name": settings.LUMBUNG_NAME, "url": settings.LUMBUNG_PUBLIC_URL}
    return schema
