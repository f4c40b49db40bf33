"""The membership card: on screen, to keep as PDF or picture, made anew, withdrawn."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.queries import read_only_until
from lumbung.errors import Refusal
from lumbung.papers import actions, drawing, queries
from lumbung.papers.house import LANGUAGES, house
from lumbung.portal.requests import LoggedIn

DRAWN = {"pdf": (drawing.card_pdf, "application/pdf"), "png": (drawing.card_png, "image/png")}


@require_safe
def card(request: LoggedIn) -> HttpResponse:
    """The card that stands, as it was signed; without one, what a card is and how to get it."""
    paper = queries.standing_card(access.person(request.user))
    if paper is None:
        return render(request, "portal/papers/no_card.html")
    assert paper.text is not None, "the database holds it for every card"
    context = {
        "card": queries.card_of(paper),
        "qr": mark_safe(drawing.code(paper.text)),  # noqa: S308  (our own drawing of base64)
        "text": paper.text,
        "last_day": queries.last_day(paper),
        "is_over": queries.is_over(paper, now=request.now),
        "languages": settings.LANGUAGES,
    }
    return render(request, "portal/papers/card.html", context)


@require_POST
def make_card(request: LoggedIn) -> HttpResponse:
    """Make the card as of today. While the account only shows, a first one may be made, none replaced."""
    person = access.person(request.user)
    if refused := limits.refused(request, "make_paper"):
        return refused
    time = read_only_until(request.user, request.now)
    if time is not None and queries.standing_card(person) is not None:
        return render(request, "portal/recovery/read_only.html", {"time": time}, status=403)
    actions.issue_card(
        person, user=request.user, issuer=settings.LUMBUNG_PUBLIC_URL, place=request.door.name, now=request.now
    )
    messages.success(request, gettext("Your card is made. Whoever checks an older one is told that it is old."))
    return redirect("portal:card")


@require_POST
def withdraw_card(request: LoggedIn) -> HttpResponse:
    """The card is lost or in wrong hands: a check says so from now on."""
    try:
        actions.withdraw_card(
            access.person(request.user), user=request.user, place=request.door.name, now=request.now
        )
    except Refusal as refusal:
        messages.info(request, refusal.say(gettext))
    else:
        messages.success(request, gettext("The card is withdrawn. Whoever checks it is told not to accept it."))
    return redirect("portal:card")


@require_safe
def card_file(request: LoggedIn, language: str, form: str) -> HttpResponse:
    """The card that stands, to keep: a PDF to print or a picture for the phone, in the language chosen."""
    paper = queries.standing_card(access.person(request.user))
    if paper is None or form not in DRAWN or language not in LANGUAGES:
        raise Http404
    if refused := limits.refused(request, "make_paper", limit_get=True):
        return refused
    draw, media_type = DRAWN[form]
    assert paper.text is not None, "the database holds it for every card"
    made = queries.card_of(paper)
    try:
        content = draw(made, paper.text, house(), language=language)
    except Refusal as refusal:
        messages.info(request, refusal.say(gettext))
        return redirect("portal:card")
    response = HttpResponse(content, content_type=media_type)
    name = gettext("membership-card")
    named = f"{name}-{made.valid_on.isoformat()}.{form}"
    response.headers["Content-Disposition"] = content_disposition_header(True, named)
    return response
