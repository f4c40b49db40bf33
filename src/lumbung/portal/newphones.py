"""Phones from which somebody registered by SMS with the member's facts: put one on file, or refuse it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.newphones import actions, queries
from lumbung.accounts.phones import LocalPhoneField
from lumbung.accounts.proof import proof_needed
from lumbung.accounts.recovery.views import read_or_post
from lumbung.errors import Refusal
from lumbung.portal.requests import LoggedIn


class WholePhoneForm(forms.Form):
    """The whole number, which only its owner knows: the page shows its ending."""

    phone = LocalPhoneField(
        label=gettext_lazy("Your new phone number"),
        help_text=gettext_lazy("Like 0812 0000 0001"),
        error_messages={"required": gettext_lazy("Write the phone number.")},
    )


@require_safe
def new_phones(request: LoggedIn) -> HttpResponse:
    """The phones that wait, by their endings."""
    waiting = queries.waiting(access.person(request.user))
    return render(request, "portal/newphones/list.html", {"waiting": waiting})


@read_or_post
@proof_needed
def confirm(request: LoggedIn, waiting_id: int) -> HttpResponse:
    """It is the member's: he types it whole, and it is the one on file."""
    waiting = access.waiting_phone_for(request.user, waiting_id)
    form = WholePhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if refused := limits.refused(request, "change_contact"):
            return refused
        typed, here = form.cleaned_data["phone"], {"place": request.door.name, "now": request.now}
        try:
            actions.confirm(waiting, typed=typed, user=request.user, **here)
        except Refusal as refusal:
            form.add_error("phone", refusal.say(gettext))
        else:
            messages.success(request, gettext("This phone is on file now. It may ask by SMS at once."))
            return redirect("account_contacts")
    context = {"form": form, "waiting": waiting}
    return render(request, "portal/newphones/confirm.html", context, status=400 if form.errors else 200)


@require_POST
def refuse(request: LoggedIn, waiting_id: int) -> HttpResponse:
    """It is not the member's."""
    waiting = access.waiting_phone_for(request.user, waiting_id)
    actions.refuse(waiting, user=request.user, place=request.door.name, now=request.now)
    messages.success(request, gettext("This phone is refused. It was never told anything."))
    return redirect("portal:new_phones")
