"""Down for maintenance, and the database away: every door says so in the form its callers understand."""

import json
import logging
import os
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.test import Client, override_settings

from lumbung import maintenance
from lumbung.cli import main
from lumbung.config.away import is_database_away
from lumbung.config.logs import Plain
from lumbung.maintenance import Maintenance

PEOPLE = ("/", "/login/", "/dashboard/", "/help/", "/nothing/", "/employer/", "/employer/login/", "/office/login/")
GATEWAY = {"Authorization": "Basic " + b64encode(b"kannel:geheim").decode(), "X-Kannel-From": "081200000001"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that closes the doors of this test's server and of the command."""
    path = tmp_path / "a folder that is not there yet" / "maintenance.json"
    monkeypatch.setenv("LUMBUNG_MAINTENANCE_FILE", str(path))
    with override_settings(LUMBUNG_MAINTENANCE_FILE=str(path), LUMBUNG_SMS_SECRET="geheim"):
        yield path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["maintenance", *arguments])


def ask(path: str, language: str = "id") -> HttpResponse:
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return browser.get(path)


def text_in() -> HttpResponse:
    """What the gateway hands over."""
    browser = Client(raise_request_exception=False)
    return browser.post("/sms/inbound?id=1&ts=1", "SALDO 10000000001", content_type="text/plain", headers=GATEWAY)


def stylesheet() -> bytes:
    with closing(Client().get("/static/portal/lumbung.css")) as answer:
        assert answer.status_code == 200
        return b"".join(answer.streaming_content)


def text_of(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]).split())


# Switched on and off


def test_the_doors_close_and_open_from_one_request_to_the_next(file: Path, db: None):
    assert ask("/help/").status_code == 200
    assert run("on").exit_code == 0
    assert ask("/help/").status_code == 503
    assert run("off").output == "The doors are open again.\n"
    assert ask("/help/").status_code == 200
    assert run("off").output.startswith("They were open already")


def test_a_link_that_somebody_put_where_the_file_is_made_is_not_written_through(tmp_path: Path):
    """The services own the folder, and root writes the file."""
    path, other = tmp_path / "maintenance.json", tmp_path / "of root"
    other.write_text("as it was")
    other.chmod(0o600)
    for name in (f"maintenance.json.{os.getpid()}", "maintenance.json"):
        (tmp_path / name).symlink_to(other)
    maintenance.switch_on(path, Maintenance(message_en="Back soon."))
    assert (other.read_text(), other.stat().st_mode & 0o777) == ("as it was", 0o600)
    assert not path.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o644
    found = maintenance.standing(path)
    assert found is not None
    assert found.message_en == "Back soon."


def test_until_and_why_are_said_in_both_languages(file: Path):
    until = (datetime.now(UTC) + timedelta(hours=2)).replace(second=0, microsecond=0)
    words = ("--message-id", "Kami menambah <server>.", "--message-en", "We add a <server>.")
    done = run("on", "--until", until.isoformat(), *words)
    assert done.exit_code == 0, done.output
    answer = ask("/dashboard/")
    assert answer.status_code == 503
    assert 7100 <= int(answer["Retry-After"]) <= 7200
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert '<html lang="id">' in answer.content.decode()
    assert '<section class="card" lang="en">' in answer.content.decode()
    shown = until.astimezone(ZoneInfo("Asia/Jakarta"))
    said = text_of(answer)
    for word in (
        "Sedang dalam pemeliharaan", f"{shown:%H:%M} WIB", "Kami menambah &lt;server&gt;.", "SALDO", "2757",
        "Down for maintenance", "We add a &lt;server&gt;.",
    ):  # fmt: skip
        assert word in said
    english = ask("/dashboard/", "en").content.decode()
    assert '<html lang="en">' in english
    assert english.index("We add a") < english.index("Kami menambah")


@pytest.mark.parametrize("path", PEOPLE)
@pytest.mark.parametrize("method", ["get", "post", "head", "put"])
def test_every_page_at_every_door_is_closed_whatever_is_sent(file: Path, path: str, method: str):
    """No fixture opens the database here: an answer that asked it would fail the test."""
    maintenance.switch_on(file, Maintenance())
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "120"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_only_members_are_sent_to_the_sms(file: Path):
    maintenance.switch_on(file, Maintenance())
    assert "SALDO" in text_of(ask("/"))
    for path in ("/employer/", "/office/"):
        assert "SALDO" not in text_of(ask(path))


