"""A member asks an officer to put a phone on file, for who can't receive a code on it now."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.contacts.forms import PhoneForm
from lumbung.accounts.proof import proof_needed
from lumbung.accounts.recovery.views import read_or_post
from lumbung.casework import actions as casework
from lumbung.casework import queries as cases
from lumbung.casework.models import Case
from lumbung.portal.requests import LoggedIn


@read_or_post
@proof_needed
def ask_officer(request: LoggedIn) -> HttpResponse:
    """What is asked already, and when it will be answered; else the form."""
    asked = cases.open_of(access.person(request.user), Case.Kind.PHONE)
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "portal/contacts/ask_officer.html", {"form": form, "asked": asked})
    if refused := limits.refused(request, "change_contact"):
        return refused
    facts = {"phone": form.cleaned_data["value"]}
    casework.open_case(
        Case.Kind.PHONE,
        access.person(request.user),
        facts,
        user=request.user,
        place=request.door.name,
        now=request.now,
    )
    messages.success(request, gettext("The fund's office has your request."))
    return redirect("account_contacts")
