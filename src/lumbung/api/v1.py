"""Version 1 of the programs' interface."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError

from lumbung.api.scopes import Scope

api = NinjaAPI(
    title="Lumbung",
    version="1",
    urls_namespace="api",
    docs_url=None,  # a page of scripts from elsewhere
    openapi_url=None,  # `description` below, because ninja's own answers every method and needs no scope
    auth=Scope("me"),
)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, refusal: HttpError) -> HttpResponse:
    code = "scope_needed" if refusal.status_code == 403 else "refused"
    return api.create_response(request, {"code": code, "message": str(refusal)}, status=refusal.status_code)


class Me(Schema):
    """The program itself: its name as registered, and what the present token allows."""

    name: str
    scopes: list[str]


@api.get("/me", response=Me, summary="Who this token belongs to")
def me(request: HttpRequest) -> Me:
    token = request.token  # type: ignore[attr-defined]
    return Me(name=token.client.name, scopes=token.get_scopes())


@api.get("/openapi.json", include_in_schema=False)
def description(request: HttpRequest) -> dict[str, Any]:
    """This interface as OpenAPI 3.1; only for programs, like everything here."""
    return api.get_openapi_schema()
