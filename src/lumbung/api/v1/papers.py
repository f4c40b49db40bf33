"""The member's papers, for the member's own app: the card that stands, and signed statements."""

from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.queries import read_only_until
from lumbung.api.app.read_only import only_shows
from lumbung.api.problems import problem
from lumbung.api.v1.refusals import TooMany
from lumbung.api.v1.schemas import Asked, Day, Language, Problem
from lumbung.api.v1.session import REFUSED, member, needs
from lumbung.papers import actions, drawing, queries
from lumbung.papers.house import house
from lumbung.papers.models import Paper

router = Router(tags=["me"])
Draw = Callable[..., bytes]


class MembershipCard(Schema):
    """The card that stands, as it was signed. Whoever has its text can check it at `/verify/`, or offline."""

    reference: str = Field(description="The paper's number, by chance.")
    text: str = Field(description="The signed text that the QR code holds (RFC 7515, EdDSA).")
    name: str
    member_numbers: list[str] = Field(description="The last four digits of each.")
    valid_on: date = Field(description="The day that it speaks of.")
    active: bool
    programmes: list[str] = Field(description="Those that cover on the day; none when not active.")
    last_day: date = Field(description="The last day on which it is accepted.")
    is_over: bool
    issued_at: datetime


class StatementAsked(Asked):
    """Which days, both counted, and in which language."""

    first: Day | None = Field(None, description="From the first booking when left out.")
    last: Day
    language: Language | None = Field(None, description="That of Accept-Language when left out.")


@router.get(
    "/card",
    response={200: MembershipCard, **REFUSED, 404: Problem},
    summary="The membership card that stands",
    **needs("card"),
)
@decorate_view(conditional_page)
def card(request: HttpRequest) -> HttpResponse:
    paper = queries.standing_card(access.person(member(request)))
    return _no_card() if paper is None else JsonResponse(_told(request, paper))


@router.post(
    "/card",
    response={201: MembershipCard, **REFUSED, 429: Problem},
    summary="Make the card as of today",
    description="The one before it is replaced. While the account only shows, a first one may be made.",
    **needs("card"),
)
def make_card(request: HttpRequest) -> HttpResponse:
    user, now = member(request), request.now  # type: ignore[attr-defined]
    person = access.person(user)
    if not limits.allows(request, "make_paper"):
        raise TooMany
    time = read_only_until(user, now)
    if time is not None and queries.standing_card(person) is not None:
        return only_shows(time)
    paper = actions.issue_card(
        person, user=user, issuer=settings.LUMBUNG_PUBLIC_URL, place=_door(request), now=now
    )
    return JsonResponse(_told(request, paper), status=201)


def _told(request: HttpRequest, paper: Paper) -> dict[str, Any]:
    made = queries.card_of(paper)
    return {
        "reference": made.issue.reference,
        "text": paper.text,
        "name": made.name,
        "member_numbers": made.numbers,
        "valid_on": made.valid_on,
        "active": made.is_active,
        "programmes": made.programmes,
        "last_day": queries.last_day(paper),
        "is_over": queries.is_over(paper, now=request.now),  # type: ignore[attr-defined]
        "issued_at": made.issue.issued_at,
    }


def _no_card() -> HttpResponse:
    return problem(404, "no_card", "There is no card that stands. Make one by POST.")


def _given(media_type: str) -> dict[int, Any]:
    """How a file that is given is described."""
    content = {media_type: {"schema": {"type": "string", "contentMediaType": media_type}}}
    return {200: {"description": "The file", "content": content}}


Written = Annotated[Language | None, Query(description="That of Accept-Language when left out.")]
_FILE = {**REFUSED, 404: Problem, 422: Problem, 429: Problem}


@router.get(
    "/card/pdf",
    response=_FILE,
    summary="The card that stands as a PDF to print",
    **needs("card", responses=_given("application/pdf")),
)
def card_pdf(request: HttpRequest, language: Written = None) -> HttpResponse:
    return _card_file(request, language, drawing.card_pdf, "application/pdf")


@router.get(
    "/card/png",
    response=_FILE,
    summary="The card that stands as a picture for the phone",
    **needs("card", responses=_given("image/png")),
)
def card_png(request: HttpRequest, language: Written = None) -> HttpResponse:
    return _card_file(request, language, drawing.card_png, "image/png")


def _card_file(request: HttpRequest, language: str | None, draw: Draw, media_type: str) -> HttpResponse:
    """The card drawn, unless the app has it already: that is known without drawing."""
    paper = queries.standing_card(access.person(member(request)))
    if paper is None:
        return _no_card()
    assert paper.text is not None, "the database holds it for every card"
    said, own = language or _language(), house()
    etag = f'"{sha256(repr((paper.reference, said, media_type, own)).encode()).hexdigest()[:32]}"'
    response = HttpResponse(content_type=media_type, headers={"ETag": etag})
    answer = get_conditional_response(request, etag=etag, response=response)
    if answer is not None and answer is not response:
        return answer
    if not limits.allows(request, "make_paper", limit_get=True):
        raise TooMany
    made = queries.card_of(paper)
    response.content = draw(made, paper.text, own, language=said)
    _named(response, f"card-{made.valid_on.isoformat()}.{media_type.rpartition('/')[2]}")
    return response


@router.post(
    "/statement",
    response={**REFUSED, 422: Problem, 429: Problem},
    summary="A signed statement of a period, as a PDF",
    description="What was booked between two days. Each one that is made stands in the access log.",
    **needs("statement", responses=_given("application/pdf")),
)
def statement(request: HttpRequest, asked: StatementAsked) -> HttpResponse:
    user = member(request)
    person = access.person(user)
    if not limits.allows(request, "make_paper"):
        raise TooMany
    made = actions.make_statement(
        person,
        None if asked.first is None else date.fromisoformat(asked.first),
        date.fromisoformat(asked.last),
        user=user,
        house=house(),
        issuer=settings.LUMBUNG_PUBLIC_URL,
        language=asked.language or _language(),
        place=_door(request),
        now=request.now,  # type: ignore[attr-defined]
    )
    response = HttpResponse(made, content_type="application/pdf")
    _named(response, "-".join(["statement", *(day for day in (asked.first, asked.last) if day)]) + ".pdf")
    return response


def _named(response: HttpResponse, name: str) -> None:
    response.headers["Content-Disposition"] = content_disposition_header(True, name)


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _door(request: HttpRequest) -> str:
    name: str = request.door.name  # type: ignore[attr-defined]
    return name
