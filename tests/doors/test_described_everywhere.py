"""What may come in place of any operation's own answer is described for each, and comes as it is described."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from app_phone import app_of
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from door_users import Users
from test_program_balance import balance_token

from lumbung import maintenance
from lumbung.accounts.inbox import actions as inbox
from lumbung.api.v1.schemas import Problem
from lumbung.ledger import queries as books
from lumbung.maintenance import Maintenance

PROBLEM = "application/problem+json"
BY_TAG = {"me": "X-Session-Token", "programs": "Authorization", "law": "X-Nothing"}
Asked = Callable[..., httpx.Response]
Each = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture
def described(db: None) -> dict[str, Any]:
    facts: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return facts


@pytest.fixture
def operations(described: dict[str, Any]) -> Each:
    """Method, address and description of each."""
    return [
        (method.upper(), path, operation)
        for path, each in described["paths"].items()
        for method, operation in each.items()
    ]


@pytest.fixture
def ask(paid: Users, served: Callable[..., list[bytes]]) -> Iterator[Asked]:
    """Asks an operation about something that is there, as somebody who may; everything else is the test's."""
    cache.clear()
    app = app_of("sari")
    assert app.send("post", "/card").status_code == 201
    inbox.tell(paid.member, "account_made", now=timezone.now(), at=timezone.now())
    there = {"parameter": "jkm_rate", "notice_id": str(paid.member.messages.order_by("pk")[0].pk)}
    tokens = {"me": app.token, "programs": f"Bearer {balance_token('me', 'balance')}", "law": ""}
    with httpx.Client(transport=httpx.WSGITransport(app=served), base_url="http://localhost") as http:

        def asked(method: str, path: str, tag: str, query: str = "", **headers: str) -> httpx.Response:
            address = re.sub(r"\{(\w+)\}", lambda found: there[found[1]], path)
            shown = {BY_TAG[tag]: tokens[tag], **{name.replace("_", "-"): each for name, each in headers.items()}}
            return http.request(method, address + query, headers=shown, content=None if method == "GET" else b"{}")

        yield asked


def told(described: dict[str, Any], operation: dict[str, Any], answer: httpx.Response) -> dict[str, Any]:
    """What a described problem says; fails for any other answer."""
    status = str(answer.status_code)
    named = operation["responses"][status]["$ref"].rpartition("/")[2]
    words = described["components"]["responses"][named]
    assert words["content"] == {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert answer.headers["Content-Type"] == PROBLEM
    assert set(words.get("headers", {})) <= {name.title() for name in answer.headers}
    facts: dict[str, Any] = answer.json()
    Problem.model_validate(facts)
    assert facts["status"] == answer.status_code
    return facts


def test_each_operation_names_what_may_come_in_its_place(described: dict[str, Any], operations: Each):
    assert len(operations) == 24
    for method, path, operation in operations:
        expected = {"400", "500", "503"} | ({"304", "412"} if method == "GET" else set())
        assert operation["responses"].keys() >= expected, path
        if "429" in operation["responses"]:
            assert operation["responses"]["429"] == {"$ref": "#/components/responses/TooMany"}, path
    for name in ("TooMany", "Closed"):
        assert described["components"]["responses"][name]["headers"]["Retry-After"]["required"]


def test_each_operation_names_its_scope(operations: Each):
    for _, path, operation in operations:
        if operation["tags"] == ["programs"]:
            assert operation["security"] == [{"Scope": ["me" if path.endswith("/token") else "balance"]}]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?a=%00", {}),
        ("?" + "&".join(f"a{number}=1" for number in range(1500)), {}),
        ("", {"Content_Type": "application/json; charset=base64"}),
        ("", {"Host": "elsewhere.example"}),
    ],
    ids=["a NUL", "too many", "no charset", "another host"],
)
def test_what_can_not_be_read_is_a_described_problem(
    described: dict[str, Any], operations: Each, ask: Asked, query: str, headers: dict[str, str]
):
    for method, path, operation in operations:
        answer = ask(method, path, operation["tags"][0], query, **headers)
        assert answer.status_code == 400, (method, path)
        facts = Problem.model_validate(answer.json())
        assert (answer.headers["Content-Type"], facts.code, facts.status) == (PROBLEM, "bad_request", 400)
        assert "400" in operation["responses"]
        if "$ref" in operation["responses"]["400"]:
            told(described, operation, answer)


def test_what_is_read_has_an_etag_and_is_not_sent_twice(described: dict[str, Any], operations: Each, ask: Asked):
    read = [(path, operation) for method, path, operation in operations if method == "GET"]
    for path, operation in read:
        answer = ask("GET", path, operation["tags"][0])
        assert answer.status_code == 200, path
        assert set(operation["responses"]["200"]["headers"]) == {"ETag"}
        etag = answer.headers["ETag"]
        again = ask("GET", path, operation["tags"][0], If_None_Match=etag)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag), path
        if path.startswith("/api/v1/law/"):
            assert again.headers["Cache-Control"] == "public, max-age=3600"
        else:
            assert again.headers["Cache-Control"] == "no-store"
        other = ask("GET", path, operation["tags"][0], If_Match='"something else"')
        assert told(described, operation, other)["code"] == "changed"
        assert ask("GET", path, operation["tags"][0], If_Match=etag).status_code == 200
    assert len(read) == 12


def test_a_closed_door_is_a_described_problem(
    described: dict[str, Any], operations: Each, ask: Asked, settings: LazySettings, tmp_path: Path
):
    settings.LUMBUNG_MAINTENANCE_FILE = str(tmp_path / "closed.json")
    maintenance.switch_on(Path(settings.LUMBUNG_MAINTENANCE_FILE), Maintenance())
    for method, path, operation in operations:
        facts = told(described, operation, ask(method, path, operation["tags"][0]))
        assert (facts["status"], facts["code"]) == (503, "maintenance"), path


def test_what_breaks_here_is_a_described_problem(
    described: dict[str, Any], operations: Each, ask: Asked, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(books, "balance", breaks)
    operation = next(each for _, path, each in operations if path == "/api/v1/me/balance")
    facts = told(described, operation, ask("GET", "/api/v1/me/balance", "me"))
    assert (facts["status"], facts["code"]) == (500, "server_error")
