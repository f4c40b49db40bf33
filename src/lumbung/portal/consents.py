"""What a member allows: to read, to give and to take back with the same one tap."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from lumbung import access
from lumbung.accounts.access_events import DOORS
from lumbung.errors import Refusal
from lumbung.portal.requests import LoggedIn
from lumbung.profiles.consents import actions, queries
from lumbung.profiles.consents.purposes import PURPOSES, WITHOUT_ASKING
from lumbung.profiles.models import Consent
from lumbung.registry.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: LoggedIn) -> HttpResponse:
    """Each purpose with its text and where it stands; then everything given before; then what needs no consent."""
    person = access.person(request.user)
    purpose = request.POST.get("purpose", "")
    if request.method == "POST" and purpose in PURPOSES:
        return _decided(request, purpose)
    return render(request, "portal/consents.html", _page(person))


def _decided(request: LoggedIn, purpose: str) -> HttpResponse:
    here: dict[str, Any] = {"place": request.door.name, "now": request.now}
    if "withdraw" in request.POST:
        actions.withdraw(request.user, purpose, **here)
        messages.success(request, gettext("Taken back. We don't do it any more."))
        return redirect("portal:consents")
    version = request.POST.get("version", "")
    try:
        actions.give(
            request.user,
            purpose,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 5 else 0,
            text=gettext(PURPOSES[purpose].text),
            language=get_language() or "",
            **here,
        )
    except Refusal as refusal:
        messages.error(request, refusal.say(gettext))
    else:
        messages.success(request, gettext("Thank you. You can take it back at any time, here."))
    return redirect("portal:consents")


def _page(person: Person) -> dict[str, Any]:
    given = list(queries.of_person(person))
    standing = {each.purpose: each for each in given if each.withdrawn_at is None}
    return {
        "purposes": [
            {"purpose": each, "consent": _current(standing.get(each.code))} for each in PURPOSES.values()
        ],
        "given": [_row(each) for each in given],
        "without": WITHOUT_ASKING,
    }


def _current(consent: Consent | None) -> Consent | None:
    """The consent, when it is to the present text."""
    return consent if consent is not None and consent.version == PURPOSES[consent.purpose].version else None


def _row(consent: Consent) -> dict[str, Any]:
    known = PURPOSES.get(consent.purpose)
    return {
        "consent": consent,
        "title": gettext(known.title) if known else consent.purpose,
        "given_door": gettext(DOORS.get(consent.given_place, consent.given_place)),
        "withdrawn_door": gettext(DOORS.get(consent.withdrawn_place, "–")),
    }
