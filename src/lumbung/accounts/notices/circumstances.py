"""When, at which door and with which device something was done."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext

# The first that fits: browsers say that they are others too, so the rarer names come first.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("UC Browser", r"UCBrowser/|UBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("Mac", r"Macintosh"),
    ("Linux", r"Linux"),
)


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
        """Chrome on Android, in the active language."""
        browser, system = _first(BROWSERS, self.user_agent), _first(SYSTEMS, self.user_agent)
        if browser and system:
            return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
        return browser or system or gettext("a device that does not say what it is")


def _first(kinds: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, sign in kinds if re.search(sign, user_agent)), "")
