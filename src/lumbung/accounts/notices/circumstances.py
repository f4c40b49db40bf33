"""When, at which door and with which device something was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone

from lumbung.accounts.sessions import devices


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

    @property
    def when(self) -> str:
        """29 November 2026, 18:40 WIB, in the active language."""
        local = self.now.astimezone(get_current_timezone())
        return f"{date_format(local, 'j F Y, H:i')} {local:%Z}"

    @property
    def device(self) -> str:
        """Chrome on a phone (Android), in the active language."""
        return devices.words(self.user_agent)
