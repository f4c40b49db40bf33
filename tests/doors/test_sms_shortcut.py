"""Texts that are kept before Django's handlers: the same rows as through them, and everything else passes by."""

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import DatabaseError, close_old_connections
from django.test import RequestFactory
from sms_phone import SALDO, basic, hand_in

from lumbung import maintenance
from lumbung.config import closed
from lumbung.config.shortcut import TextsFirst
from lumbung.messaging.models import InboundText
from lumbung.sms import handover

pytestmark = pytest.mark.django_db
SECRET = "kata-rahasia"


@pytest.fixture(autouse=True)
def secret(settings: LazySettings) -> None:
    settings.LUMBUNG_SMS_SECRET = SECRET


@pytest.fixture(autouse=True)
def kept_open() -> Iterator[None]:
    """The connection of the test, in its transaction, is not closed by a request; Django's own client does so."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


class Django:
    """Stands where Django stands, and notes the bodies that come to it."""

    def __init__(self) -> None:
        self.came: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.came.append(environ["wsgi.input"].read())
        start_response("418 Django", [])
        return [b"Django"]


def environ_of(body: bytes = SALDO.encode(), *, gateway_id: str = "one", **changed: str) -> dict[str, Any]:
    request = RequestFactory().post(
        f"/sms/inbound?id={gateway_id}&ts=1795372644",
        body,
        content_type='text/plain; charset="UTF-8"',
        headers={
            "Authorization": basic("kannel", SECRET),
            "X-Kannel-From": "081200000001",
            "X-Kannel-To": "2757",
            "Host": "localhost",
        },
    )
    return {**request.environ, "CONTENT_LENGTH": str(len(body)), **changed, "wsgi.input": io.BytesIO(body)}


def asked(environ: dict[str, Any]) -> tuple[str, bytes, list[bytes]]:
    """Status, body, and what came to Django."""
    told: list[Any] = []
    django = Django()
    answer = b"".join(TextsFirst(django)(environ, lambda *told_now: told.extend(told_now)))
    return told[0], answer, django.came


def columns() -> dict[str, Any]:
    text = InboundText.objects.get()
    apart = {"id", "received_at"}
    return {
        field.attname: getattr(text, field.attname)
        for field in InboundText._meta.concrete_fields
        if field.attname not in apart
    }


def test_a_text_is_kept_and_acknowledged_without_django() -> None:
    before = datetime.now(UTC)
    assert asked(environ_of()) == ("200 OK", b"", [])
    text = InboundText.objects.get()
    assert (text.sender, text.recipient, text.body) == ("+6281200000001", "2757", SALDO)
    assert before <= text.received_at <= datetime.now(UTC)
    assert text.sent_at == datetime.fromtimestamp(1795372644, tz=UTC)


def test_the_same_text_is_kept_once_whichever_way_it_comes() -> None:
    asked(environ_of())
    asked(environ_of())
    assert hand_in(SALDO, gateway_id="one").status_code == 200
    assert InboundText.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (SALDO.encode(), {}),
        ("Saldo ☺".encode("utf-16-be"), {"CONTENT_TYPE": "text/plain; charset=UTF-16BE"}),
        (b"\xff saldo", {"CONTENT_TYPE": "text/plain; charset=none-such"}),
        (b"x" * 12_000, {}),
        (b"", {}),
        (SALDO.encode(), {"HTTP_X_KANNEL_FROM": "\x01" * 60, "HTTP_X_KANNEL_TO": "9" * 60}),
        (SALDO.encode(), {"QUERY_STRING": "id=%00a&id=%C3%A9&ts=never"}),
        (SALDO.encode(), {"QUERY_STRING": "id=a+b%2Bc&ts=1&x"}),
    ],
)
def test_both_ways_keep_the_same(body: bytes, changed: dict[str, str]) -> None:
    assert asked(environ_of(body, **changed)) == ("200 OK", b"", [])
    kept = columns()
    InboundText.objects.all().delete()
    told: list[Any] = []
    list(WSGIHandler()(environ_of(body, **changed), lambda *told_now: told.extend(told_now)))
    assert told[0] == "200 OK"
    assert columns() == kept


@pytest.mark.parametrize(
    "changed",
    [
        {"REQUEST_METHOD": "GET"},
        {"PATH_INFO": "/sms/inbound/"},
        {"PATH_INFO": "/sms/receipt"},
        {"HTTP_HOST": "somewhere.example"},
        {"HTTP_HOST": ""},
        {"HTTP_AUTHORIZATION": basic("kannel", "wrong")},
        {"HTTP_AUTHORIZATION": ""},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "-1"},
    ],
)
def test_whatever_is_not_plainly_a_text_goes_on_to_django(changed: dict[str, str]) -> None:
    status, _, came = asked(environ_of(**changed))
    assert status == "418 Django"
    assert len(came) == 1
    assert not InboundText.objects.exists()


@pytest.mark.parametrize("why", ["no secret", "no door", "maintenance", "owed"])
def test_a_closed_door_is_closed_here_as_well(
    why: str, settings: LazySettings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorization = basic("kannel", SECRET)
    if why == "no secret":
        settings.LUMBUNG_SMS_SECRET, authorization = "", basic("kannel", "")
    elif why == "no door":
        settings.LUMBUNG_DOORS = ["member"]
    elif why == "maintenance":
        settings.LUMBUNG_MAINTENANCE_FILE = str(tmp_path / "maintenance")
        maintenance.switch_on(tmp_path / "maintenance", maintenance.Maintenance(sms_open=False))
    else:
        monkeypatch.setattr(closed, "_owed", [lambda: None])
    assert asked(environ_of(HTTP_AUTHORIZATION=authorization))[::2] == ("418 Django", [SALDO.encode()])
    assert not InboundText.objects.exists()


def test_texts_are_kept_under_a_maintenance_that_leaves_them_open(settings: LazySettings, tmp_path: Any) -> None:
    settings.LUMBUNG_MAINTENANCE_FILE = str(tmp_path / "maintenance")
    maintenance.switch_on(tmp_path / "maintenance", maintenance.Maintenance(sms_open=True))
    assert asked(environ_of()) == ("200 OK", b"", [])


def test_a_text_that_broke_off_is_refused_whichever_way_it_comes() -> None:
    assert asked(environ_of(b"KUN", CONTENT_LENGTH="5")) == ("418 Django", b"Django", [b"KUN"])
    told: list[Any] = []
    cut = environ_of(b"KUN", CONTENT_LENGTH="5")
    list(TextsFirst(WSGIHandler())(cut, lambda *told_now: told.extend(told_now)))
    assert told[0] == "400 Bad Request"
    assert not InboundText.objects.exists()


def test_a_text_without_a_length_is_read_to_its_end() -> None:
    """As HTTP/2 has it."""
    told: list[Any] = []
    unmeasured = environ_of()
    del unmeasured["CONTENT_LENGTH"]
    list(TextsFirst(WSGIHandler())(unmeasured, lambda *told_now: told.extend(told_now)))
    assert (told[0], InboundText.objects.get().body) == ("200 OK", SALDO)


def test_what_does_not_work_comes_to_django_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object, **facts: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(handover.actions, "take_in", fails)
    assert asked(environ_of(SALDO.encode())) == ("418 Django", b"Django", [SALDO.encode()])
