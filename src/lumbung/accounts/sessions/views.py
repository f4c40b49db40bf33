"""The pages of sessions: where I am logged in, what happened, and staying logged in."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from lumbung.accounts.access_events import WORDS
from lumbung.accounts.addresses import client_address
from lumbung.accounts.sessions import actions, queries

EVENTS_A_PAGE = 20


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Every place where the user is logged in."""
    found = queries.logged_in(
        request.user,  # type: ignore[arg-type]
        session_key=request.session.session_key,
        here=client_address(request),
        now=request.now,  # type: ignore[attr-defined]
    )
    return render(request, "account/sessions.html", {"sessions": found})


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]  # which keeps what was sent: a number, no secret
def end_session(request: HttpRequest) -> HttpResponse:
    """End one other session. Its number stands in the form, not in the address."""
    number = request.POST.get("session", "")
    is_ended = number.isascii() and number.isdigit() and len(number) < 19
    is_ended = is_ended and actions.end(request.user, int(number), **_deed(request))  # type: ignore[arg-type]
    if not is_ended:
        messages.info(request, gettext("This session is over already."))
    else:
        messages.success(request, gettext("The session is ended. Whoever used it must log in again."))
    return redirect("account_sessions")


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    ended = actions.end_others(request.user, request.session.session_key, **_deed(request))  # type: ignore[arg-type]
    said = ngettext("%(ended)d other session is ended.", "%(ended)d other sessions are ended.", ended)
    messages.success(request, said % {"ended": ended})
    return redirect("account_sessions")


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """What happened with the account and who looked at the record, with an officer's reason."""
    page = Paginator(queries.events(request.user), EVENTS_A_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    lines = [{"event": event, "words": gettext(WORDS[event.what])} for event in page]
    return render(request, "account/activity.html", {"page": page, "lines": lines})


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Whoever asks for this is still there, which is all it takes. A script gets seconds, a form goes back."""
    left = getattr(request, "session_left", None)
    if left is None:
        raise Http404
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"idle": left.idle, "limit": left.limit})
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if is_ours else request.door.home)  # type: ignore[attr-defined]


def _deed(request: HttpRequest) -> dict[str, object]:
    return {"place": request.door.name, "now": request.now}  # type: ignore[attr-defined]
