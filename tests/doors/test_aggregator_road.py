"""The whole road through an aggregator, with our real server and worker: its webhook, the answer, the receipt."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from gateway_server import GatewayServer, gateway_server
from kannel_boxes import wait_until
from real_server import RealServer
from sms_phone import DAFTAR, NUMBER, SALDO, basic, make_guide_member, pay_in
from test_aggregator_texts import FORM, JSON, OF_FORM, OF_LIST, PHONE, SECRET, listed

from lumbung.messaging.models import InboundText, OutboundText

pytestmark = pytest.mark.servers
OF_RECEIPTS = "rahasia-tanda-terima"
PROOF = {"Authorization": basic("agg", SECRET), "Content-Type": JSON}


@dataclass
class Road:
    """Our server and worker, and the aggregator's own interface."""

    server: RealServer
    aggregator: GatewayServer

    def bring(self, body: Any, headers: dict[str, str], path: str = "/sms/inbound/agg") -> tuple[int, bytes]:
        """What the aggregator hears. A body of several parts goes without a length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def wait_for_answers(self, count: int) -> list[dict[str, str]]:
        """The first so many texts that the aggregator was given, once we have noted that it has them."""
        wait_until(lambda: OutboundText.objects.filter(state="sent").count() >= count)
        return [json.loads(words) for words in self.aggregator.words]


@pytest.fixture
def road(clone: object, tmp_path: Path) -> Iterator[Road]:
    with gateway_server() as aggregator:
        entry = {
            "transport": "http", "url": f"{aggregator.url}/v1", "from": "2757",
            "json": {"to": "{digits}", "text": "{text}", "ref": "{reference}"}, "taken": {"statuses": [202]},
        }  # fmt: skip
        receipts = {
            "secret": OF_RECEIPTS,
            "reference": "reports.*.ref",
            "state": "reports.*.state",
            "delivered": ["OK"],
        }
        first = {"name": "agg", "inbound": {**OF_LIST, "answer": {"status": 204}}, "receipts": receipts}
        second = {"name": "second", "inbound": {**OF_FORM, "secret": "rahasia-yang-lain"}}
        server = RealServer(tmp_path)
        server.more["LUMBUNG_GATEWAYS"] = json.dumps([{**entry, **first}, {**entry, **second}])
        with server:
            server.wait_for_web()
            yield Road(server, aggregator)


def test_a_text_comes_in_and_its_answer_and_receipt_come_back(road: Road) -> None:
    make_guide_member()
    pay_in(NUMBER, 77_000)
    assert road.bring(json.dumps(listed(DAFTAR)), PROOF) == (204, b"")
    road.wait_for_answers(1)
    whole = json.dumps(listed(SALDO, first=2)).encode()
    assert road.bring(iter([whole[:30], whole[30:]]), PROOF) == (204, b""), "in pieces, without a length"
    assert InboundText.objects.filter(gateway_id="m2").exists()
    assert road.bring(whole, PROOF) == (204, b"")
    answers = road.wait_for_answers(2)
    assert [answer["to"] for answer in answers] == [PHONE[1:]] * 2
    assert "Rp 77.000" in answers[1]["text"]
    form = {"From": PHONE, "Body": "bantuan", "MessageSid": "SM1"}
    headers = {"Authorization": "Bearer rahasia-yang-lain", "Content-Type": FORM}
    told = road.bring(urlencode(form).encode(), headers, "/sms/inbound/second")
    assert told == (200, b"<Response/>")
    [*_, answer] = road.wait_for_answers(3)
    assert set(OutboundText.objects.values_list("gateway", flat=True)) == {"agg"}, "the one that is preferred"
    reports = {"reports": [{"ref": each["ref"], "state": "OK"} for each in answers]}
    headers = {"Authorization": basic("agg", OF_RECEIPTS), "Content-Type": JSON}
    assert road.bring(json.dumps(reports).encode(), headers, "/sms/receipt") == (200, b"")
    received = dict(OutboundText.objects.values_list("reference", "receipt"))
    assert {str(reference): receipt for reference, receipt in received.items()} == {
        **{each["ref"]: "delivered" for each in answers}, answer["ref"]: "none",
    }  # fmt: skip
    assert InboundText.objects.count() == 3
    nothing_is_kept_without_the_secret_nor_said_of_anybody(road)


def nothing_is_kept_without_the_secret_nor_said_of_anybody(road: Road) -> None:
    for headers in ({}, {**PROOF, "Authorization": basic("agg", "salah")}, {**PROOF, "Authorization": "Basic x"}):
        status, _ = road.bring(json.dumps(listed(DAFTAR, first=9)).encode(), headers)
        assert status == 401
    assert InboundText.objects.count() == 3
    assert road.bring(b"{", PROOF) == (204, b"")
    assert InboundText.objects.latest("pk").body == "{"
    logs = (road.server.folder / "web.log").read_text()
    assert "handover_odd" in logs
    assert not [word for word in (PHONE[1:], NUMBER, SECRET, "salah") if word in logs]


def test_what_was_acknowledged_is_answered_once_whoever_dies_then(road: Road) -> None:
    road.server.kill("queue")
    assert road.bring(json.dumps(listed("halo", "saldo 123456789012")), PROOF) == (204, b"")
    road.server.kill("web")
    road.server.begin("web")
    road.server.wait_for_web()
    assert road.bring(json.dumps(listed("halo", "saldo 123456789012")), PROOF) == (204, b"")
    road.server.begin("queue")
    assert len(road.wait_for_answers(2)) == 2
    assert InboundText.objects.count() == OutboundText.objects.count() == 2
