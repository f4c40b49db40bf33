"""The lock: stop every change and every pay-out at once, and let go again with fresh proof."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.locking import actions, queries
from lumbung.accounts.proof import proof_needed
from lumbung.accounts.recovery.views import read_or_post
from lumbung.errors import Refusal
from lumbung.portal.requests import LoggedIn


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: LoggedIn) -> HttpResponse:
    """Whether the member is locked, and the button that locks; it asks for nothing, since it takes nothing."""
    person = access.person(request.user)
    if request.method != "POST" or "confirm" not in request.POST:
        return render(request, "portal/locking/lock.html", {"lock": queries.lock_of(person)})
    if refused := limits.refused(request, "lock"):
        return refused
    actions.lock(person, place=request.door.name, now=request.now, actor=request.user)
    messages.success(
        request, gettext("You are locked: nothing is changed or paid out. All your contacts are told.")
    )
    return redirect("portal:lock")


@read_or_post
@proof_needed
def unlock(request: LoggedIn) -> HttpResponse:
    """Lift the lock, after the password and the second step."""
    person = access.person(request.user)
    if request.method != "POST":
        return render(request, "portal/locking/unlock.html", {"lock": queries.lock_of(person)})
    if refused := limits.refused(request, "lock"):
        return refused
    try:
        actions.unlock(person, actor=request.user, place=request.door.name, now=request.now)
    except Refusal as refusal:
        messages.error(request, refusal.say(gettext))
    else:
        messages.success(request, gettext("The lock is lifted. All your contacts are told."))
    return redirect("portal:lock")
