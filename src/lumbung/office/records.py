"""A person's record: found by member number with a reason, and the numbers in it parted again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.locking import queries as locks
from lumbung.casework.records import actions, queries
from lumbung.errors import Refusal
from lumbung.office.forms import LockForm, PartForm, RecordForm
from lumbung.office.requests import OfficerRequest


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: OfficerRequest) -> HttpResponse:
    """Open the record of who has a member number. The number stands in no address, and neither does the person."""
    form = RecordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "office/find.html", {"form": form}, status=400 if form.errors else 200)
    if refused := limits.refused(request, "open_record"):
        return refused
    try:
        reading = actions.open_record(
            form.cleaned_data["number"], request.user, reason=form.cleaned_data["reason"], now=request.now
        )
    except Refusal as refusal:
        form.add_error("number", refusal.say(gettext))
        return render(request, "office/find.html", {"form": form}, status=400)
    return redirect("office:record", reading_id=reading.pk)


@require_safe
def record(request: OfficerRequest, reading_id: int) -> HttpResponse:
    """The person, his numbers, and which of them were joined."""
    person = access.record_for_officer(request.user, reading_id, request.now).person
    context = {
        "reading_id": reading_id,
        "person": person,
        "lock": locks.lock_of(person),
        "numbers": queries.numbers(person),
        "joined": queries.joined(person),
    }
    return render(request, "office/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: OfficerRequest, reading_id: int) -> HttpResponse:
    """Lock the person of this record, or unlock who stands at the counter; with a word to the member."""
    person = access.record_for_officer(request.user, reading_id, request.now).person
    standing = locks.lock_of(person)
    there = {"deed": "unlock" if standing else "lock"}
    form = LockForm(request.POST if request.method == "POST" else None, initial=there)
    if request.method == "POST" and form.is_valid():
        actions.turn_lock(
            person,
            request.user,
            locks_now=form.cleaned_data["deed"] == "lock",
            reason=form.cleaned_data["reason"],
            now=request.now,
        )
        messages.success(request, gettext("It is done. The member is told."))
        return redirect("office:record", reading_id=reading_id)
    context = {"form": form, "reading_id": reading_id, "lock": standing}
    return render(request, "office/lock.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: OfficerRequest, reading_id: int, join_id: int) -> HttpResponse:
    """Part one number, with a word to the member."""
    reading = access.record_for_officer(request.user, reading_id, request.now)
    row = next((row for row in queries.joined(reading.person) if row.key == join_id), None)
    if row is None:
        raise Http404
    form = PartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.part(reading, join_id, reason=form.cleaned_data["reason"], now=request.now)
        except Refusal as refusal:
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext("The number stands by itself again. The member is told."))
            return redirect("office:record", reading_id=reading_id)
    context = {"form": form, "reading_id": reading_id, "row": row}
    return render(request, "office/part.html", context, status=400 if form.errors else 200)
