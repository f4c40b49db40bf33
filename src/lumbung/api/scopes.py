"""What a program may be allowed to do, and how an endpoint asks for it."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security.base import AuthBase

SCOPES = {
    "me": "Read the program's own name and scopes.",
    "balance": "Read the balance of any member number: for the fund's own programs.",
}


class Scope(AuthBase):
    """Lets a request through whose token carries the scope; 403 when it does not."""

    openapi_type = "oauth2"
    openapi_flows: dict[str, Any] = {"clientCredentials": {"tokenUrl": "/api/token", "scopes": SCOPES}}

    def __init__(self, scope: str) -> None:
        assert scope in SCOPES
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        token = getattr(request, "token", None)
        if token is None:
            return None
        if self.scope not in token.scopes:
            raise HttpError(403, "The token lacks a scope.")
        return token
