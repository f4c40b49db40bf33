"""Members who lost phone, e-mail or both: what to do, a request to the office, and a new start with its code."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from lumbung.accounts import limits
from lumbung.accounts.contacts.errors import ContactTaken
from lumbung.accounts.contacts.forms import CONTACT_FORMS
from lumbung.accounts.contacts.queries import EMAIL, KINDS, PHONE, masked
from lumbung.accounts.envelopes import seal
from lumbung.accounts.models import User
from lumbung.accounts.passwords.policy import LEAST, MOST
from lumbung.accounts.recovery import actions, queries
from lumbung.accounts.recovery.errors import CodeNotGood, NoAccount
from lumbung.accounts.recovery.forms import CodeForm
from lumbung.accounts.recovery.granted import Grant, RecoveryContact
from lumbung.accounts.recovery.views import read_or_post
from lumbung.casework.recovery import actions as requests
from lumbung.errors import marked
from lumbung.portal.recovery_forms import FourFactsForm, NewStartForm, OfficerCodeForm, sealed_facts

PLACE = "member"
NOT_GOOD = marked(
    "These three do not belong together, or the code is not good any more. Check all three. After five wrong "
    "tries, after 72 hours, or once it was used, a code is over: then ask the officer for a new one."
)


@login_not_required
@require_safe
def phone_lost(request: HttpRequest) -> HttpResponse:
    """The e-mail address is still there: in by it, then change the phone."""
    return render(request, "portal/recovery/one_lost.html", {"lost": PHONE})


@login_not_required
@require_safe
def email_lost(request: HttpRequest) -> HttpResponse:
    """The phone is still there: in by it, then change the address."""
    return render(request, "portal/recovery/one_lost.html", {"lost": EMAIL})


@login_not_required
@sensitive_post_parameters()
@read_or_post
def both_lost(request: HttpRequest) -> HttpResponse:
    """First what works without anybody; then the four facts, which open a request if they are right."""
    form = FourFactsForm(request.POST) if request.method == "POST" else FourFactsForm()
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "portal/recovery/both_lost.html", {"form": form})
    if refused := _too_many(request, "recovery_case", form.cleaned_data["number"]):
        return refused
    facts = {**sealed_facts(form.cleaned_data), "place": PLACE}
    requests.take_in.defer(sealed=seal(facts, purpose=requests.PURPOSE))
    return redirect("portal:recover_both_sent")


@login_not_required
@require_safe
def both_lost_sent(request: HttpRequest) -> HttpResponse:
    """What happens at a counter or by video; the same whether or not the facts were right."""
    return render(request, "portal/recovery/both_lost_sent.html", {"days": settings.LUMBUNG_READ_ONLY_DAYS})


@login_not_required
@sensitive_post_parameters()
@read_or_post
def officer_code(request: HttpRequest) -> HttpResponse:
    """Member number, birth date and the officer's code. One sentence for all that may be wrong."""
    form = OfficerCodeForm(request.POST) if request.method == "POST" else OfficerCodeForm()
    if request.method == "POST" and form.is_valid():
        if refused := _too_many(request, "recovery_code", form.cleaned_data["number"]):
            return refused
        code = actions.try_code(**form.cleaned_data, now=_now(request))
        if code is not None:
            Grant.start(request, code)
            return redirect("portal:recover_contact")
        form.add_error(None, gettext(NOT_GOOD))
    return render(request, "portal/recovery/officer_code.html", {"form": form})


