"""Announcements by SMS: written, looked at, sent to everybody who wants them, paused and stopped."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lumbung.accounts.proof import proof_needed
from lumbung.broadcasts import actions, queries
from lumbung.broadcasts.models import Broadcast
from lumbung.errors import Refusal
from lumbung.office.broadcast_forms import BroadcastForm
from lumbung.office.requests import OfficerRequest

ROWS_A_PAGE = 20


@require_safe
def overview(request: OfficerRequest) -> HttpResponse:
    """All of them, the newest first."""
    page = Paginator(queries.all_broadcasts(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/broadcasts.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest, name: str) -> HttpResponse:
    """Write the texts for an announcement that is shown."""
    notice = queries.announcement(name, timezone.localdate())
    if notice is None:
        raise Http404
    form = BroadcastForm(request.POST if request.method == "POST" else None, initial=queries.proposed(notice))
    if form.is_valid():
        try:
            row = actions.write(
                notice, form.texts, an_hour=form.cleaned_data["an_hour"], by=request.user.pk, now=request.now
            )
        except Refusal as refusal:
            form.add_error(None, refusal.say(gettext))
        else:
            return redirect("office:broadcast", key=row.pk)
    context = {"form": form, "name": name}
    return render(request, "office/new_broadcast.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def broadcast(request: OfficerRequest, key: int) -> HttpResponse:
    """One of them: its texts, what it takes, how far it got; while nothing was sent, its words to change."""
    row = _found(key)
    form = BroadcastForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            an_hour, by = form.cleaned_data["an_hour"], request.user.pk
            actions.write(row.announcement, form.texts, an_hour=an_hour, by=by, now=request.now, key=key)
        except Refusal as refusal:
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext("Saved. Nothing was sent yet."))
            return redirect("office:broadcast", key=key)
    is_draft = row.state == Broadcast.State.DRAFT
    context = {
        "row": row,
        "shapes": queries.shapes(row),
        "estimate": queries.estimate(row, now=request.now) if is_draft else None,
        "progress": None if is_draft else queries.progress(row, now=request.now),
        "form": form or (BroadcastForm(initial=queries.initial(row)) if is_draft else None),
        "hours": queries.hours(),
        "deeds": queries.deeds(row),
    }
    return render(request, "office/broadcast.html", context, status=200 if form is None else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def begin(request: OfficerRequest, key: int) -> HttpResponse:
    """The last look before it goes to everybody, by an officer who just proved who he is."""
    row = _found(key)
    if request.method == "POST":
        try:
            actions.begin(key, seen=request.POST.get("seen", ""), by=request.user.pk, now=request.now)
        except Refusal as refusal:
            messages.error(request, refusal.say(gettext))
        else:
            messages.success(request, gettext("It begins now, within a minute. You can pause or stop it here."))
        return redirect("office:broadcast", key=key)
    if row.state != Broadcast.State.DRAFT:
        return redirect("office:broadcast", key=key)
    context = {
        "row": row,
        "shapes": queries.shapes(row),
        "estimate": queries.estimate(row, now=request.now),
        "hours": queries.hours(),
        "seen": queries.stamp(row),
    }
    return render(request, "office/begin_broadcast.html", context)


Deed = Callable[[OfficerRequest, int], str]


def deed(does: Deed) -> Callable[..., HttpResponse]:
    """A view that does one thing with a broadcast, says what, and shows it again, or the list when it is gone."""

    @require_POST
    @wraps(does)
    def view(request: OfficerRequest, key: int) -> HttpResponse:
        _found(key)
        try:
            messages.success(request, does(request, key))
        except Refusal as refusal:
            messages.error(request, refusal.say(gettext))
        if queries.broadcast(key) is None:
            return redirect("office:broadcasts")
        return redirect("office:broadcast", key=key)

    return view


@deed
def pause(request: OfficerRequest, key: int) -> str:
    """Put out no more for now."""
    actions.pause(key, by=request.user.pk, now=request.now)
    return gettext("Paused. Texts that were handed to the network already still arrive.")


@deed
def resume(request: OfficerRequest, key: int) -> str:
    """Go on."""
    actions.resume(key, by=request.user.pk, now=request.now)
    return gettext("It goes on from where it paused.")


@deed
def stop(request: OfficerRequest, key: int) -> str:
    """End it for good."""
    count = actions.stop(key, by=request.user.pk, now=request.now)
    return ngettext(
        "Stopped for good. %(count)d text that waited is not sent.",
        "Stopped for good. %(count)d texts that waited are not sent.",
        count,
    ) % {"count": count}


@deed
def discard(request: OfficerRequest, key: int) -> str:
    """Throw away what was never sent."""
    actions.discard(key)
    return gettext("Thrown away. Nothing was sent.")


def _found(key: int) -> Broadcast:
    row = queries.broadcast(key)
    if row is None:
        raise Http404
    return row
