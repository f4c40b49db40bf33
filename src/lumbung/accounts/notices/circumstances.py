"""When, at which door and with which device something was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the owner of an account is told beside what was done. `session_key` is the session that did it."""

    now: datetime
    place: str
    user_agent: str
    session_key: str | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The circumstances of the present request."""
        agent = request.headers.get("User-Agent", "")
        return cls(request.now, request.door.name, agent, request.session.session_key)  # type: ignore[attr-defined]