@login_not_required
@read_or_post
def contact(request: HttpRequest) -> HttpResponse:
    """A phone or an e-mail address that is at hand; one is needed, the other may follow."""
    grant = Grant.resume(request)
    user = grant.user if grant is not None else None
    if grant is None or user is None:
        return _over(request)
    kind = _chosen_kind(request, grant)
    form = CONTACT_FORMS[kind](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if refused := _too_many(request, "recovery_contact", str(grant.code_id)):
            return refused
        RecoveryContact.start(request, kind=kind, value=form.cleaned_data["value"], user_id=user.pk)
        return redirect("portal:recover_contact_code")
    shown = [(each, masked(each, value)) for each, value in grant.contacts.items()]
    return render(request, "portal/recovery/contact.html", {"form": form, "kind": kind, "confirmed": shown})


def _chosen_kind(request: HttpRequest, grant: Grant) -> str:
    asked = request.POST.get("kind") or request.GET.get("kind") or ""
    return asked if asked in KINDS else grant.missing or PHONE


@login_not_required
@read_or_post
def contact_code(request: HttpRequest) -> HttpResponse:
    """The code that came to the new contact."""
    grant, process = Grant.resume(request), RecoveryContact.resume(request)
    if grant is None:
        return _over(request)
    if process is None:
        return _other_code(request)
    if request.method == "POST" and "again" in request.POST and process.can_resend:
        process.resend()
        messages.success(request, gettext("We have sent a new code. Only the newest code counts."))
        return redirect("portal:recover_contact_code")
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    kind, value = process.facts["kind"], process.facts["value"]
    if request.method == "POST" and form.is_valid():
        if process.is_right(form.cleaned_data["code"]):
            process.abort()
            grant.take(kind, value)
            return redirect("portal:recover_password")
        if RecoveryContact.resume(request) is None:
            return _other_code(request)
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
    back = f"{reverse('portal:recover_contact')}?kind={kind}"
    context = {"form": form, "process": process, "kind": kind, "value": value, "change_address": back}
    return render(request, "portal/recovery/contact_code.html", context)


@login_not_required
@sensitive_post_parameters()
@read_or_post
def new_start(request: HttpRequest) -> HttpResponse:
    """The password; then all is done at once."""
    grant = Grant.resume(request)
    user = grant.user if grant is not None else None
    if grant is None or user is None:
        return _over(request)
    if not grant.contacts:
        return redirect("portal:recover_contact")
    user.also_personal = tuple(grant.contacts.values())  # type: ignore[attr-defined]  # for the password's policy
    form = _start_form(request, user)
    if request.method == "POST" and form.is_valid() and (done := _recover(request, grant, form)):
        return done
    rules = {"least": LEAST, "longest": MOST, "alone": LEAST}
    context = {"form": form, "username": user.username, "missing": grant.missing, **rules}
    return render(request, "portal/recovery/new_start.html", context)


def _recover(request: HttpRequest, grant: Grant, form: forms.Form) -> HttpResponse | None:
    """Where to go next; None when the form says what is wrong."""
    start = actions.NewStart(
        password=form.cleaned_data["password"],
        phone=grant.contacts.get(PHONE),
        email=grant.contacts.get(EMAIL),
        keep_passkeys=form.cleaned_data.get("keep_passkeys", False),
    )
    try:
        actions.recover(grant.code_id, start, now=_now(request), place=PLACE)
    except ValidationError as weak:
        form.add_error("password", weak)
        return None
    except ContactTaken as refusal:
        grant.forget_contacts()
        messages.error(request, gettext(refusal.sentence))
        return redirect("portal:recover_contact")
    except (CodeNotGood, NoAccount):
        grant.end()
        return _over(request)
    grant.end()
    return redirect("portal:recover_done")


def _start_form(request: HttpRequest, user: User) -> forms.Form:
    has_passkeys = queries.has_passkeys(user)
    return NewStartForm(request.POST if request.method == "POST" else None, user=user, has_passkeys=has_passkeys)


@login_not_required
@require_safe
def started_anew(request: HttpRequest) -> HttpResponse:
    """Log in; for some days the account only shows."""
    return render(request, "portal/recovery/started_anew.html", {"days": settings.LUMBUNG_READ_ONLY_DAYS})


def _too_many(request: HttpRequest, action: str, key: str) -> HttpResponse | None:
    return limits.refused(request, action, key=key)


def _over(request: HttpRequest) -> HttpResponse:
    messages.error(request, gettext("Begin again, please: type the officer's code here. You have half an hour."))
    return redirect("portal:recover_code")


def _other_code(request: HttpRequest) -> HttpResponse:
    messages.error(
        request, gettext("This code is too old, or it was typed wrong too often. Ask for a new one here.")
    )
    return redirect("portal:recover_contact")


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now
