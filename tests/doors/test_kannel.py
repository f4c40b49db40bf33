"""Texts over SMPP through a real Kannel to the real server and back, and every way in which that fails."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from kannel_boxes import Boxes, free_port, wait_until
from real_server import RealServer
from smpp_carrier import Carrier, Submitted

from lumbung.cli.kannel import AT_ONCE
from lumbung.messaging.models import InboundText

pytestmark = pytest.mark.servers


@dataclass(frozen=True, slots=True)
class Road:
    """The whole way from a phone to the books: the carrier, Kannel's boxes, the server with its queue."""

    carrier: Carrier
    boxes: Boxes
    server: RealServer

    def kept(self, phone: str) -> list[str]:
        """What the server keeps of the phone's texts, in their order."""
        return [text.body or "" for text in InboundText.objects.order_by("pk") if text.sender == phone]

    def wait_for_kept(self, phone: str, *bodies: str) -> None:
        wait_until(lambda: self.kept(phone) == list(bodies), 20, why=lambda: self.kept(phone))


@pytest.fixture(scope="module")
def road(kannel: str, file_clone: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """One set of processes for all tests of this file."""
    folder: Path = tmp_path_factory.mktemp("kannel")
    with ExitStack() as stack:
        carrier = stack.enter_context(Carrier(free_port()))
        server = RealServer(folder)
        boxes = Boxes(folder / "boxes", server.url, settings.LUMBUNG_SMS_SECRET, (carrier.port,))
        stack.enter_context(server)
        stack.enter_context(boxes)
        server.wait_for_web()
        carrier.wait_for_link()
        yield Road(carrier, boxes, server)
        assert_silent(boxes.logs())  # whatever the tests did, in whichever order


def assert_silent(logs: str) -> None:
    """No text, no phone and no password."""
    for secret in (
        "halo",
        "saldo",
        "rahasia",
        "aaaa",
        "6281",
        settings.LUMBUNG_SMS_SECRET,
        "kata-sandi",
        "smpppw",
    ):
        assert secret not in logs


def test_a_text_is_kept_in_any_alphabet_and_whole(road: Road) -> None:
    road.carrier.say("+6281300000001", "halo")
    road.wait_for_kept("+6281300000001", "halo")
    road.carrier.say("+6281300000002", "saldo ≥ berapa? 😀", encoding="utf-16-be")
    road.wait_for_kept("+6281300000002", "saldo ≥ berapa? 😀")
    beginning, end = "a" * 153, "b" * 40
    road.carrier.say_in_parts("+6281300000003", beginning, end)
    road.wait_for_kept("+6281300000003", beginning + end)


def test_while_the_server_is_down_texts_wait_and_come_when_it_is_back(road: Road) -> None:
    road.server.kill("web")
    phones = [f"+62814000000{place:02d}" for place in range(10)]
    assert road.carrier.flood(phones, "halo") == []
    wait_until(lambda: "Couldn't fetch" in road.boxes.logs())
    road.server.begin("web")
    for phone in phones:
        road.wait_for_kept(phone, "halo")
    assert road.boxes.in_spool() == 0


def test_while_smsbox_is_dead_texts_wait_on_the_disk(road: Road) -> None:
    road.boxes.end("smsbox")
    phones = [f"+62815000000{place:02d}" for place in range(10)]
    assert road.carrier.flood(phones, "halo") == []
    assert road.boxes.in_spool() == 10
    road.boxes.start_anew("bearerbox")
    for phone in phones:
        road.wait_for_kept(phone, "halo")


@pytest.mark.parametrize("box", ["smsbox", "bearerbox"])
def test_a_box_is_killed_in_a_flood_and_what_was_taken_is_kept_once(road: Road, box: str) -> None:
    before = set(road.server.taken())
    base = {"smsbox": "+6281601", "bearerbox": "+6281602"}[box]
    phones = [f"{base}{place:06d}" for place in range(150)]
    flood = road.carrier.begin_flood(phones, "halo")
    wait_until(lambda: len(set(road.server.taken()) - before) >= 30)
    road.boxes.start_anew(box)
    unacknowledged = flood.result(20)
    road.carrier.wait_for_link()
    assert road.carrier.flood(unacknowledged, "halo") == []  # as a carrier does with what was not acknowledged
    wait_until(lambda: road.boxes.in_spool() == 0)
    taken = [each for each in road.server.taken() if each not in before]
    kept = set(InboundText.objects.values_list("gateway_id", flat=True))
    assert set(taken) <= kept
    came = {text.sender for text in InboundText.objects.all() if text.sender.startswith(base)}
    # What was on its way to the server is lost with the smsbox that is killed, and no more than that.
    assert len(phones) - len(came) <= AT_ONCE


def test_the_logs_tell_of_troubles_without_texts_numbers_or_passwords(road: Road) -> None:
    road.carrier.say("+6281700000001", "rahasia")
    road.wait_for_kept("+6281700000001", "rahasia")
    lost = Submitted("nobody-knows", "+6281700000001", "rahasia", (1, 1), wants_receipt=True, answer=0)
    road.carrier.receipt(lost)
    wait_until(lambda: "could not find message" in road.boxes.logs(), why=road.boxes.logs)
    logs = road.boxes.logs()
    assert "Receive SMS [carrier:telco1]" in logs
    assert "could not find message or was not interested in it id<nobody-knows> dst<(number)>" in logs
    assert_silent(logs)