def test_programs_get_data(file: Path):
    until = datetime.now(UTC) + timedelta(minutes=10)
    maintenance.switch_on(file, Maintenance(until))
    for path in ("/api/v1/token", "/api/token", "/api/nothing"):
        answer = Client().post(path)
        assert answer.status_code == 503
        assert answer["Content-Type"] == "application/problem+json"
        facts = answer.json()
        assert (facts["code"], facts["title"], facts["status"]) == ("maintenance", "Service Unavailable", 503)
        assert facts["until"] == until.astimezone().isoformat()
        assert 590 <= int(answer["Retry-After"]) <= 600


def test_texts_are_taken_in_while_their_door_is_left_open(file: Path, db: None):
    maintenance.switch_on(file, Maintenance())
    answer = text_in()
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_closed_door_for_texts_has_the_gateway_try_again(file: Path, db: None):
    assert run("on", "--sms-closed").exit_code == 0
    answer = text_in()
    assert answer.status_code == 503
    assert answer["Content-Type"] == "text/plain"
    assert "Retry-After" in answer
    assert "SALDO" not in text_of(ask("/"))
    assert "SMS juga tidak dijawab" in text_of(ask("/"))
    run("off")
    assert text_in().status_code == 200


@pytest.mark.django_db  # a request closes what connections there are, and so asks them
def test_static_files_are_still_served(file: Path):
    maintenance.switch_on(file, Maintenance())
    assert b"--brand" in stylesheet()


def test_a_time_that_has_passed_is_not_promised(file: Path):
    maintenance.switch_on(file, Maintenance(datetime.now(UTC) - timedelta(minutes=1)))
    answer = ask("/", "en")
    assert answer["Retry-After"] == "120"
    assert "open again on" not in text_of(answer)
    assert "until" not in Client().get("/api/v1/token").json()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b'{"until": "soon"}', b"\xff", b'{"until": 3}'])
def test_a_file_that_cannot_be_understood_still_closes(file: Path, content: bytes):
    file.parent.mkdir()
    file.write_bytes(content)
    assert ask("/").status_code == 503
    assert maintenance.standing(file) == Maintenance()


def test_a_file_that_changes_is_read_again_and_one_that_does_not_is_not(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    maintenance.switch_on(file, Maintenance(message_id="satu", message_en="one"))
    first = maintenance.standing(file)
    assert first is not None
    monkeypatch.setattr(Path, "read_text", lambda *_, **more: pytest.fail("read again"))
    started = time.process_time()
    assert all(maintenance.standing(file) is first for _ in range(1000))
    assert time.process_time() - started < 0.5
    monkeypatch.undo()
    maintenance.switch_on(file, Maintenance(message_id="dua", message_en="two"))
    changed = maintenance.standing(file)
    assert changed is not None
    assert (changed.message("id"), changed.message("en")) == ("dua", "two")


# The command


def test_status_says_what_stands(file: Path):
    assert run("status").output == f"Open ({file} is not there).\n"
    run("on", "--until", "90m", "--sms-closed")
    said = run("status").output
    assert re.fullmatch(
        rf"Closed until \d{{4}}-\d\d-\d\d \d\d:\d\d WIB; texts are turned away \({file}\)\.\n", said
    )
    kept = json.loads(file.read_text())
    assert datetime.fromisoformat(kept["until"]) - datetime.now(UTC) < timedelta(minutes=90)
    assert [path.name for path in file.parent.iterdir()] == ["maintenance.json"]
    assert oct(file.stat().st_mode & 0o777) == "0o644"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--until", "soon"], "is no time"),
        (["--until", "-5m"], "is no time"),
        (["--until", "2020-01-01 10:00"], "is over already"),
        (["--until", "0m"], "is over already"),
        (["--message-id", "Halo"], "both languages"),
        (["--message-id", "a" * 501, "--message-en", "b"], "at most 500"),
    ],
)
def test_what_makes_no_sense_is_refused(file: Path, arguments: list[str], said: str):
    refused = run("on", *arguments)
    assert refused.exit_code == 2
    assert said in refused.output
    assert not file.exists()


def test_a_file_that_cannot_be_written_is_said(file: Path):
    file.parent.write_text("a file where the folder should be")
    refused = run("on")
    assert refused.exit_code == 1
    assert "can't be changed" in refused.output


