"""A user's phone and e-mail address, at every door for people: see them masked, confirm them, change them."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lumbung.accounts import limits
from lumbung.accounts import queries as accounts
from lumbung.accounts.contacts import actions, queries
from lumbung.accounts.contacts.confirming import ContactConfirmation
from lumbung.accounts.contacts.errors import ContactTaken
from lumbung.accounts.contacts.forms import CONTACT_FORMS
from lumbung.accounts.contacts.queries import EMAIL, KINDS, PHONE
from lumbung.accounts.proof import proof_needed
from lumbung.accounts.recovery.forms import CodeForm
from lumbung.accounts.recovery.views import read_or_post
from lumbung.accounts.requests import LoggedIn
from lumbung.errors import marked

CONFIRMED = {
    PHONE: marked("Your phone number is confirmed."),
    EMAIL: marked("Your e-mail address is confirmed."),
}


@require_safe
def overview(request: LoggedIn) -> HttpResponse:
    """What is there, whether it is confirmed, and what waits because of a change."""
    context = {
        "contacts": [queries.contact(request.user, kind) for kind in KINDS],
        "cooling": accounts.cooling_off(request.user, request.now),
        "read_only": accounts.read_only_until(request.user, request.now),
    }
    return render(request, "account/contacts/overview.html", context)


@read_or_post
@proof_needed
def change_phone(request: LoggedIn) -> HttpResponse:
    """Another phone, or the first one, or the same one confirmed."""
    return _change(request, PHONE)


@read_or_post
@proof_needed
def change_email(request: LoggedIn) -> HttpResponse:
    """Another e-mail address, or the first one, or the same one confirmed."""
    return _change(request, EMAIL)


def _change(request: LoggedIn, kind: str) -> HttpResponse:
    present = queries.contact(request.user, kind)
    confirms = request.method == "POST" and "confirm" in request.POST and present.value
    form = CONTACT_FORMS[kind](request.POST if request.method == "POST" and not confirms else None)
    if request.method == "POST" and (confirms or form.is_valid()):
        value = present.value if confirms else form.cleaned_data["value"]
        if value == present.value and present.is_confirmed:
            form.add_error("value", get_adapter().error_messages["same_as_current"])
        else:
            return _start(request, kind, value)
    days = settings.LUMBUNG_COOLING_OFF_DAYS
    context = {"form": form, "kind": kind, "present": present, "days": days}
    return render(request, "account/contacts/change.html", context)


def _start(request: LoggedIn, kind: str, value: str) -> HttpResponse:
    if refused := limits.refused(request, "change_contact"):
        return refused
    ContactConfirmation.start(request, kind=kind, value=value, user_id=request.user.pk)
    return redirect("account_contact_code")


@read_or_post
@proof_needed
def code(request: LoggedIn) -> HttpResponse:
    """The code that came to the new contact; with it the contact is changed."""
    process = ContactConfirmation.resume(request)
    if process is None or process.facts["user_id"] != request.user.pk:
        return _start_again(request)
    if request.method == "POST" and "again" in request.POST and process.can_resend:
        if refused := limits.refused(request, "change_contact"):
            return refused
        process.resend()
        messages.success(request, gettext("We have sent a new code. Only the newest code counts."))
        return redirect("account_contact_code")
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if request.method == "POST" and form.is_valid():
        if process.is_right(form.cleaned_data["code"]):
            return _take(request, process)
        if ContactConfirmation.resume(request) is None:
            return _start_again(request)
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
    kind, value = process.facts["kind"], process.facts["value"]
    back = reverse("account_contact_phone" if kind == PHONE else "account_contact_email")
    context = {"form": form, "process": process, "kind": kind, "value": value, "change_address": back}
    return render(request, "account/contacts/code.html", context)


def _take(request: LoggedIn, process: ContactConfirmation) -> HttpResponse:
    kind, value = process.facts["kind"], process.facts["value"]
    process.abort()
    try:
        actions.set_contact(request.user, kind, value, now=request.now, place=request.door.name)
    except ContactTaken as refusal:
        messages.error(request, gettext(refusal.sentence))
        return redirect("account_contacts")
    messages.success(request, gettext(CONFIRMED[kind]))
    return redirect("account_contacts")


def _start_again(request: LoggedIn) -> HttpResponse:
    messages.error(
        request, gettext("This code is too old, or it was typed wrong too often. Begin the change again.")
    )
    return redirect("account_contacts")
