"""Gateways over real HTTP: what goes over the line, what answers mean, receipts, and a worker that is killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import LazySettings, settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from gateway_server import GatewayServer, gateway_server
from sms_phone import basic, work_off

from lumbung.messaging import actions as messaging
from lumbung.messaging.gateways import configured
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import Gateway, OutboundText, PhoneHold, RefusedPhone
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.texting import TEXTS

PHONE, WORDS = "+6281200000001", "123456 adalah kode Lumbung Anda."
Use = Callable[..., None]


@pytest.fixture
def server() -> Iterator[GatewayServer]:
    with gateway_server() as found:
        yield found


def kannel(server: GatewayServer, **more: Any) -> dict[str, Any]:
    entry = {"name": "kannel", "transport": "kannel", "url": f"{server.url}/cgi-bin/sendsms", "from": "2757"}
    return {**entry, "username": "fund", "password": "rahasia", "receipts": "http://127.0.0.1:8000/", **more}


def aggregator(server: GatewayServer, **more: Any) -> dict[str, Any]:
    said = {"to": "{digits}", "parts": [{"text": "{text}"}], "ref": "{reference}", "from": "{from}"}
    entry = {"name": "agg", "transport": "http", "url": f"{server.url}/v1", "from": "FUND", "json": said}
    return {**entry, **more}


@pytest.fixture
def use(settings: LazySettings) -> Use:
    def use(*entries: dict[str, Any]) -> None:
        settings.LUMBUNG_GATEWAYS = json.dumps(entries)

    return use


def send(body: str = WORDS, **more: Any) -> OutboundText:
    """Put a text out and do what the queue does."""
    text = messaging.send(to=PHONE, body=body, now=timezone.now(), **more)
    work_off()
    text.refresh_from_db()
    return text


def receipt(text: OutboundText | str, status: object, *, secret: str | None = None) -> HttpResponse:
    reference = text if isinstance(text, str) else text.reference
    password = settings.LUMBUNG_SMS_SECRET if secret is None else secret
    headers = {"Authorization": basic("kannel", password)}
    return Client().get(f"/sms/receipt?ref={reference}&st={status}", headers=headers)


@pytest.mark.django_db
class TestKannel:
    def test_a_text_goes_as_kannel_wants_it_and_its_address_says_nothing(
        self, server: GatewayServer, use: Use
    ) -> None:
        use(kannel(server, smsc="TELCO1"))
        text = send(lane=Lane.CODE)
        [(path, headers, body)] = server.taken
        assert (text.state, text.gateway, text.attempts) == ("sent", "kannel", 1)
        assert (path, body) == ("/cgi-bin/sendsms", WORDS)
        assert headers["content-type"] == 'text/plain; charset="UTF-8"'
        kannels = {name.removeprefix("x-kannel-"): value for name, value in headers.items() if "kannel" in name}
        address = f"http://kannel:{settings.LUMBUNG_SMS_SECRET}@127.0.0.1:8000/sms/receipt"
        assert kannels == {
            "username": "fund", "password": "rahasia", "to": PHONE, "from": "2757", "smsc": "TELCO1",
            "coding": "0", "validity": "10", "priority": "3", "dlr-mask": "19",
            "dlr-url": f"{address}?ref={text.reference}&st=%d&by=%i",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("status", "state", "reason"),
        [
            (202, "sent", ""),
            (400, "failed", "refused"),
            (403, "queued", ""),
            (503, "queued", ""),
            (500, "claimed", ""),
        ],
    )
    def test_what_it_answers(self, server: GatewayServer, use: Use, status: int, state: str, reason: str) -> None:
        use(kannel(server))
        server.status = status
        text = send()
        assert (text.state, text.reason) == (state, reason)
        assert len(server.taken) == 1

    def test_the_next_one_takes_over_at_once_from_who_is_not_there(self, server: GatewayServer, use: Use) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            away = kannel(server, name="away", url=f"http://127.0.0.1:{closed.getsockname()[1]}/")
            use(away, kannel(server))
            text = send()
        assert (text.state, text.gateway, text.attempts) == ("sent", "kannel", 2), "at once, in one turn"
        assert server.words == [WORDS]
        assert not Gateway.objects.get(name="kannel").failures
        assert Gateway.objects.get(name="away").closed_until

    def test_an_answer_that_never_came_is_not_asked_for_again_anywhere(
        self, server: GatewayServer, use: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(kannel(server), kannel(server, name="second"))
        server.cuts = True
        text = send()
        assert text.state == "claimed"
        server.cuts, later = False, timezone.now() + timedelta(hours=1)
        outbox.resume(TEXTS, now=later)
        outbox.deliver(TEXTS, clock=lambda: later)
        assert len(server.taken) == 1

    def test_many_go_side_by_side_over_connections_that_are_kept(self, server: GatewayServer, use: Use) -> None:
        use(kannel(server, in_flight=4))
        for number in range(120):
            messaging.send(to=f"+628120000{number:04}", body=f"{number}", now=timezone.now())
        work_off()
        assert sorted(server.words, key=int) == [str(number) for number in range(120)]
        assert len(server.connections) <= 4
        assert set(OutboundText.objects.values_list("state", flat=True)) == {"sent"}

    def test_nothing_of_the_text_is_said_in_logs(
        self, server: GatewayServer, use: Use, capfd: pytest.CaptureFixture[str]
    ) -> None:
        use(kannel(server))
        server.cuts = True
        send()
        receipt(str(uuid4()), 1)
        said = "".join(capfd.readouterr())
        assert "hand_over_unknown" in said
        assert "receipt_unknown" in said
        assert not [word for word in (PHONE[1:], WORDS, "123456", "rahasia") if word in said]


@pytest.mark.django_db
class TestAggregator:
    def test_a_text_goes_as_the_operator_describes_it(
        self, server: GatewayServer, use: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AGG_KEY", "kunci")
        use(aggregator(server, headers={"Authorization": "Bearer ${AGG_KEY}"}))
        text = send('Kata "aneh" {to}')
        [(path, headers, body)] = server.taken
        assert (path, headers["authorization"], text.state) == ("/v1", "Bearer kunci", "sent")
        said = {"parts": [{"text": 'Kata "aneh" {to}'}], "ref": str(text.reference), "from": "FUND"}
        assert json.loads(body) == {"to": PHONE[1:], **said}

    def test_or_as_a_form(self, server: GatewayServer, use: Use) -> None:
        entry = aggregator(server, form={"n": "{to}", "m": "{text}"})
        del entry["json"]
        use(entry)
        send("a&b")
        assert server.words == ["n=%2B6281200000001&m=a%26b"]

    @pytest.mark.parametrize(
        ("status", "answer", "state"),
        [
            (200, '{"messages": [{"status": "ok"}]}', "sent"),
            (200, '{"messages": [{"status": "hm"}]}', "claimed"),
            (200, "no json", "claimed"),
            (200, '{"error": {"code": 21211}}', "failed"),
            (422, '{"error": {"code": 1}}', "claimed"),
            (429, "", "queued"),
            (302, "", "queued"),
            (502, "", "claimed"),
        ],
    )
    def test_what_it_answers(self, server: GatewayServer, use: Use, status: int, answer: str, state: str) -> None:
        taken = {"statuses": [200], "field": "messages.0.status", "values": ["ok"]}
        refused = {"statuses": [200, 422], "field": "error.code", "values": ["21211"]}
        use(aggregator(server, taken=taken, refused=refused))
        server.status, server.body = status, answer.encode()
        assert send().state == state

    @pytest.mark.parametrize("value", [None, True, 7, "7"])
    def test_it_may_answer_with_any_value(self, server: GatewayServer, use: Use, value: object) -> None:
        use(aggregator(server, taken={"statuses": [200], "field": "error", "values": [value]}))
        server.status, server.body = 200, json.dumps({"error": value}).encode()
        assert send().state == "sent"

    def test_one_that_knows_our_reference_is_asked_again_itself(self, server: GatewayServer, use: Use) -> None:
        use(aggregator(server, may_repeat=True), kannel(server))
        server.cuts = True
        text = send()
        assert (text.state, text.gateway) == ("queued", "agg")
        server.cuts = False
        outbox.deliver(TEXTS, clock=lambda: timezone.now() + timedelta(minutes=1))
        text.refresh_from_db()
        assert (text.state, text.gateway, len(server.taken)) == ("sent", "agg", 2)


def test_without_a_description_texts_go_to_the_kannel_of_this_machine(settings: LazySettings) -> None:
    settings.LUMBUNG_GATEWAYS, settings.LUMBUNG_KANNEL_URL = "", "http://fund:ra%2Fhasia@127.0.0.1:13013"
    [way] = configured.ways()
    by_http: Any = way.send.__self__  # type: ignore[attr-defined]
    kannel = by_http.account
    assert (way.name, by_http.caller.url) == ("kannel", "http://127.0.0.1:13013/cgi-bin/sendsms")
    assert (kannel.username, kannel.password, kannel.sender) == ("fund", "ra/hasia", "2757")
    assert kannel.receipts.endswith("@127.0.0.1:8000/sms/receipt")


DESCRIBED = {
    "secret": "rahasia-tanda-terima", "reference": "client_ref", "state": "report.0.status",
    "delivered": ["DELIVRD"], "undelivered": ["UNDELIV", "EXPIRED"], "refused": ["REJECTD"], "accepted": [7],
}  # fmt: skip


of_kannel = {"transport": "kannel", "url": "http://x", "username": "u", "password": "p"}
of_http = {"transport": "http", "url": "http://x", "json": {}}


def one(right: dict[str, Any], **wrong: Any) -> str:
    return json.dumps([{"name": "a", **right, **wrong}])


def described(**wrong: Any) -> str:
    """A gateway whose receipts are described so; what is None is left out."""
    receipts = {name: value for name, value in {**DESCRIBED, **wrong}.items() if value is not None}
    return json.dumps([{"name": "a", "transport": "http", "url": "http://x", "json": {}, "receipts": receipts}])


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("[", "no JSON"),
        ("{}", "neither"),
        ("[]", "at least one"),
        ("/nowhere.json", "neither"),
        ('[{"name": "a", "transport": "fax"}]', "`transport`"),
        ('[{"name": "smtp", "transport": "simulator"}]', "`name`"),
        ('[{"name": "a", "transport": "simulator", "url": "http://x"}]', "no url"),
        ('[{"name": "a", "transport": "kannel", "url": "http://x", "username": "u"}]', "password is missing"),
        ('[{"name": "a", "transport": "kannel"}]', "url is missing"),
        ('[{"name": "a", "transport": "kannel", "url": "x", "username": "u", "password": "p"}]', "wrong kind"),
        ('[{"name": "a", "transport": "http", "url": "http://x", "headers": {"A": "${NOT_SET}"}}]', "NOT_SET"),
        ('[{"name": "a", "transport": "simulator", "rate": 0}]', "wrong kind"),
        (one(of_kannel, **{"from": "27\n57"}), "not plain"),
        (one(of_kannel, password="rahasi\u00e5"), "not plain"),
        (one(of_kannel, url="http://x/a b"), "wrong kind"),
        (one(of_kannel, receipts="file:///etc/passwd"), "wrong kind"),
        (one(of_http, in_flight=0), "wrong kind"),
        (one(of_http, url="http://x:y/"), "wrong kind"),
        (one(of_http, url="http://u:p@x/"), "wrong kind"),
        (one(of_http, url="http://x/\r\nA: b"), "not plain"),
        (one(of_http, url="gopher://x/"), "wrong kind"),
        (one(of_http, method="POST / HTTP/1.1"), "wrong kind"),
        (one(of_http, headers={"A": "b\r\nC: d"}), "not plain"),
        (one(of_http, headers={"A: b": "c"}), "wrong kind"),
        (one(of_http, headers={"A": "{text}"}), "wrong kind"),
        (described(secret="short"), "fewer than 16"),
        (described(secret=1234567890123456), "in quotes"),
        (described(delivered="OK"), "list of values"),
        (one(of_http, taken={"field": "a", "values": "ok"}), "list of values"),
        (described(delivered=[], undelivered=[], refused=[], accepted=[]), "wrong kind"),
        (described(delivered=["EXPIRED"]), "wrong kind"),
        (described(stat="x"), "wrong kind"),
        (described(proof={"cookie": "a"}), "`proof` is"),
        (described(state="reports.*.state"), "reference, state"),
        (described().replace('"name": "a"', '"name": "kannel"'), "taken for Kannel's"),
        (described(reference=None), "reference is missing"),
        ('[{"name": "a", "transport": "simulator"}, {"name": "a", "transport": "simulator"}]', "same name"),
    ],
)
def test_a_mistake_in_the_description_is_said(settings: LazySettings, written: str, says: str) -> None:
    settings.LUMBUNG_GATEWAYS = written
    with pytest.raises(ImproperlyConfigured, match=says):
        configured.ways()


@pytest.mark.django_db
class TestReceipts:
    def test_only_the_gateway_brings_receipts(self, settings: LazySettings) -> None:
        assert receipt(str(uuid4()), 1, secret="wrong").status_code == 401
        assert receipt("no-uuid", 1, secret="wrong").status_code == 401
        assert receipt(str(uuid4()), 1).status_code == 200
        settings.LUMBUNG_SMS_SECRET = ""
        assert receipt(str(uuid4()), 1, secret="").status_code == 404

    @pytest.mark.parametrize("status", ["x", "", "1.0", "9" * 5000, "%00", "-"])
    def test_what_cannot_be_read_changes_nothing_and_is_not_brought_for_a_day(self, status: str) -> None:
        text = send()
        assert receipt(text, status).status_code == receipt("no-uuid", 1).status_code == 200
        text.refresh_from_db()
        assert (text.state, text.receipt) == ("sent", "none")

    @pytest.mark.parametrize(
        ("statuses", "state", "known"),
        [
            ([1], "sent", "delivered"),
            ([8, 1, 8, 4, 2, 16, 1], "sent", "delivered"),
            ([2], "failed", "undelivered"),
            ([2, 8, 2], "failed", "undelivered"),
            ([16, 1], "failed", "delivered"),
            ([4, 99, -1], "sent", "none"),
        ],
    )
    def test_they_only_raise_what_is_known(self, statuses: list[int], state: str, known: str) -> None:
        text = send()
        for status in statuses:
            assert receipt(text, status).status_code == 200
        text.refresh_from_db()
        assert (text.state, text.receipt) == (state, known)

    def test_a_code_that_the_network_refuses_has_failed_and_falls_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[dict[str, Any]] = []
        monkeypatch.setattr(outbox, "_fall_back", lambda channel, keys: told.extend({"pk": key} for key in keys))
        text = send(lane=Lane.CODE, falls_back=True)
        for _ in range(2):
            receipt(text, 16)
        text.refresh_from_db()
        assert (text.state, text.reason, told) == ("failed", "refused", [{"pk": text.pk}])
        assert not PhoneHold.objects.exists()
        other = messaging.send(to="+6281200000002", body=WORDS, now=timezone.now(), lane=Lane.CODE)
        work_off()
        receipt(other, 1)
        assert PhoneHold.objects.get().refusals == 1, "others have theirs, so it is the phone"
        receipt(send(), 1)
        assert PhoneHold.objects.get().refusals == 0

    @pytest.mark.parametrize(
        ("query", "by"),
        [("&by=telco-one", "telco-one"), ("", "network"), ("&by=", "network"), ("&by=%3Cb%3E", "network")],
    )
    def test_it_says_which_carrier_it_was(self, query: str, by: str) -> None:
        receipt(send(), f"16{query}")
        assert RefusedPhone.objects.get().by == by

    def test_one_ends_the_doubt_about_a_text_that_nobody_noted(self) -> None:
        text = messaging.send(to=PHONE, body=WORDS, now=timezone.now())
        assert receipt(text, 1).status_code == 200
        text.refresh_from_db()
        assert (text.state, text.receipt) == ("queued", "none"), "nothing went out that could have arrived"
        outbox.claim(TEXTS, now=timezone.now())
        receipt(text, 1)
        text.refresh_from_db()
        assert (text.state, text.receipt) == ("sent", "delivered")


@pytest.mark.django_db
class TestAggregatorsReceipts:
    @pytest.fixture
    def text(self, server: GatewayServer, use: Use) -> OutboundText:
        use(aggregator(server, receipts=DESCRIBED))
        return send(lane=Lane.CODE)

    def bring(
        self, text: OutboundText, state: object, *, user: str = "agg", secret: str = DESCRIBED["secret"]
    ) -> OutboundText:
        said = {"client_ref": str(text.reference), "report": [{"status": state}]}
        headers = {"Authorization": basic(user, secret)}
        answer = Client().post("/sms/receipt", said, content_type="application/json", headers=headers)
        assert answer.status_code == (200 if (user, secret) == ("agg", DESCRIBED["secret"]) else 401)
        text.refresh_from_db()
        return text

    @pytest.mark.parametrize(
        ("word", "state", "known"),
        [
            ("DELIVRD", "sent", "delivered"),
            ("EXPIRED", "failed", "undelivered"),
            ("REJECTD", "failed", "undelivered"),
            (7, "sent", "accepted"),
            ("delivrd", "sent", "none"),
            ("1", "sent", "none"),
            (None, "sent", "none"),
        ],
    )
    def test_its_own_words_are_understood(self, text: OutboundText, word: object, state: str, known: str) -> None:
        self.bring(text, word)
        assert (text.state, text.receipt) == (state, known)

    def test_in_a_query_or_a_form_as_well(self, server: GatewayServer, use: Use) -> None:
        use(aggregator(server, receipts={**DESCRIBED, "state": "status"}))
        headers = {"Authorization": basic("agg", DESCRIBED["secret"])}
        for way in ("query", "form"):
            text = send()
            said = {"client_ref": str(text.reference), "status": "DELIVRD"}
            client = Client(headers=headers)
            answer = client.get("/sms/receipt", said) if way == "query" else client.post(
                "/sms/receipt", urlencode(said), content_type="application/x-www-form-urlencoded"
            )  # fmt: skip
            text.refresh_from_db()
            assert (answer.status_code, text.receipt) == (200, "delivered"), way

    @pytest.mark.parametrize(
        ("user", "secret"), [("agg", "x"), ("agg", ""), ("kannel", DESCRIBED["secret"]), ("", "")]
    )
    def test_nobody_else_brings_them(self, text: OutboundText, user: str, secret: str) -> None:
        assert self.bring(text, "DELIVRD", user=user, secret=secret).receipt == "none"

    def test_its_secret_says_nothing_about_texts_that_went_another_way_and_brings_no_text(
        self, server: GatewayServer, use: Use
    ) -> None:
        use(kannel(server), aggregator(server, receipts=DESCRIBED))
        text = send()
        assert text.gateway == "kannel"
        assert self.bring(text, "REJECTD").state == "sent"
        headers = {"Authorization": basic("agg", DESCRIBED["secret"]), "X-Kannel-From": PHONE}
        answer = Client().post("/sms/inbound?id=1", b"x", content_type="text/plain", headers=headers)
        assert answer.status_code == 401

    @pytest.mark.parametrize("body", [b"", b"[" * 20_000, b"\xff\x00", b"{}", b"&" * 5000, b'{"client_ref": "x"}'])
    def test_whatever_it_brings_is_acknowledged(self, text: OutboundText, body: bytes) -> None:
        headers = {"Authorization": basic("agg", DESCRIBED["secret"])}
        answer = Client().post("/sms/receipt", body, content_type="application/json", headers=headers)
        assert answer.status_code == 200


@pytest.mark.servers
@pytest.mark.usefixtures("clone")
def test_never_two_texts_for_one_cause_when_the_worker_dies_between_sending_and_noting(
    server: GatewayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = json.dumps([kannel(server), kannel(server, name="second")])
    monkeypatch.setenv("LUMBUNG_GATEWAYS", entries)
    monkeypatch.setattr(settings, "LUMBUNG_GATEWAYS", entries)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumbung.config.settings"}
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--queues", "texts"]
    server.waits = threading.Event()
    text = messaging.send(to=PHONE, body=WORDS, now=timezone.now(), lane=Lane.CODE, cause="code:1")
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as worker:
        try:
            assert server.arrived.acquire(timeout=60), (
                "the text has reached the gateway, which has not answered yet"
            )
        finally:
            worker.send_signal(signal.SIGKILL)
    server.waits.set()
    assert messaging.send(to=PHONE, body=WORDS, now=timezone.now(), lane=Lane.CODE, cause="code:1") == text
    later = timezone.now() + timedelta(minutes=5)
    messaging.resume_lost(now=later)
    outbox.deliver(TEXTS, clock=lambda: later)
    text.refresh_from_db()
    assert (len(server.taken), text.state) == (1, "claimed")
    outbox.resume(TEXTS, now=later + timedelta(minutes=6))
    text.refresh_from_db()
    assert (len(server.taken), text.state, text.reason) == (1, "failed", "unknown")
