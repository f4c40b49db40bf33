"""Tokens: how a program gets one, and how every path under /api/ asks for one."""

from collections.abc import Callable
from typing import Any

from allauth.idp.oidc.models import Client
from allauth.idp.oidc.views import RevokeView, TokenView
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve

from lumbung.accounts import limits
from lumbung.accounts.queries import program_token
from lumbung.api.problems import problem


class TokenMiddleware:
    """Closes the programs' door to requests without a valid token, whether or not the path exists.

    It stands before the view is chosen, so that no endpoint is open by having forgotten to ask.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.door.kind == "program":  # type: ignore[attr-defined]
            bearer = _bearer(request)
            token = program_token(bearer) if bearer else None
            if token is not None:
                request.token = token  # type: ignore[attr-defined]
                request.user = token.program
            elif not _is_public(request):
                return refused()
        return self.get_response(request)


def refused() -> HttpResponse:
    """The one answer to no token, an unknown, an old, a revoked one, and one of a program switched off."""
    message = "Send a valid access token: Authorization: Bearer …"
    response = problem(401, "token_needed", message)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _is_public(request: HttpRequest) -> bool:
    try:
        match = resolve(request.path_info, request.urlconf)
    except Resolver404:
        return False
    return not getattr(match.func, "login_required", True)


def _bearer(request: HttpRequest) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


class ClientCredentialsView(TokenView):  # type: ignore[misc]
    """allauth's token endpoint, for the one grant that programs use."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not limits.allows(request, "token"):
            return limits.with_wait(request, _error("slow_down", 429))
        if request.POST.get("grant_type") != Client.GrantType.CLIENT_CREDENTIALS:
            return _error("unsupported_grant_type", 400)
        try:
            answer: HttpResponse = super().post(request)
        except ValidationError:  # allauth's answer to a bad `resource`
            return _error("invalid_target", 400)
        except DataError:  # a NUL, which no text in PostgreSQL holds
            return _error("invalid_request", 400)
        return answer


class RevocationView(RevokeView):  # type: ignore[misc]
    """allauth's revocation endpoint (RFC 7009)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not limits.allows(request, "token"):
            return limits.with_wait(request, _error("slow_down", 429))
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except DataError:  # a NUL, as above
            return _error("invalid_request", 400)
        return answer


def _error(code: str, status: int) -> HttpResponse:
    return JsonResponse({"error": code}, status=status)
