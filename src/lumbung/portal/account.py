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
    ("portal:profile", _("My profile"), _("Address, heirs, bank account, language.")),
    ("account_contacts", _("Phone and e-mail"), _("Where we reach you, and how you change it.")),
    ("mfa_index", _("Password, passkeys and codes"), _("How you log in, and a second lock.")),
    ("portal:lock", _("Lock"), _("Stop every change and every pay-out at once, and let go again.")),
    ("account_sessions", _("Where you are logged in"), _("Every device, and how you log it out from here.")),
    (
        "portal:opened",
        _("Who opened my record"),
        _("Every log-in and change, and each time somebody of the fund opened your record."),
    ),
    ("portal:card", _("Membership card"), _("To show, to print, to keep on the phone.")),
    ("portal:statement", _("Statement"), _("Your balance line by line, signed, and a page about each year.")),
    ("portal:my_data", _("My data"), _("Everything that is held about you, to take away.")),
    ("portal:notices", _("How we tell you"), _("By SMS, e-mail or on your device, for each kind of news.")),
    ("portal:consents", _("What I allow"), _("What we may do beyond the law, and what we do by which law.")),
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
    ("portal:close_account", _("Close this account"), _("What is kept, what goes, and how you come back.")),
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
