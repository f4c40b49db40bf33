"""Requests that no browser and no honest program sends: refused, quietly, and never an error of ours."""

import base64
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.utils.log import configure_logging
from door_users import Users

from lumbung.config.charsets import KnownCharsets
from lumbung.config.doors import DOORS
from lumbung.config.logs import Plain


def served(**environ: str) -> tuple[str, dict[str, str]]:
    """Status and headers as the server gets them, past what Django's test client does differently."""
    told: list[Any] = []
    request = RequestFactory().get("/login/?a=1").environ | {"HTTP_HOST": "localhost", **environ}
    answer = KnownCharsets(WSGIHandler())(request, lambda *told_now: told.extend(told_now))
    assert b"".join(answer)
    return told[0], dict(told[1])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "charset", ["base64", "zip", "rot13", "hex", "idna", "undefined", "utf-7", "unicode_escape"]
)
def test_a_codec_that_is_no_charset_is_refused(charset: str):
    status, headers = served(CONTENT_TYPE=f"text/plain; charset={charset}")
    assert status == "400 Bad Request"
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


@pytest.mark.django_db
@pytest.mark.parametrize("parameters", ["name*=nothing''%41", "a*=utf-8''b; a*0=c"])
def test_a_content_type_that_can_not_be_read_is_refused(parameters: str):
    assert served(CONTENT_TYPE=f"text/plain; {parameters}")[0] == "400 Bad Request"


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "latin1", "us-ascii", "UTF-16BE", "windows-1252", "gsm"])
def test_a_charset_that_texts_come_in_is_taken(charset: str):
    assert served(CONTENT_TYPE=f"text/plain; charset={charset}")[0] == "200 OK"


@pytest.mark.django_db
def test_a_path_without_a_slash_is_not_found():
    assert served(PATH_INFO="*")[0] == "404 Not Found"


# NUL, which no text in PostgreSQL holds


@pytest.mark.parametrize("endpoint", ["/api/token", "/api/revoke"])
@pytest.mark.parametrize("in_header", [True, False])
def test_a_program_named_with_a_nul_is_refused(users: Users, endpoint: str, in_header: bool):
    form = {"grant_type": "client_credentials", "token": "\0"}
    headers = {}
    if in_header:
        headers["Authorization"] = f"Basic {base64.b64encode(b'%00:x').decode()}"
    else:
        form |= {"client_id": "\0", "client_secret": "x"}
    assert Client().post(endpoint, form, headers=headers).status_code in {400, 401}


def test_a_nul_beside_a_right_secret_is_refused(users: Users):
    form = {"client_id": users.program.client_id, "client_secret": users.program.secret}
    assert Client().post("/api/revoke", {**form, "token": "a\0"}).status_code in {200, 400}
    facts = {"grant_type": "client_credentials", "scope": "me\0"}
    assert Client().post("/api/token", {**form, **facts}).status_code == 400


def test_a_nul_in_the_query_or_the_form_is_a_bad_request(users: Users):
    answer = Client().get("/login/?next=%00")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert Client().post("/login/", {"login": "a\0", "password": "x"}).status_code == 400
    assert Client().get("/api/v1/token?a=%00").status_code == 401


@pytest.mark.parametrize("door", [door for door in DOORS if door.has_sessions], ids=lambda door: door.name)
def test_a_session_named_with_a_nul_is_none(users: Users, door: Any):
    name = door.cookie_names[settings.SESSION_COOKIE_NAME]
    answer = Client().get(f"{door.prefix}login/", headers={"Cookie": f'{name}="\\000{"a" * 31}"'})
    assert answer.status_code == 200


# What is logged of them


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the console shows, filled when the test is over with asking."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    handler = logging.StreamHandler()
    shown: list[str] = []
    handler.setFormatter(Plain("{levelname} {name}: {message}", style="{"))
    handler.emit = lambda record: shown.append(handler.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield shown
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_wrong_host_is_one_line(lines: list[str]):
    assert Client().get("/secret-path/", headers={"Host": "elsewhere.example"}).status_code == 400
    assert len(lines) == 1
    assert lines[0].startswith("WARNING django.security.DisallowedHost: Invalid HTTP_HOST header")
    assert "\n" not in lines[0]
    assert "secret-path" not in lines[0]
    assert settings.LOGGING["formatters"]["plain"]["()"] == f"{Plain.__module__}.{Plain.__qualname__}"


@pytest.mark.django_db
def test_a_refused_form_leaves_no_path_in_the_log(lines: list[str]):
    answer = Client(enforce_csrf_checks=True).post("/login/?next=/secret-path/", {"login": "sari"})
    assert answer.status_code == 403
    assert lines == []
