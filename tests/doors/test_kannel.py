"""Texts over SMPP through a real Kannel to the real server and back, and every way in which that fails."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from handovers import HandOvers
from kannel_boxes import IN_FLIGHT, Boxes, wait_until
from ports import free_port
from procrastinate.contrib.django.models import ProcrastinateJob
from real_server import RealServer
from smpp_carrier import BAD_ADDRESS, OK, THROTTLED, Carrier, Submitted
from sms_phone import DAFTAR, NUMBER, SALDO, make_guide_member, pay_in

from lumbung.cli.kannel import AT_ONCE
from lumbung.messaging import actions as carrying
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import Gateway, InboundText, OutboundText, PhoneHold, RefusedPhone
from lumbung.messaging.outbox.actions import wake
from lumbung.messaging.texting import TEXTS

pytestmark = pytest.mark.servers


@dataclass(frozen=True, slots=True)
class Road:
    """The whole way from a phone to the books and back: the carrier, Kannel's boxes, the server with its queue."""

    carrier: Carrier
    boxes: Boxes
    server: RealServer
    handed: HandOvers

    def kept(self, phone: str) -> list[str]:
        """What the server keeps of the phone's texts, in their order."""
        return [text.body or "" for text in InboundText.objects.order_by("pk") if text.sender == phone]

    def wait_for_kept(self, phone: str, *bodies: str) -> None:
        wait_until(lambda: self.kept(phone) == list(bodies), why=lambda: self.kept(phone))

    def wait_for_told(self, phone: str, *words: str) -> None:
        """Until the phone was told something with each of these words, in this order."""

        def is_so() -> bool:
            told = self.carrier.told(phone.removeprefix("+"))
            return len(told) == len(words) and all(word in text for word, text in zip(words, told, strict=True))

        self.carrier.wait(is_so)

    def answer(self, phone: str, *statuses: int | None) -> None:
        """What the carrier answers to the next texts to this phone; None cuts the link instead."""
        left = iter(statuses)
        self.carrier.verdict = lambda to, body: next(left, OK) if f"+{to}" == phone else OK

    def send(self, phone: str, body: str) -> OutboundText:
        """Put a code out to a phone."""
        return carrying.send(to=phone, body=body, now=timezone.now(), lane=Lane.CODE)

    def report(self, text: Submitted, state: str = "DELIVRD") -> None:
        """Have the carrier say what became of a text, as soon as Kannel has heard that it took it: what is said of
        a text before that, Kannel drops."""
        wait_until(lambda: self.boxes.in_spool() == 0)
        self.carrier.receipt(text, state)

    def receipts(self, phone: str) -> list[str]:
        """What the network said of each text to the phone."""
        return [text.receipt for text in OutboundText.objects.order_by("pk") if text.to == phone]

    def submitted(self, phone: str) -> list[Submitted]:
        return [each for each in self.carrier.submitted if f"+{each.phone}" == phone]


