"""Version 1 of the programs' interface."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError

from lumbung.api.scopes import Scope

api = NinjaAPI(
    title="Lumbung",
    version="1",
    urls_namespace="api",
    docs_url=None,  # a page of scripts; the description itself is at /api/v1/openapi.json, for programs
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
