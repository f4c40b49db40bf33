"""The hub of a member's account: what can be looked at and changed, one link each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.portal.requests import LoggedIn

# Address by name, what it is called, and what one finds there.
PLACES = (
    ("portal:contacts", gettext_lazy("Phone and e-mail"), gettext_lazy("Where we reach you, and how you change it.")),
    ("mfa_index", gettext_lazy("Password, passkeys and codes"), gettext_lazy("How you log in, and a second lock.")),
    (
        "account_sessions",
        gettext_lazy("Where you are logged in"),
        gettext_lazy("Every device, and how you log it out from here."),
    ),
    (
        "account_activity",
        gettext_lazy("What happened with your account"),
        gettext_lazy("Every log-in and change, and who of the fund opened your record."),
    ),
    ("portal:numbers", gettext_lazy("My member numbers"), gettext_lazy("Join several numbers, or part them again.")),
    ("portal:cases", gettext_lazy("My requests"), gettext_lazy("What you asked of the fund, and what it answered.")),
    (
        "portal:correct",
        gettext_lazy("Something in my data is wrong"),
        gettext_lazy("Ask us to correct your name, birth date or KTP number."),
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
