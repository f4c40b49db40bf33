"""A member's own record, for the member's own app. The token lives in this object only: nothing is stored."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from lumbung_client.answers import Account, Balance, Month, balance, month
from lumbung_client.problems import SecondStepNeeded, checked

_HEADER = "X-Session-Token"


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

    def log_in(self, login: str, password: str) -> None:
        """By user name, e-mail or phone. Raises SecondStepNeeded when a code is to follow, else Problem."""
        try:
            answer = self._send("POST", "me/log-in", {"login": login, "password": password})
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
        cursor: str | None = ""
        while cursor is not None:
            data = self._send("GET", "me/history", params={"cursor": cursor, "limit": page}).json()
            yield from (month(each) for each in data["months"])
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
