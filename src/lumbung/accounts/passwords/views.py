"""Changing password and user name while logged in."""

from allauth.account.internal.flows import password_change
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lumbung.accounts import limits
from lumbung.accounts.forms import UsernameForm
from lumbung.accounts.models import User
from lumbung.accounts.notices.circumstances import Circumstances
from lumbung.accounts.passwords import actions
from lumbung.accounts.passwords.forms import NewPasswordForm
from lumbung.accounts.passwords.policy import LEAST, MOST
from lumbung.accounts.passwords.queries import least_length, username_changes_again
from lumbung.accounts.proof import proof_needed
from lumbung.errors import Refusal

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("password")
@read_or_post
@proof_needed
def change_password(request: HttpRequest) -> HttpResponse:
    """Set another password. All other sessions end, and every contact is told."""
    form = NewPasswordForm(request.POST or None, user=request.user)  # type: ignore[arg-type]
    if request.method == "POST" and (refused := limits.refused(request, "change_password")):
        return refused
    if form.is_valid():
        password_change.change_password(request.user, form.cleaned_data["password"])
        password_change.finalize_password_change(request, request.user)
        messages.success(request, gettext("The password is changed. Everywhere else you are logged out."))
        return redirect("mfa_index")
    facts = {"form": form, "least": least_length(request.user), "longest": MOST, "alone": LEAST}  # type: ignore[arg-type]
    return render(request, "account/password_change.html", facts)


@read_or_post
@proof_needed
def change_username(request: HttpRequest) -> HttpResponse:
    """Choose another user name, once a day."""
    user = request.user
    assert isinstance(user, User)
    form = UsernameForm(request.POST or None)
    if request.method == "POST" and (refused := limits.refused(request, "change_username")):
        return refused
    if form.is_valid():
        try:
            actions.change_username(user, form.cleaned_data["username"], Circumstances.of(request))
        except Refusal as refusal:
            form.add_error("username", refusal.say(gettext))
        except ValidationError as problem:
            form.add_error("username", [gettext(message) for message in problem.messages])
        else:
            messages.success(request, gettext("The user name is changed. Log in with the new one from now on."))
            return redirect("mfa_index")
    opens_at = username_changes_again(user, request.now)  # type: ignore[attr-defined]
    return render(request, "account/username_change.html", {"form": form, "opens_at": opens_at})
