"""A member's app, as a test holds it: it logs in by the app's door and keeps its token."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client
from door_users import PASSWORD

ROOT = "/api/v1/me"


@dataclass
class App:
    """One app on one phone; `token` is what it keeps."""

    token: str = ""
    client: Client = field(default_factory=Client)

    def send(self, method: str, path: str, body: object = None, **more: Any) -> HttpResponse:
        headers = (
            {"X-Session-Token": self.token, **more.pop("headers", {})} if self.token else more.pop("headers", {})
        )
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer: HttpResponse = getattr(self.client, method)(f"{ROOT}{path}", headers=headers, **content, **more)
        return answer

    def get(self, path: str = "", **more: Any) -> HttpResponse:
        return self.send("get", path, **more)

    def post(self, path: str, body: object) -> HttpResponse:
        """Send, and keep the token that comes back, with a log-in or with what it waits for."""
        answer = self.send("post", path, body)
        self.token = answer.json().get("session_token", self.token)
        return answer

    def log_in(self, login: str, password: str = PASSWORD) -> HttpResponse:
        return self.post("/log-in", {"login": login, "password": password})


def app_of(login: str) -> App:
    """An app that is logged in."""
    app = App()
    answer = app.log_in(login)
    assert answer.status_code == 200, answer.content
    return app
