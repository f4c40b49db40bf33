"""Log in to a demo as its users do, by forms and without a browser, for judges who take cookies."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SECRET = re.compile(r"\b[A-Z2-7]{32}\b")
LONGEST = 60  # seconds for one answer: the first ones of a fresh server on a busy machine are slow


class Visitor:
    """One user of the demo, logged in at his door; an officer sets up an app for codes first."""

    def __init__(self, address: str, home: Path, kind: str) -> None:
        rows = json.loads((home / "demo" / "log-ins.json").read_text())
        who = next(row for row in rows if row["kind"] == kind)
        self.address, self.door = address, who["path"]
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        where = self._send("login/", login=who["user"], password=who["password"])
        if where.endswith("/login/"):
            raise SystemExit(f"{who['user']} could not log in.")
        if kind == "officer":
            self._set_up_app()

    @property
    def cookies(self) -> str:
        """The header Cookie of a request by this user."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def _set_up_app(self) -> None:
        page, _ = self._open("account/app/")
        found = SECRET.search(page)
        if found is None:
            raise SystemExit("The page of the app for codes shows no key.")
        where = self._send("account/app/", code=code(found[0], time.time()))
        if where.endswith("/account/app/"):
            raise SystemExit("The code of the app was refused.")

    def _send(self, path: str, **form: str) -> str:
        """Fill in the form at this address; where it leads."""
        page, _ = self._open(path)
        found = TOKEN.search(page)
        if found is None:
            raise SystemExit(f"{self.door}{path} holds no form.")
        return self._open(path, {**form, "csrfmiddlewaretoken": found[1]})[1]

    def _open(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        url = urljoin(self.address, self.door + path)
        data = None if form is None else urlencode(form).encode()
        with self.opener.open(Request(url, data, {"Referer": url}), timeout=LONGEST) as answer:
            return answer.read().decode(), answer.url


def code(secret: str, at: float) -> str:
    """The six digits that an app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
