"""Log-in in its three ways, the second step, and log-out as a browser that others use needs it."""

import time
from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as second_step
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_POST, require_safe

from lumbung.accounts import limits, queries
from lumbung.accounts.adapters import TOO_OFTEN
from lumbung.accounts.factors import actions as factors
from lumbung.accounts.factors.queries import has_passkey, tries_key
from lumbung.accounts.factors.views import as_json
from lumbung.accounts.notices import actions as notices
from lumbung.accounts.push import actions as push
from lumbung.accounts.push.devices import device_of

# At which page somebody may begin anew who does not go on with a log-in that is half done.
BEGINNINGS = {"code": "account_request_login_code", "password": "account_login"}


class LogInView(account.LoginView):  # type: ignore[misc]
    """Name and password; beside it a passkey or a code, which stay open when passwords are closed for the name."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["is_closed"] = context["form"].has_error("__all__", "too_many_login_attempts")
        context["wait"] = limits.in_words(limits.wait(self.request))
        context["takes_codes"] = takes_codes(self.request)
        return context


class RequestCodeView(account.RequestLoginCodeView):  # type: ignore[misc]
    """Where to send a log-in code. For an unknown contact as much is done as for a known one."""

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not takes_codes(request):
            return redirect("account_login")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if form._user is None:
            _send_nothing(self.request, form.cleaned_data)
        return response


class ConfirmCodeView(account.ConfirmLoginCodeView):  # type: ignore[misc]
    """The code, or another one, at most as often as the contact may be written to."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tries are counted in the cache, under a lock: the session alone could be asked by many at once."""
        asked = f"{request.session.session_key}:{self._process.state['at']}"
        if self._action == "verify" and not limits.allows(request, "confirm_code", key=asked):
            self._process.abort()
            messages.error(request, get_adapter().error_messages["too_many_login_attempts"])
            return redirect("account_request_login_code")
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if self.request.method == "POST" and "code" in kwargs and not self._is_still_theirs():
            kwargs["code"] = ""  # no code is right any more
        return kwargs

    def _is_still_theirs(self) -> bool:
        """Whether the contact that the code went to is still that user's: a phone may have been reported lost."""
        state, kind = self._process.state, self.request.door.kind
        phone, email = state.get("phone"), state.get("email")
        found = queries.user_by_phone(phone, kind=kind) if phone else queries.user_by_email(email, kind=kind)
        return found is not None and found == self._process.user

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        state = self._process.state
        contact = state.get("phone") or state.get("email")
        if not limits.allows(self.request, "request_login_code", key=contact):
            messages.error(self.request, limits.sentence(self.request, TOO_OFTEN["rate_limited"]))
            return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))
        # Its ten minutes begin anew, and so do those of the log-in that it belongs to.
        state["at"] = self.stage.login.initiated_at = time.time()
        if self._process.user is None:  # for whom allauth's falls over, so what it counts is counted here
            self._process.record_resend()
            self._process.persist()
            _send_nothing(self.request, state)
        else:
            self._process.resend()
        messages.info(self.request, gettext("A new code is on its way. Only the newest one counts."))
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


def takes_codes(request: HttpRequest) -> bool:
    """Whether this door takes a code for a log-in. An officer needs more than a phone that somebody may hold."""
    return bool(request.door.kind != "officer")  # type: ignore[attr-defined]


def _send_nothing(request: HttpRequest, sent_to: dict[str, Any]) -> None:
    notices.send_nothing(by_phone=bool(sent_to.get("phone")), now=request.now)  # type: ignore[attr-defined]


class PasskeyLogInView(passkeys.LoginWebAuthnView):  # type: ignore[misc]
    """A passkey alone is both factors; allauth forgets here where the user wanted to go."""

    def form_valid(self, form: Any) -> HttpResponse:
        found = form.cleaned_data["credential"]
        login = Login(user=found.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = passkey_flows.perform_passwordless_login(self.request, found, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, gettext("This passkey is not known here. Try again, or go another way."))
        return redirect("account_login")


class SecondStepView(second_step.AuthenticateView):  # type: ignore[misc]
    """A code or a passkey, after the password."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.foresee(request, "login_failed", key=tries_key(self.stage.login.user))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["options"] = as_json(context["js_data"])
        context["has_passkey"] = has_passkey(self.stage.login.user.pk)
        return context


class ReauthenticateView(account.ReauthenticateView):  # type: ignore[misc]
    """Who is logged in proves it once more; then the session goes on under another key."""

    def form_valid(self, form: Any) -> HttpResponse:
        factors.renew_session(self.request)
        response: HttpResponse = super().form_valid(form)
        return response


class ReauthenticateByPasskeyView(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """The same with a passkey, which is both factors."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.foresee(request, "login_failed", key=tries_key(request.user))  # type: ignore[arg-type]
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        factors.renew_session(self.request)
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {**kwargs, **super().get_context_data(**kwargs)}
        context["options"] = as_json(context["js_data"])
        return context


@login_not_required
@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Give up a log-in that is half done: another phone, another way, another name."""
    clear_login(request)
    return redirect(BEGINNINGS.get(request.POST.get("by", ""), "account_login"))


class LogOutView(account.LogoutView):  # type: ignore[misc]
    """Ends the session and has the browser forget everything it kept of this address."""

    http_method_names = ["get", "head", "post"]

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        request = self.request
        if request.user.is_authenticated:
            push.end_with_device(request.user, device=device_of(request), session_key=request.session.session_key)
        response: HttpResponse = super().post(*args, **kwargs)
        # The language went with the cookies; the page that follows is still read by the same person.
        response.headers["Location"] += f"?in={get_language()}"
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


log_out = LogOutView.as_view()


@login_not_required
def sign_up(request: HttpRequest) -> HttpResponse:
    """Members register on pages of their own; at other doors the page says that nobody can."""
    if request.door.name == "member":  # type: ignore[attr-defined]
        return redirect("portal:register")
    closed: HttpResponse = account.signup(request)
    return closed


@login_not_required
@require_safe
def logged_out(request: HttpRequest) -> HttpResponse:
    """A page of its own, because a message kept for the next page would go with the cookies."""
    language = request.GET.get("in", "")
    with override(language if language in dict(settings.LANGUAGES) else get_language()):
        return render(request, "account/logged_out.html")
