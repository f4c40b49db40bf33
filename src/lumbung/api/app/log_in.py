"""Log-in for a member's app: allauth's flows (headless), our forms, problems for an answer.

Password and second step. All else that lets somebody in or changes how he gets in (registration, new password,
contacts, factors) has rules of its own on the members' pages and is not offered here.
"""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.internal import flows
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.account.views import LoginView, SessionView
from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.constants import Client
from allauth.headless.internal.restkit.inputs import Input
from allauth.headless.mfa.views import AuthenticateView
from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_lazy

from lumbung.accounts import limits
from lumbung.accounts.factors.forms import AuthenticateForm
from lumbung.accounts.forms import LoginForm
from lumbung.api.app.gate import refused
from lumbung.api.app.scopes import SCOPES, give
from lumbung.api.problems import problem
from lumbung.errors import marked

SECOND_STEP = "mfa_authenticate"  # allauth's name for the stage
NO_SUCH_SCOPE = gettext_lazy("Scopes are a list of names, and this is not one that we know.")
NO_SCOPE = marked("Name at least one scope, or leave them out to ask for all.")


class LogInInput(LoginForm, Input):  # type: ignore[misc]
    """User name, e-mail or phone in any spelling, password, and what the app wants to do: all when left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["public_computer"]
        wrong = dict.fromkeys(("invalid_choice", "invalid_list"), NO_SUCH_SCOPE)  # Django's repeat what was sent
        self.fields["scopes"] = forms.MultipleChoiceField(
            choices=[(scope, scope) for scope in SCOPES], required=False, error_messages=wrong
        )

    def clean_scopes(self) -> list[str]:
        """None at all is a slip of the pen: such a session could do nothing."""
        chosen: list[str] = self.cleaned_data["scopes"]
        if not chosen and self.data.get("scopes") is not None:
            raise forms.ValidationError(gettext(NO_SCOPE), code="required")
        return chosen or list(SCOPES)


class LogInView(LoginView):  # type: ignore[misc]
    """The first step; allauth counts the tries (`login`)."""

    input_class = LogInInput

    def get_input_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entered = self.input
        give(request.session, entered.cleaned_data["scopes"])  # they outlast the second step
        answer = flows.login.perform_password_login(request, entered.user_credentials(), entered._login)
        if not entered.user.is_confirmed:  # accounts.stages ended the log-in
            detail = "Finish the registration on the web site first."
            raise ImmediateHttpResponse(problem(401, "confirmation_needed", detail))
        response: HttpResponse = AuthenticationResponse.from_response(request, answer)
        return response


class SecondStepInput(AuthenticateForm, Input):  # type: ignore[misc]
    """A code of the authenticator app, each once, or a recovery code."""


class SecondStepView(AuthenticateView):  # type: ignore[misc]
    """The second step, for who has one."""

    input_class = SecondStepInput


class LogOutView(SessionView):  # type: ignore[misc]
    """Ends the session."""


def answered(view: Callable[..., HttpResponse], method: str) -> Callable[..., HttpResponse]:
    """allauth's answers as ours: what is left to do and what was wrong as problems, a log-in as its token."""

    @wraps(view)
    def converted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != method:
            answer = problem(405, "method_not_allowed", f"Here one may ask by {method}.")
            answer.headers["Allow"] = method
            return answer
        try:
            response = view(request, *args, **kwargs)
        except (ImmediateHttpResponse, RecursionError) as refusal:
            return _interrupted(getattr(refusal, "response", None))
        return _converted(request, response)

    return converted


def _interrupted(response: HttpResponse | None) -> HttpResponse:
    """What a flow was broken off with: our own problem, allauth's 410 for a session that is over, or bad JSON."""
    if response is not None and response.status_code == 401:
        return response
    if response is not None and response.status_code == 410:
        return refused()
    return problem(400, "bad_request", "The body is no JSON object.")


def _converted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    told = json.loads(response.content)
    token = told.get("meta", {}).get("session_token")
    if response.status_code == 200:
        return JsonResponse({"session_token": token or request.headers.get("X-Session-Token", "")})
    if response.status_code == 401:
        return HttpResponse(status=204) if request.method == "DELETE" else _pending(told, token)
    if response.status_code == 400:
        return _wrong(told["errors"])
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        limits.note(request, "login")
        detail = "Too many tries. Wait as long as Retry-After says."
        return limits.with_wait(request, problem(429, "too_many_requests", detail))
    return problem(response.status_code, "refused", "This can't be done now.")


def _pending(told: dict[str, Any], token: str | None) -> HttpResponse:
    """What the log-in waits for, with the token under which it goes on."""
    waiting = [flow["id"] for flow in told["data"]["flows"] if flow.get("is_pending")]
    if SECOND_STEP not in waiting:
        return refused()
    detail = "Send a code of the authenticator app, or a recovery code."
    return problem(401, "second_step_needed", detail, **({"session_token": token} if token else {}))


def _wrong(errors: list[dict[str, Any]]) -> HttpResponse:
    wrong = [{"where": ["body", error.get("param", "")], "what": error["message"]} for error in errors]
    return problem(400, errors[0]["code"], errors[0]["message"], errors=wrong)


log_in = answered(LogInView.as_api_view(client=Client.APP), "POST")
second_step = answered(SecondStepView.as_api_view(client=Client.APP), "POST")
log_out = answered(LogOutView.as_api_view(client=Client.APP), "DELETE")
