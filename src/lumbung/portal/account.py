"""The hub of a member's account: what can be looked at and changed, one link each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.portal.requests import LoggedIn

# Address by name, what it is called, and what one finds there.
PLACES = (
    ("portal:contacts", _("Phone and e-mail"), _("Where we reach you, and how you change it.")),
    ("mfa_index", _("Password, passkeys and codes"), _("How you log in, and a second lock.")),
    ("account_sessions", _("Where you are logged in"), _("Every device, and how you log it out from here.")),
    (
        "account_activity",
        _("What happened with your account"),
        _("Every log-in and change, and who of the fund opened your record."),
    ),
    (
        "portal:push",
        _("Messages on this device"),
        _("Be told at once when there is news, and where you are told."),
    ),
    ("portal:numbers", _("My member numbers"), _("Join several numbers, or part them again.")),
    ("portal:cases", _("My requests"), _("What you asked of the fund, and what it answered.")),
    (
        "portal:correct",
        _("Something in my data is wrong"),
        _("Ask us to correct your name, birth date or KTP number."),
    ),
)


@require_safe
def account(request: LoggedIn) -> HttpResponse:
    """Everything about the account, by name."""
    person = access.person(request.user)
    places = [{"url": _address(name), "title": title, "text": text} for name, title, text in PLACES]
    found = [place for place in places if place["url"]]
    return render(request, "portal/account.html", {"person": person, "places": found})


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
