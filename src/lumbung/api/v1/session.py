"""What all addresses of a member's own app have in common: the session with its scopes, and pages by cursor."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from ninja.errors import HttpError
from ninja.security import APIKeyHeader

from lumbung import access
from lumbung.accounts.models import User
from lumbung.api.app.scopes import SCOPES, held
from lumbung.api.problems import problem
from lumbung.api.v1.schemas import Problem

LONGEST_PAGE = 60
# What each of these addresses may answer with beside what it gives.
REFUSED: Mapping[int, type] = {401: Problem, 403: Problem}
# Under this name an operation says which scope it needs, until the description has it as OpenAPI does.
SCOPE = "x-scope"


class MemberSession(APIKeyHeader):
    """The token of a log-in at `/api/v1/me/log-in`, which `AppGate` has looked at already, and its scopes."""

    param_name = "X-Session-Token"
    openapi_description = "The token of a log-in. It may what the log-in asked for. " + " ".join(
        f"`{scope}`: {words}" for scope, words in SCOPES.items()
    )

    def __init__(self, scope: str) -> None:
        assert scope in SCOPES
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            return None
        if self.scope not in held(request.session):
            raise HttpError(403, f"This session lacks the scope {self.scope}. Log in anew and ask for it.")
        return user


def needs(scope: str, **described: Any) -> dict[str, Any]:
    """What an operation says of itself that needs a scope; `described` is what else its description holds."""
    return {"auth": MemberSession(scope), "openapi_extra": {SCOPE: scope, **described}}


def member(request: HttpRequest) -> User:
    """The member who asks. Raises NotReachable for anybody else."""
    user = request.user
    if not isinstance(user, User):
        raise access.NotReachable
    return user


Cursor = Annotated[str, Query(max_length=24, pattern="^[A-Za-z0-9_=-]*$", description="From the page before.")]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many a page has.")]


def cursor_at(position: int) -> str:
    """The cursor of the page after the row of that key. What stands in it is our own affair."""
    return urlsafe_b64encode(f"m{position}".encode()).decode()


def position_of(cursor: str) -> int | None:
    """The key of the row after which a page begins, 0 at the top; None for a cursor that we did not make."""
    if not cursor:
        return 0
    try:
        written = urlsafe_b64decode(cursor).decode("ascii")
    except ValueError:
        return None
    digits = written.removeprefix("m")
    is_ours = written.startswith("m") and digits.isdecimal() and len(digits) <= 15
    return int(digits) if is_ours else None


def unknown_cursor() -> HttpResponse:
    """The answer to such a one."""
    return problem(422, "bad_request", "This cursor is not one of ours. Begin anew without one.")
