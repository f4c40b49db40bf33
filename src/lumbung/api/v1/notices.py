"""The member's inbox, for the member's own app: what the fund told, and noting that it was read."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import conditional_page
from ninja import Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from lumbung import access
from lumbung.accounts.inbox import actions, queries
from lumbung.api.v1.schemas import Problem
from lumbung.api.v1.session import REFUSED, Cursor, Limit, cursor_at, member, needs, position_of, unknown_cursor

router = Router(tags=["me"])


class Notice(Schema):
    """One message, in the language of Accept-Language."""

    id: int
    kind: Literal["security", "contact", "request", "news"] = Field(description="What it is about.")
    title: str
    text: str
    made_at: datetime
    is_new: bool = Field(description="Nobody has opened it.")


class Notices(Schema):
    """A page of messages, the newest first. `next_cursor` asks for the page after it; null at the end."""

    unread: int = Field(description="How many of all are new.")
    notices: list[Notice]
    next_cursor: str | None


class Unread(Schema):
    """How many messages are new."""

    unread: int


@router.get(
    "/notices",
    response={200: Notices, **REFUSED, 422: Problem},
    summary="The inbox, the newest first",
    **needs("notices"),
)
@decorate_view(conditional_page)
def notices(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> HttpResponse:
    user, start = member(request), position_of(cursor)
    access.person(user)
    found = None if start is None else queries.letters_after(user, start, limit=limit + 1)
    if found is None:
        return unknown_cursor()
    more = cursor_at(found[limit - 1].id) if len(found) > limit else None
    page = [_notice(each) for each in found[:limit]]
    return JsonResponse({"unread": queries.unread(user), "notices": page, "next_cursor": more})


@router.get(
    "/notices/{int:notice_id}",
    response={200: Notice, **REFUSED, 404: Problem},
    summary="One message; it stays as new as it was",
    **needs("notices"),
)
@decorate_view(conditional_page)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    found = access.message_for(member(request), notice_id)
    return JsonResponse(_notice(queries.letter(found)))


@router.post(
    "/notices/{int:notice_id}/read",
    response={200: Unread, **REFUSED, 404: Problem},
    summary="Note that the message was read",
    **needs("notices"),
)
def read(request: HttpRequest, notice_id: int) -> HttpResponse:
    found = access.message_for(member(request), notice_id)
    actions.mark_read(found, now=request.now)  # type: ignore[attr-defined]
    return JsonResponse({"unread": queries.unread(found.user)})


@router.post(
    "/notices/read", response={200: Unread, **REFUSED}, summary="Note that all was read", **needs("notices")
)
def read_all(request: HttpRequest) -> HttpResponse:
    user = member(request)
    access.person(user)
    actions.mark_all_read(user, now=request.now)  # type: ignore[attr-defined]
    return JsonResponse({"unread": queries.unread(user)})


def _notice(letter: queries.Letter) -> dict[str, Any]:
    return {name: getattr(letter, name) for name in Notice.model_fields}
