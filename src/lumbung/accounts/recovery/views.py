"""Forgotten password and user name, at every door for people; what strangers are told is always the same."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from lumbung.accounts import limits
from lumbung.accounts.contacts.queries import EMAIL, PHONE
from lumbung.accounts.envelopes import seal
from lumbung.accounts.passwords.forms import NewPasswordForm
from lumbung.accounts.passwords.policy import LEAST, MOST
from lumbung.accounts.passwords.queries import least_length
from lumbung.accounts.recovery import actions, queries
from lumbung.accounts.recovery.forms import CodeForm, ContactTypedForm, KnownAsForm
from lumbung.accounts.recovery.resetting import PasswordReset

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """What have you lost? Each answer leads to its way."""
    return render(request, "portal/recovery/hub.html")


@login_not_required
@require_safe
def nothing_arrives(request: HttpRequest) -> HttpResponse:
    """What to try, in which order and how long to wait, when a code or a mail does not come."""
    return render(request, "portal/recovery/nothing_arrives.html")


@login_not_required
@read_or_post
def ask(request: HttpRequest) -> HttpResponse:
    """Whose password is it, and where should the code go? The next page is the same whoever it is."""
    form = KnownAsForm(request.POST) if request.method == "POST" else KnownAsForm()
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "portal/recovery/ask.html", {"form": form})
    login = form.cleaned_data["login"]
    if refused := _too_many(request, "reset_password", login):
        return refused
    PasswordReset.start(request, login=login, channel=form.cleaned_data["channel"], door=_kind(request))
    return redirect("account_reset_password_code")


@login_not_required
@read_or_post
def code(request: HttpRequest) -> HttpResponse:
    """The code that came, or another one, or by the other channel."""
    process = PasswordReset.resume(request)
    if process is None:
        return _start_again(request)
    if request.method == "POST" and request.POST.get("again") in (PHONE, EMAIL):
        return _send_again(request, process)
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if request.method == "POST" and form.is_valid():
        if process.accept(form.cleaned_data["code"]):
            request.session.cycle_key()
            return redirect("account_reset_password_new")
        if PasswordReset.resume(request) is None:
            return _start_again(request)
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
    return render(request, "portal/recovery/code.html", {"form": form, "process": process, **_channels(process)})


def _send_again(request: HttpRequest, process: PasswordReset) -> HttpResponse:
    if refused := _too_many(request, "reset_password", process.facts["login"]):
        return refused
    if not process.can_resend:
        return _start_again(request)
    process.resend(channel=request.POST["again"])
    messages.success(request, gettext("We have sent a new code. Only the newest code counts."))
    return redirect("account_reset_password_code")


def _channels(process: PasswordReset) -> dict[str, str]:
    channel = process.facts["channel"]
    return {"channel": channel, "other": EMAIL if channel == PHONE else PHONE}


@login_not_required
@sensitive_post_parameters()
@read_or_post
def new_password(request: HttpRequest) -> HttpResponse:
    """The new password, for who typed the right code. It logs nobody in: any second factor is still asked."""
    process = PasswordReset.resume(request)
    user = process.confirmed_user() if process is not None else None
    if process is None or user is None:
        return _start_again(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if not (request.method == "POST" and form.is_valid()):
        rules = {"least": least_length(user), "longest": MOST, "alone": LEAST}
        return render(
            request, "portal/recovery/new_password.html", {"form": form, "username": user.username, **rules}
        )
    process.abort()
    actions.reset_password(user, form.cleaned_data["password"], now=_now(request), place=_door(request))
    # Who forgot a password has mostly tried some; the right one shall not be shut out for that.
    get_adapter().forgive(request, user)
    return redirect("account_reset_password_done")


@login_not_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The password is new: what happened with it, and log in."""
    return render(request, "portal/recovery/done.html")


@login_not_required
@read_or_post
def username(request: HttpRequest) -> HttpResponse:
    """To which contact shall the forgotten user name be sent? The answer is the same whatever was typed."""
    form = ContactTypedForm(request.POST) if request.method == "POST" else ContactTypedForm()
    if not (request.method == "POST" and form.is_valid()):
        return render(request, "portal/recovery/username.html", {"form": form})
    contact = form.cleaned_data["contact"]
    if refused := _too_many(request, "send_username", contact):
        return refused
    asked = {"contact": contact, "door": _kind(request), "place": _door(request), "at": _now(request).timestamp()}
    actions.send_username.defer(sealed=seal(asked, purpose=actions.USERNAME_PURPOSE))
    return redirect("forgotten_username_sent")


@login_not_required
@require_safe
def username_sent(request: HttpRequest) -> HttpResponse:
    """If we know the contact, the user name is on its way."""
    return render(request, "portal/recovery/username_sent.html")


def _too_many(request: HttpRequest, action: str, typed: str) -> HttpResponse | None:
    """A refusal when this was asked too often, for this name or from this address."""
    what, value = queries.read_login(typed)
    return limits.refused(request, action, key=f"{_kind(request)}:{what}:{value}")


def _start_again(request: HttpRequest) -> HttpResponse:
    messages.error(
        request, gettext("This code is too old, or it was typed wrong too often. Ask for a new one here.")
    )
    return redirect(reverse("account_reset_password"))


def _now(request: HttpRequest) -> datetime:
    now: datetime = request.now  # type: ignore[attr-defined]
    return now


def _door(request: HttpRequest) -> str:
    return str(request.door.name)  # type: ignore[attr-defined]


def _kind(request: HttpRequest) -> str:
    return str(request.door.kind)  # type: ignore[attr-defined]
