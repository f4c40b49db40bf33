"""A member's inbox: what we told, the newest first, and one message with its way on."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lumbung import access
from lumbung.accounts.inbox import actions, queries, words
from lumbung.accounts.telling import words as notices
from lumbung.portal.push import is_offered
from lumbung.portal.requests import LoggedIn

MESSAGES_A_PAGE = 20
# Where to look next, by what a message is about: an address by name, and what the link says.
WAYS = {
    words.SECURITY: ("account_activity", _("What happened with your account")),
    words.CONTACT: ("account_contacts", _("Phone and e-mail")),
    words.REQUEST: ("portal:cases", _("My requests")),
    notices.CONTRIBUTION: ("portal:history", _("Contributions")),
    notices.SAVINGS: ("portal:why_balance", _("Why this number")),
    notices.PAPER: ("portal:opened", _("Who opened my record")),
    notices.ANNOUNCEMENT: ("portal:announcements", _("Announcements")),
}


@require_safe
def messages(request: LoggedIn) -> HttpResponse:
    """One page of messages, by their titles."""
    access.person(request.user)
    page = Paginator(range(queries.count(request.user)), MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    letters = queries.letters(request.user, offset=(page.number - 1) * MESSAGES_A_PAGE, limit=MESSAGES_A_PAGE)
    context = {
        "page": page,
        "letters": letters,
        "unread": queries.unread(request.user),
        "has_push": is_offered(request),
    }
    return render(request, "portal/inbox/list.html", context)


@require_safe
def message(request: LoggedIn, message_id: int) -> HttpResponse:
    """One message; whoever opens it has read it."""
    found = access.message_for(request.user, message_id)
    actions.mark_read(found, now=request.now)
    letter = queries.letter(found)
    way, text = WAYS.get(letter.kind, ("", ""))
    context = {"letter": letter, "way": reverse(way) if way else "", "way_text": text}
    return render(request, "portal/inbox/message.html", context)


@require_POST
def read(request: LoggedIn) -> HttpResponse:
    """All of it is read."""
    access.person(request.user)
    actions.mark_all_read(request.user, now=request.now)
    return redirect("portal:inbox")
