"""Who opened my record: every line of a member's access log, in words."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.accounts.access_events import DOORS, NOBODY, ROLES, UNKNOWN, WORDS
from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.sessions import queries
from lumbung.portal.requests import LoggedIn

EVENTS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log as the member reads it, in the active language."""

    event: AccessEvent
    what: str
    who: str
    door: str
    is_another: bool


@require_safe
def opened(request: LoggedIn) -> HttpResponse:
    """What was done or seen, by whom (a role, never a name), when, at which door and why; the newest first."""
    access.person(request.user)
    only_others = request.GET.get("by") == "others"
    events = queries.events_of_others(request.user) if only_others else queries.events(request.user)
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [line(event, request.user) for event in page],
        "only_others": only_others,
        "kept": "by=others&" if only_others else "",
    }
    return render(request, "portal/opened.html", context)


def line(event: AccessEvent, user: User) -> Line:
    """An event in words, as this member reads it."""
    is_own = event.actor_id == user.pk
    role = ROLES[event.actor.kind] if event.actor is not None else NOBODY.get(event.place, UNKNOWN)
    return Line(
        event=event,
        what=gettext(WORDS[event.what]),
        who=gettext("You") if is_own else gettext(role),
        door=gettext(DOORS.get(event.place, event.place)),
        is_another=not is_own and event.actor is not None,
    )
