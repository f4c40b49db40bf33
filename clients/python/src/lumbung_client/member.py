"""A member's own record, for the member's own app. The token lives in this object only: nothing is stored."""

from collections.abc import Iterable, Iterator
from datetime import date
from types import TracebackType
from typing import Any, Literal, Self

import httpx

from lumbung_client.answers import (
    Account,
    Balance,
    Card,
    Month,
    Months,
    Notice,
    balance,
    card,
    month,
    months,
    notice,
)
from lumbung_client.problems import Problem, SecondStepNeeded, checked

_HEADER = "X-Session-Token"
Language = Literal["en", "id"]


class Member:
    """One member, logged in or about to. Use it in a `with`, which logs out at its end."""

    def __init__(
        self, address: str, *, token: str = "", language: str = "en", transport: httpx.BaseTransport | None = None
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1/", transport=transport, timeout=20,
            headers={"Accept-Language": language},
        )  # fmt: skip
        self.token = token

    def log_in(self, login: str, password: str, *, scopes: Iterable[str] | None = None) -> None:
        """By user name, e-mail or phone, for some scopes or all. Raises SecondStepNeeded when a code is needed."""
        asked = {} if scopes is None else {"scopes": list(scopes)}
        try:
            answer = self._send("POST", "me/log-in", {"login": login, "password": password, **asked})
        except SecondStepNeeded as needed:
            self.token = needed.facts["session_token"]
            raise
        self.token = answer.json()["session_token"]

    def second_step(self, code: str) -> None:
        """The code of the authenticator app, or a recovery code."""
        self.token = self._send("POST", "me/log-in/second-step", {"code": code}).json()["session_token"]

    def log_out(self) -> None:
        """End the session; nothing happens without one."""
        if self.token:
            self._send("DELETE", "me/log-out")
            self.token = ""

    def account(self) -> Account:
        """Whose account this is."""
        data = self._send("GET", "me").json()
        return Account(data["name"], data["username"], tuple(data["member_numbers"]), tuple(data["scopes"]))

    def balance(self) -> Balance:
        """Balance and cover."""
        return balance(self._send("GET", "me/balance").json())

    def history(self, *, page: int = 12) -> Iterator[Month]:
        """Every month paid, the newest first; pages are fetched as they are needed."""
        yield from (month(each) for each in self._pages("me/history", "months", page))

    def months(self, year: int | None = None) -> Months:
        """What was expected, reported and paid for each month of a year (the newest), and who must act."""
        params = {} if year is None else {"year": year}
        return months(self._send("GET", "me/history/months", params=params).json())

    def card(self) -> Card | None:
        """The card that stands; None where none was made."""
        try:
            return card(self._send("GET", "me/card").json())
        except Problem as problem:
            if problem.code == "no_card":
                return None
            raise

    def make_card(self) -> Card:
        """Make the card as of today; the one before it is replaced."""
        return card(self._send("POST", "me/card").json())

    def card_pdf(self, language: Language | None = None) -> bytes:
        """The card that stands, to print. Raises Problem with the code no_card."""
        return self._send("GET", "me/card/pdf", params=_said(language)).content

    def card_png(self, language: Language | None = None) -> bytes:
        """The card that stands, as a picture. Raises Problem with the code no_card."""
        return self._send("GET", "me/card/png", params=_said(language)).content

    def statement(self, *, first: date | None = None, last: date, language: Language | None = None) -> bytes:
        """A signed PDF of what was booked between two days, from the first booking without the first."""
        days = {"first": None if first is None else first.isoformat(), "last": last.isoformat()}
        return self._send("POST", "me/statement", {**days, "language": language}).content

    def unread(self) -> int:
        """How many messages are new."""
        return int(self._send("GET", "me/notices", params={"limit": 1}).json()["unread"])

    def notices(self, *, page: int = 20) -> Iterator[Notice]:
        """Every message, the newest first; pages are fetched as they are needed."""
        yield from (notice(each) for each in self._pages("me/notices", "notices", page))

    def notice(self, notice_id: int) -> Notice:
        """One message; it stays as new as it was. Raises Problem with the code not_found."""
        return notice(self._send("GET", f"me/notices/{notice_id}").json())

    def mark_read(self, notice_id: int | None = None) -> int:
        """Note that a message, or all of them, was read; how many are new still."""
        path = "me/notices/read" if notice_id is None else f"me/notices/{notice_id}/read"
        return int(self._send("POST", path).json()["unread"])

    def _pages(self, path: str, of: str, size: int) -> Iterator[dict[str, Any]]:
        cursor: str | None = ""
        while cursor is not None:
            data = self._send("GET", path, params={"cursor": cursor, "limit": size}).json()
            yield from data[of]
            cursor = data["next_cursor"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.log_out()
        finally:
            self._http.close()

    def _send(self, method: str, path: str, body: Any = None, params: Any = None) -> httpx.Response:
        headers = {_HEADER: self.token} if self.token else {}
        return checked(self._http.request(method, path, json=body, params=params, headers=headers))


def _said(language: Language | None) -> dict[str, str]:
    return {} if language is None else {"language": language}