def test_the_command_needs_neither_database_nor_keys(file: Path):
    environment = {"PATH": os.environ["PATH"], "LUMBUNG_MAINTENANCE_FILE": str(file), "LANG": "C.UTF-8"}
    command = [sys.executable, "-c", "from lumbung.cli import main; main()", "maintenance", "on"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert maintenance.standing(file) == Maintenance()


# The database is away


@pytest.fixture
def away(clone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where the database was."""
    connections["default"].close()
    monkeypatch.setitem(connections.settings["default"], "HOST", "127.0.0.1")
    monkeypatch.setitem(connections.settings["default"], "PORT", "1")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_page_says_that_we_cannot_be_reached(file: Path, away: None, language: str):
    answer = ask("/", language)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "120", "no-store")
    page = answer.content.decode()
    assert f'<html lang="{language}">' in page
    assert "Traceback" not in page
    assert "127.0.0.1" not in page
    said = text_of(answer)
    for word in ("We can&#x27;t be reached for a moment", "Kami sebentar tidak dapat dihubungi", "SALDO"):
        assert word.replace("&#x27;", "'") in said.replace("&#x27;", "'")


def test_every_door_answers_in_its_own_form(file: Path, away: None):
    browser = Client(raise_request_exception=False)
    for path, door in (("/dashboard/", "member"), ("/employer/", "employer"), ("/office/", "office")):
        browser.cookies[f"lumbung_{door}"] = "a" * 32
        assert browser.get(path).status_code == 503, path
    answer = browser.get("/api/v1/token", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    answer = text_in()
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain")


def test_help_stands_without_the_database(file: Path, away: None):
    for path in ("/help/", "/help/service-down/", "/security/"):
        assert ask(path).status_code == 200, path
    assert b"--brand" in stylesheet()


def test_the_log_has_one_line_for_it(file: Path, away: None):
    lines = logged("/")
    assert len(lines) == 1
    assert "Service Unavailable: /" in lines[0]
    assert "WARNING" in lines[0]
    assert "\n" not in lines[0]


def test_the_log_has_nothing_of_closed_doors(file: Path):
    maintenance.switch_on(file, Maintenance())
    assert logged("/") == []


def logged(path: str) -> list[str]:
    """What asking for this page adds to the log, as the server writes it."""
    lines: list[str] = []
    plain = Plain(**{key: value for key, value in settings.LOGGING["formatters"]["plain"].items() if key != "()"})
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(plain.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        ask(path)
    finally:
        logging.getLogger().removeHandler(handler)
    return lines


@pytest.mark.parametrize(
    ("cause", "is_away"),
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.CannotConnectNow(), True),
        (psycopg.errors.TooManyConnections(), True),
        (psycopg.errors.ConnectionFailure(), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (psycopg.errors.DeadlockDetected(), False),
        (psycopg.errors.QueryCanceled(), False),
        (psycopg.errors.LockNotAvailable(), False),
        (psycopg.errors.UniqueViolation(), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_only_a_database_that_cannot_be_asked_is_away(cause: BaseException | None, is_away: bool):
    assert is_database_away(cause) == is_away
    wrapped = OperationalError("as Django says it")
    wrapped.__cause__ = cause
    assert is_database_away(wrapped) == is_away


# A server that starts while the database is away

START = """
import sys
from wsgiref.util import setup_testing_defaults
from lumbung.config.wsgi import application
for line in sys.stdin:
    environ = {"PATH_INFO": line.strip(), "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    body = application(environ, lambda status, headers: print(status, flush=True))
    list(body)
    getattr(body, "close", lambda: None)()
"""


def test_a_server_starts_without_the_database_and_serves_when_it_has_come(clone: Any, file: Path, tmp_path: Path):
    """The socket that it is told to ask appears later, as a link to the folder of the real one."""
    query = re.search(r"host=([^&]+)", clone.app_url)
    assert query is not None
    folder = Path(query[1].replace("%2F", "/"))
    link = tmp_path / "s"
    environment = {**os.environ, "DATABASE_URL": clone.app_url.replace(query[1], str(link))}
    command = [sys.executable, "-c", START]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None

        def status(path: str) -> str:
            print(path, file=server.stdin, flush=True)
            return server.stdout.readline().strip()  # type: ignore[union-attr]

        assert status("/help/") == "503 Service Unavailable"
        assert status("/static/portal/icon.svg") == "200 OK"
        link.symlink_to(folder)
        assert status("/help/") == "200 OK"
        assert status("/") == "200 OK"
        server.stdin.close()
        assert server.wait(20) == 0
