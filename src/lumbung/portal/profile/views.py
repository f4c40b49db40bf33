"""The pages of the profile: see it, and change one thing at a time."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts import queries as accounts
from lumbung.accounts.models import ContactChange
from lumbung.accounts.proof import proof_needed
from lumbung.accounts.recovery.views import read_or_post
from lumbung.errors import Refusal
from lumbung.portal.profile.forms import AddressForm, BankAccountForm, HeirForm, LanguageForm
from lumbung.portal.requests import LoggedIn
from lumbung.profiles import actions, queries
from lumbung.profiles.banks import banks
from lumbung.profiles.errors import BadAccountNumber, HeirGone, HolderDiffers, UnknownBank
from lumbung.profiles.models import MOST_HEIRS

# Which field of the form a refusal is about.
WRONG = {HolderDiffers: "holder", BadAccountNumber: "account_number", UnknownBank: "bank"}


@require_safe
def profile(request: LoggedIn) -> HttpResponse:
    """What the fund knows of the member, each thing with the way to change it."""
    person = access.person(request.user)
    account = queries.bank_account(person)
    context = {
        "person": person,
        "numbers": access.member_numbers(request.user),
        "address": queries.address(person),
        "heirs": queries.heirs(person),
        "bank": account,
        "bank_name": banks()[account.bank].name if account else "",
        "read_only": accounts.read_only_until(request.user, request.now),
    }
    return render(request, "portal/profile/profile.html", context)


@read_or_post
@proof_needed
def address(request: LoggedIn) -> HttpResponse:
    """Where letters go."""
    known = queries.address(access.person(request.user))
    there = {name: getattr(known, name) for name in AddressForm.base_fields} if known else None
    form = AddressForm(request.POST if request.method == "POST" else None, initial=there)
    if not (request.method == "POST" and form.is_valid()):
        return _form(request, "portal/profile/address.html", form)
    if refused := _too_often(request):
        return refused
    actions.set_address(request.user, form.address(), **_here(request))
    messages.success(request, gettext("Your address is kept. Letters go there from now on."))
    return redirect("portal:profile")


@require_safe
def heirs(request: LoggedIn) -> HttpResponse:
    """Whom the member named, and what heirs are for."""
    named = list(queries.heirs(access.person(request.user)))
    context = {
        "heirs": named,
        "most": MOST_HEIRS,
        "is_full": len(named) >= MOST_HEIRS,
        "read_only": accounts.read_only_until(request.user, request.now),
    }
    return render(request, "portal/profile/heirs.html", context)


@read_or_post
@proof_needed
def add_heir(request: LoggedIn) -> HttpResponse:
    """One more heir."""
    person = access.person(request.user)
    form = HeirForm(request.POST) if request.method == "POST" else HeirForm(initial={"rank": _next_rank(person)})
    if request.method == "POST" and form.is_valid():
        if refused := _too_often(request):
            return refused
        try:
            actions.add_heir(request.user, form.heir(), **_here(request))
        except Refusal as refusal:
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext("The heir is on your list."))
            return redirect("portal:heirs")
    return _form(request, "portal/profile/heir.html", form)


def _next_rank(person: Any) -> int:
    return min(len(queries.heirs(person)) + 1, MOST_HEIRS)


@read_or_post
@proof_needed
def heir(request: LoggedIn, heir_id: int) -> HttpResponse:
    """Change an heir."""
    row = access.heir_for(request.user, heir_id)
    form = HeirForm(request.POST if request.method == "POST" else None, initial=HeirForm.facts(row))
    if not (request.method == "POST" and form.is_valid()):
        return _form(request, "portal/profile/heir.html", form, heir=row)
    if refused := _too_often(request):
        return refused
    try:
        actions.change_heir(request.user, row.pk, form.heir(), **_here(request))
    except HeirGone:  # taken off in another window since the gate looked
        raise access.NotReachable from None
    messages.success(request, gettext("The heir is changed."))
    return redirect("portal:heirs")


@read_or_post
@proof_needed
def remove_heir(request: LoggedIn, heir_id: int) -> HttpResponse:
    """Take an heir off the list, after a last question."""
    row = access.heir_for(request.user, heir_id)
    if request.method != "POST":
        return render(request, "portal/profile/remove_heir.html", {"heir": row})
    if refused := _too_often(request):
        return refused
    actions.remove_heir(request.user, row.pk, **_here(request))
    messages.success(request, gettext("The heir is off your list."))
    return redirect("portal:heirs")


@read_or_post
@proof_needed
def bank_account(request: LoggedIn) -> HttpResponse:
    """Where benefits are paid to."""
    person = access.person(request.user)
    form = (
        BankAccountForm(request.POST)
        if request.method == "POST"
        else BankAccountForm(initial={"holder": person.name})
    )
    if request.method == "POST" and form.is_valid():
        if refused := _too_often(request):
            return refused
        cleaned = form.cleaned_data
        facts = {"bank": cleaned["bank"], "number": cleaned["account_number"], "holder": cleaned["holder"]}
        try:
            change = actions.set_bank_account(request.user, **facts, **_here(request))
        except Refusal as refusal:
            form.add_error(WRONG.get(type(refusal)), refusal.say(gettext))
        else:
            return _bank_kept(request, change)
    account = queries.bank_account(person)
    context = {
        "account": account,
        "bank_name": banks()[account.bank].name if account else "",
        "cooling": accounts.cooling_off(request.user, request.now),
    }
    return _form(request, "portal/profile/bank_account.html", form, **context)


def _bank_kept(request: LoggedIn, change: ContactChange | None) -> HttpResponse:
    if change is None:
        messages.info(request, gettext("This account was there already. Nothing is changed."))
    else:
        messages.success(request, gettext("Your bank account is kept. We have told all your contacts."))
    return redirect("portal:profile")


@read_or_post
@proof_needed
def drop_bank_account(request: LoggedIn) -> HttpResponse:
    """Take the account off, after a last question."""
    account = queries.bank_account(access.person(request.user))
    if request.method != "POST":
        bank_name = banks()[account.bank].name if account else ""
        context = {"account": account, "bank_name": bank_name}
        return render(request, "portal/profile/drop_bank_account.html", context)
    if refused := _too_often(request):
        return refused
    actions.drop_bank_account(request.user, **_here(request))
    messages.success(request, gettext("Nothing is paid to that account any more."))
    return redirect("portal:profile")


@read_or_post
def language(request: LoggedIn) -> HttpResponse:
    """In which language the fund writes to the member."""
    access.person(request.user)
    form = LanguageForm(
        request.POST if request.method == "POST" else None, initial={"writes": request.user.language}
    )
    if not (request.method == "POST" and form.is_valid()):
        return _form(request, "portal/profile/language.html", form)
    actions.set_language(request.user, form.cleaned_data["writes"], **_here(request))
    messages.success(request, gettext("From now on we write to you in this language."))
    return redirect("portal:profile")


def _form(request: LoggedIn, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=400 if form.errors else 200)


def _too_often(request: LoggedIn) -> HttpResponse | None:
    refused: HttpResponse | None = limits.refused(request, "change_profile")
    return refused


def _here(request: LoggedIn) -> dict[str, Any]:
    return {"place": request.door.name, "now": request.now}
