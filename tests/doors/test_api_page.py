"""The page for integrators is true: its requests are sent, its answers compared, its program run."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from door_users import Users

PAGE = Path(__file__).resolve().parents[2] / "docs" / "integrators" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(http|json|python)\n(.*?)^```", TEXT, re.M | re.S)


def holds(wanted: Any, found: Any) -> bool:
    """Whether an answer has everything that the page shows of it."""
    if isinstance(wanted, dict):
        return all(name in found and holds(value, found[name]) for name, value in wanted.items())
    if isinstance(wanted, list):
        return len(wanted) == len(found) and all(map(holds, wanted, found))
    return bool(wanted == found)


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> None:
    cache.clear()


def test_each_request_gets_the_answer_that_is_shown(paid: Users):
    sent = 0
    for (kind, text), (following, shown) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True):
        if kind != "http":
            continue
        line, _, body = text.partition("\n")
        method, path = line.split()
        extra = {"data": body, "content_type": "application/json"} if body else {}
        answer = getattr(Client(), method.lower())(path, **extra)
        if following == "json":
            wanted = json.loads(shown)
            assert answer.status_code == wanted.get("status", 200), line
            assert holds(wanted, answer.json()), (line, answer.json())
        else:
            assert answer.status_code == 200, (line, answer.content)
        sent += 1
    assert sent == 4


def test_the_program_runs(paid: Users, served: Callable[..., list[bytes]], monkeypatch: pytest.MonkeyPatch):
    real = httpx.Client
    transport = httpx.WSGITransport(app=served)
    monkeypatch.setattr(httpx, "Client", lambda **more: real(**{**more, "transport": transport}))
    (program,) = [text for kind, text in BLOCKS if kind == "python"]
    exec(compile(program, str(PAGE), "exec"), {})


@pytest.mark.django_db
def test_every_address_of_the_description_stands_on_the_page():
    described = Client().get("/api/v1/openapi.json").json()
    for path in described["paths"]:
        assert path in TEXT, path