@pytest.fixture(scope="module")
def road(kannel: str, file_clone: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """One set of processes for all tests of this file."""
    folder: Path = tmp_path_factory.mktemp("kannel")
    with ExitStack() as stack:
        carrier = stack.enter_context(Carrier(free_port()))
        server = RealServer(folder)
        boxes = Boxes(folder / "boxes", server.url, settings.LUMBUNG_SMS_SECRET, (carrier.port,))
        handed = stack.enter_context(HandOvers(boxes.ports[0]))
        server.more["LUMBUNG_GATEWAYS"] = json.dumps([boxes.way(handed.port)])
        stack.enter_context(server)
        stack.enter_context(boxes)
        server.wait_for_web()
        carrier.wait_for_link()
        yield Road(carrier, boxes, server, handed)
        assert_silent(boxes.logs())  # whatever the tests did, in whichever order


@pytest.fixture(autouse=True)
def patient(road: Road) -> Iterator[None]:
    """Each test begins with a carrier that takes everything, and a gateway that is not left alone."""
    road.carrier.verdict = lambda phone, body: OK
    open_gateway()
    yield
    road.carrier.verdict = lambda phone, body: OK


def assert_silent(logs: str) -> None:
    """No text, no phone and no password."""
    for secret in ("halo", "saldo", "rahasia", "zzzz", settings.LUMBUNG_SMS_SECRET, "kata-sandi", "smpppw"):
        assert secret not in logs
    assert re.search(r"6281\d{8}", logs) is None


def test_a_phone_registers_and_asks_for_its_balance_and_hears_the_answers(road: Road) -> None:
    make_guide_member()
    pay_in(NUMBER, 77_000)
    road.carrier.say("+6281200000001", DAFTAR)
    road.wait_for_told("+6281200000001", "xxxxxxxx9012")
    road.carrier.say("+6281200000001", SALDO)
    road.wait_for_told("+6281200000001", "xxxxxxxx9012", "Rp 77.000")
    [_, answer] = road.submitted("+6281200000001")
    assert (answer.parts, answer.wants_receipt) == ((1, 1), True)
    road.report(answer)
    wait_until(lambda: road.receipts("+6281200000001") == ["none", "delivered"])


def test_a_carrier_that_is_overrun_gets_the_text_a_little_later_once(road: Road) -> None:
    road.answer("+6281800000001", THROTTLED, THROTTLED)
    text = road.send("+6281800000001", "Kode Anda 123456.")
    road.carrier.wait(lambda: len(road.submitted("+6281800000001")) == 3)
    assert [each.answer for each in road.submitted("+6281800000001")] == [THROTTLED, THROTTLED, OK]
    wait_until(lambda: OutboundText.objects.get(pk=text.pk).state == "sent")


def test_an_address_that_the_carrier_refuses_fails_the_text_and_is_not_tried_again(road: Road) -> None:
    road.answer("+6281800000002", BAD_ADDRESS)
    text = road.send("+6281800000002", "Kode Anda 123456.")
    wait_until(lambda: OutboundText.objects.get(pk=text.pk).state == "failed")
    failed = OutboundText.objects.get(pk=text.pk)
    assert (failed.reason, failed.receipt) == ("refused", "undelivered")
    assert RefusedPhone.objects.get(index=text.to_index).by == "telco1", "Kannel says which carrier it was"
    assert len(road.submitted("+6281800000002")) == 1
    road.send("+6281800000012", "Kode Anda 123456.")
    road.carrier.wait(lambda: len(road.submitted("+6281800000012")) == 1)
    road.report(road.submitted("+6281800000012")[0])
    wait_until(lambda: PhoneHold.objects.filter(index=text.to_index, refusals=1).exists())


def test_a_receipt_that_it_did_not_arrive_fails_the_text_and_one_that_it_did_stands(road: Road) -> None:
    texts = [road.send(f"+628180000000{at}", "Kode Anda 123456.") for at in (3, 4)]
    road.carrier.wait(lambda: all(road.submitted(text.to) for text in texts))
    for text, states in zip(texts, (["UNDELIV"], ["DELIVRD"]), strict=True):
        for state in states:
            road.report(road.submitted(text.to)[0], state)
    wait_until(lambda: OutboundText.objects.get(pk=texts[0].pk).state == "failed")
    wait_until(lambda: OutboundText.objects.get(pk=texts[1].pk).receipt == "delivered")


def test_a_link_cut_before_the_answer_brings_the_text_to_the_phone_twice_by_one_hand_over(road: Road) -> None:
    road.answer("+6281800000005", None)
    text = road.send("+6281800000005", "Kode Anda 123456.")
    road.carrier.wait(lambda: len(road.submitted("+6281800000005")) == 2)
    road.carrier.wait_for_link()
    first, second = road.submitted("+6281800000005")
    assert (first.answer, second.answer) == (None, OK)
    assert first.message_id != second.message_id, "SMPP has no word for the same text again"
    road.report(second)
    wait_until(lambda: OutboundText.objects.get(pk=text.pk).receipt == "delivered")
    assert road.handed.taken[str(text.reference)] == 1


def test_a_text_outside_the_small_alphabet_reaches_the_phone_as_it_was_written(road: Road) -> None:
    road.send("+6281800000006", "Sama dengan ≥ dua")
    road.wait_for_told("+6281800000006", "Sama dengan ≥ dua")


def test_a_text_is_kept_in_any_alphabet_and_whole(road: Road) -> None:
    road.carrier.say("+6281300000001", "halo")
    road.wait_for_kept("+6281300000001", "halo")
    road.carrier.say("+6281300000002", "saldo ≥ berapa? 😀", encoding="utf-16-be")
    road.wait_for_kept("+6281300000002", "saldo ≥ berapa? 😀")
    beginning, end = "z" * 153, "y" * 40
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
    wait_until(lambda: road.boxes.in_spool() == 0)


def test_while_smsbox_is_dead_texts_wait_on_the_disk(road: Road) -> None:
    road.boxes.end("smsbox")
    phones = [f"+62815000000{place:02d}" for place in range(10)]
    assert road.carrier.flood(phones, "halo") == []
    wait_until(lambda: road.boxes.in_spool() == 10)
    road.boxes.start_anew("bearerbox")
    for phone in phones:
        road.wait_for_kept(phone, "halo")


def open_gateway() -> None:
    """As if the while were over for which a gateway that failed is left alone."""
    Gateway.objects.update(failures=0, closed_until=None)
    wake(TEXTS, Lane.ANSWER)


def senders(base: str) -> set[str]:
    """The phones that begin so and whose texts are kept."""
    return {text.sender for text in InboundText.objects.all() if text.sender.startswith(base)}


@pytest.mark.parametrize("box", ["smsbox", "bearerbox"])
def test_a_box_is_killed_in_a_flood_and_what_was_taken_is_answered_once(road: Road, box: str) -> None:
    before = set(road.server.taken())
    base = {"smsbox": "+6281601", "bearerbox": "+6281602"}[box]
    phones = [f"{base}{place:06d}" for place in range(60)]
    flood = road.carrier.begin_flood(phones, "halo")
    wait_until(lambda: len(set(road.server.taken()) - before) >= 12)
    road.boxes.start_anew(box)
    unacknowledged = flood.result(60)
    road.carrier.wait_for_link()
    assert road.carrier.flood(unacknowledged, "halo") == []  # as a carrier does with what was not acknowledged
    wait_until(lambda: road.boxes.in_spool() == 0)
    taken = {each for each in road.server.taken() if each not in before}
    texts = InboundText.objects.filter(gateway_id__in=taken)
    assert texts.count() == len(taken), "what we acknowledged is kept"
    # What was on its way to the server is lost with the smsbox that is killed, and no more than that. What the new
    # one has asked the server to take is not in Kannel's spool any more, and may come a moment later.
    wait_until(lambda: len(phones) - len(senders(base)) <= AT_ONCE)
    wait_until(lambda: not texts.filter(state="waiting").exists())
    open_gateway()
    answers = OutboundText.objects.filter(in_reply_to__in=texts)
    wait_until(lambda: not answers.filter(state="queued").exists())
    wait_until(lambda: not ProcrastinateJob.objects.filter(status="doing").exists())
    # A text that the carrier sent anew, because its acknowledgement was lost, is kept twice and answered once.
    answered = [text.sender for text in texts if text.state == "answered"]
    assert sorted(answered) == sorted({text.sender for text in texts})
    assert answers.count() == len(answered)
    # What nobody knows, because Kannel broke off, stays as it is: what was under way in the last sets.
    unknown = [road.handed.taken[str(answer.reference)] for answer in answers.filter(state="claimed")]
    assert len(unknown) <= 2 * IN_FLIGHT
    assert set(unknown) <= {0, 1}
    assert {road.handed.taken[str(answer.reference)] for answer in answers.filter(state="sent")} == {1}


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
