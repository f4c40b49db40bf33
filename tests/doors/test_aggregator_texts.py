"""Texts that an aggregator hands in, in its own words: who it is, what is kept, what it hears and is answered."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as run
from hypothesis import strategies as st
from sms_phone import DAFTAR, NIK, NUMBER, SALDO, Handset, basic, hand_in, make_guide_member, pay_in, work_off
from test_brought import DATA, FORM, JSON

from lumbung.messaging import actions as carrying
from lumbung.messaging.gateways import configured
from lumbung.messaging.gateways.brought import Brought, data_of
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.sms import actions, gateway

SECRET, PHONE = "rahasia-teks-masuk", "+6281200000001"
# As one that brings a list in JSON, and as one that posts a form with one.
OF_LIST = {
    "secret": SECRET, "sender": "results.*.from", "text": "results.*.text", "recipient": "results.*.to",
    "id": "results.*.messageId", "at": "results.*.receivedAt",
}  # fmt: skip
OF_FORM = {
    "secret": SECRET, "proof": "bearer", "sender": "From", "text": "Body", "recipient": "To", "id": "MessageSid",
    "answer": {"type": "text/xml", "body": "<Response/>"},
}  # fmt: skip
Use = Callable[..., None]


@pytest.fixture
def use(settings: LazySettings) -> Use:
    def use(inbound: dict[str, Any], **more: Any) -> None:
        entry = {"name": "agg", "transport": "http", "url": "http://127.0.0.1:9/", "json": {}, "inbound": inbound}
        settings.LUMBUNG_GATEWAYS = json.dumps([{**entry, **more}, {"name": "demo", "transport": "simulator"}])

    return use


@pytest.fixture
def heard(settings: LazySettings) -> Use:
    """The same with answers that are heard by the simulated phone, since it is the gateway that is preferred."""

    def use(inbound: dict[str, Any]) -> None:
        entry = {"name": "agg", "transport": "http", "url": "http://127.0.0.1:9/", "json": {}, "inbound": inbound}
        settings.LUMBUNG_GATEWAYS = json.dumps([{"name": "demo", "transport": "simulator"}, entry])

    return use


def listed(*texts: str, sender: str = "6281200000001", first: int = 1, **more: Any) -> dict[str, Any]:
    """What an aggregator with lists brings."""
    results = [
        {"messageId": f"m{number}", "from": sender, "to": "2757", "text": text, **more}
        for number, text in enumerate(texts, first)
    ]
    return {"results": results, "messageCount": len(results)}


def bring(
    body: Any, *, kind: str = JSON, path: str = "/sms/inbound/agg", headers: dict[str, str] | None = None
) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    proof = {"Authorization": basic("agg", SECRET)} if headers is None else headers
    return Client().generic("POST", path, raw, content_type=kind, headers=proof)


def kept() -> list[tuple[str, str | None]]:
    return [(text.sender, text.body) for text in InboundText.objects.order_by("pk")]


@pytest.mark.django_db
class TestWords:
    def test_a_list_of_texts_is_kept_and_acknowledged_empty(self, use: Use) -> None:
        use(OF_LIST)
        answer = bring(listed(SALDO, "halo", receivedAt="2026-11-23T01:37:24.000+0700"))
        assert (answer.status_code, answer.content) == (200, b"")
        assert kept() == [(PHONE, SALDO), (PHONE, "halo")]
        text = InboundText.objects.latest("pk")
        assert (text.gateway, text.gateway_id, text.recipient, text.state) == ("agg", "m2", "2757", "waiting")
        assert text.sent_at is not None
        assert text.sent_at.isoformat() == "2026-11-22T18:37:24+00:00"

    @pytest.mark.parametrize("way", ["form", "parts", "query"])
    def test_one_text_as_a_form_is_told_what_it_wants_to_hear(self, use: Use, way: str) -> None:
        use(OF_FORM)
        said = {"From": PHONE, "Body": "Saldo é 100% & \u4f60", "To": "2757", "MessageSid": "SM1"}
        headers = {"Authorization": f"Bearer {SECRET}"}
        if way == "query":
            answer = Client().get("/sms/inbound/agg", said, headers=headers)
        elif way == "form":
            answer = bring(urlencode(said).encode(), kind=FORM, headers=headers)
        else:
            answer = bring(encode_multipart(BOUNDARY, said), kind=MULTIPART_CONTENT, headers=headers)
        assert (answer.status_code, answer.content) == (200, b"<Response/>")
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        assert kept() == [(PHONE, said["Body"])]

    def test_a_204_has_no_body(self, use: Use) -> None:
        use({**OF_LIST, "answer": {"status": 204}})
        answer = bring(listed(SALDO))
        assert (answer.status_code, answer.content, InboundText.objects.count()) == (204, b"", 1)

    def test_other_events_are_acknowledged_and_are_no_texts(
        self, use: Use, capfd: pytest.CaptureFixture[str]
    ) -> None:
        use({"secret": SECRET, "sender": "data.from.phone", "text": "data.text", "id": "data.id",
             "only": {"field": "data.event", "values": ["message.received"]}})  # fmt: skip
        said = {"from": {"phone": PHONE}, "text": "halo", "id": "1"}
        assert bring({"data": {**said, "event": "message.sent"}}).status_code == 200
        assert kept() == []
        assert "handover_no_text" in capfd.readouterr().err
        assert bring({"data": {**said, "event": "message.received"}}).status_code == 200
        assert kept() == [(PHONE, "halo")]

    def test_what_does_not_say_whether_it_is_a_text_is_kept_whole_and_not_answered(self, use: Use) -> None:
        """The aggregator may have renamed the field, and what it brings is acknowledged."""
        use({**OF_LIST, "only": {"field": "results.*.event", "values": ["received"]}})
        said = listed("halo")
        assert bring(said).status_code == 200
        [(sender, words)] = kept()
        assert (sender, json.loads(words or "")) == ("?", said["results"][0])

    def test_a_query_of_more_fields_than_are_read_is_kept_whole(self, use: Use) -> None:
        use(OF_FORM)
        path = f"/sms/inbound/agg?From={quote(PHONE)}&Body=halo{'&' * 1001}"
        assert bring(b"", path=path, headers={"Authorization": f"Bearer {SECRET}"}).status_code == 200
        [(sender, words)] = kept()
        assert sender == "?"
        assert "halo" in (words or "")

    def test_nothing_is_kept_of_who_only_asks_whether_we_are_there(self, use: Use) -> None:
        use({**OF_LIST, "proof": {"query": "key"}})
        for body in (b"", b"{}", b'{"results": []}'):
            assert bring(body, path=f"/sms/inbound/agg?key={SECRET}", headers={}).status_code == 200
        assert kept() == []


@pytest.mark.django_db
class TestProof:
    @pytest.mark.parametrize(
        ("proof", "path", "headers"),
        [
            ("basic", "", {"Authorization": basic("agg", SECRET)}),
            ("bearer", "", {"Authorization": f"bearer {SECRET}"}),
            ({"header": "X-Api-Key"}, "", {"X-Api-Key": SECRET}),
            ({"query": "key"}, f"?key={quote(SECRET)}", {}),
        ],
    )
    def test_the_secret_is_looked_for_where_it_belongs(
        self, use: Use, proof: Any, path: str, headers: dict[str, str]
    ) -> None:
        use({**OF_LIST, "proof": proof})
        right = f"/sms/inbound/agg{path}"
        assert bring(listed("satu"), path=right, headers=headers).status_code == 200
        refusals = {
            bring(listed("dua"), path=right.replace(SECRET, secret), headers=spoilt).status_code
            for secret in ("", "salah", SECRET[:-1], SECRET + "x")
            for spoilt in [{name: _with(value, secret) for name, value in headers.items()}]
        }
        assert refusals == {401 if proof in ("basic", "bearer") else 403}
        assert bring(listed("dua"), headers={}).status_code in refusals
        assert kept() == [(PHONE, "satu")]

    def test_each_way_to_prove_it_is_none_for_another(self, use: Use) -> None:
        ways = {"Authorization": basic("agg", SECRET), "X-Api-Key": SECRET}
        use({**OF_LIST, "proof": "bearer"})
        assert bring(listed("x"), path=f"/sms/inbound/agg?key={SECRET}", headers=ways).status_code == 401
        use({**OF_LIST, "proof": {"query": "key"}})
        assert bring(listed("x"), headers=ways).status_code == 403
        assert kept() == []

    def test_a_secret_counts_for_the_texts_of_its_own_gateway_alone(
        self, use: Use, settings: LazySettings
    ) -> None:
        use(OF_LIST)
        other = {**OF_LIST, "secret": "rahasia-yang-lain"}
        [mine, demo] = json.loads(settings.LUMBUNG_GATEWAYS)
        settings.LUMBUNG_GATEWAYS = json.dumps([mine, {**mine, "name": "two", "inbound": other}, demo])
        for name in ("two", "kannel", "demo", "no-such"):
            path = f"/sms/inbound/{name}"
            assert bring(listed("x"), path=path).status_code == (401 if name == "two" else 404), name
        ours = {"Authorization": basic("kannel", settings.LUMBUNG_SMS_SECRET)}
        assert bring(listed("x"), headers=ours).status_code == 401
        theirs = {"Authorization": basic("agg", SECRET), "X-Kannel-From": PHONE}
        answer = Client().post("/sms/inbound?id=1", b"x", content_type="text/plain", headers=theirs)
        assert answer.status_code == 401
        assert Client().get("/sms/receipt?ref=x&st=1", headers=theirs).status_code == 401
        assert kept() == []

    def test_without_a_description_there_is_no_door(self, settings: LazySettings) -> None:
        settings.LUMBUNG_GATEWAYS = ""
        assert bring(listed("x")).status_code == 404

    def test_only_get_and_post(self, use: Use) -> None:
        use(OF_LIST)
        for method in ("PUT", "DELETE", "HEAD", "OPTIONS"):
            answer = Client().generic(method, "/sms/inbound/agg", headers={"Authorization": basic("agg", SECRET)})
            assert answer.status_code == 405


def _with(header: str, secret: str) -> str:
    return basic("agg", secret) if header.startswith("Basic") else header.replace(SECRET, secret)


@pytest.mark.django_db
class TestOnce:
    def test_the_same_id_is_the_same_text_and_hears_the_same(self, heard: Use) -> None:
        heard({**OF_LIST, "answer": {"body": "OK"}})
        for body in (listed("halo"), listed("halo"), listed("halo", "bantuan")):
            answer = bring(body)
            assert (answer.status_code, answer.content) == (200, b"OK")
            work_off()
        assert [text.body for text in InboundText.objects.order_by("pk")] == ["halo", "bantuan"]
        assert OutboundText.objects.count() == 2

    def test_the_same_id_of_another_gateway_is_another_text(self, use: Use) -> None:
        use(OF_LIST)
        bring(listed("halo"))
        hand_in("halo", gateway_id="m1")
        assert InboundText.objects.filter(gateway_id="m1").count() == 2

    @pytest.mark.parametrize("has_instant", [True, False])
    def test_without_an_id_the_same_words_at_the_same_instant_are_one(self, use: Use, has_instant: bool) -> None:
        use({name: path for name, path in OF_LIST.items() if name != "id"})
        at = {"receivedAt": "2026-11-23T01:37:24+07:00"} if has_instant else {}
        for _ in range(2):
            bring(listed("halo", **at))
        assert InboundText.objects.count() == (1 if has_instant else 2), "who asks twice says so twice"
        bring(listed("halo", sender="6281200000002", **at))
        bring(listed("hallo", **at))
        assert InboundText.objects.count() == (3 if has_instant else 4)
        ids = set(InboundText.objects.values_list("gateway_id", flat=True))
        assert all(re.fullmatch(r"said:[0-9a-f]{64}|none:[0-9a-f-]{36}", one) for one in ids)

    def test_what_failed_on_the_way_is_handed_in_again_and_each_text_is_there_once(
        self, use: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(OF_LIST)
        take_in, left = carrying.take_in, [True, False, True, True, True]

        def fails_once(**facts: Any) -> bool:
            if not left.pop(0):
                raise DatabaseError("planted")
            return take_in(**facts)

        monkeypatch.setattr("lumbung.sms.handover.actions.take_in", fails_once)
        with pytest.raises(DatabaseError):
            bring(listed("satu", "dua", "tiga"))
        assert bring(listed("satu", "dua", "tiga")).status_code == 200
        assert [body for _, body in kept()] == ["satu", "dua", "tiga"]


@pytest.mark.django_db
class TestAnswers:
    def say(self, body: str, number: int) -> str | None:
        assert bring(listed(body, first=number)).status_code == 200
        work_off()
        answer = InboundText.objects.get(gateway="agg", gateway_id=f"m{number}")
        return OutboundText.objects.get(in_reply_to=answer).body if answer.state == "answered" else None

    def test_a_member_is_answered_through_the_outbox_by_the_gateway_that_is_preferred(self, heard: Use) -> None:
        heard(OF_LIST)
        make_guide_member()
        pay_in(NUMBER, 12_345_678)
        assert "xxxxxxxx9012" in (self.say(DAFTAR, 1) or "")
        assert "Rp 12.345.678" in (self.say(SALDO, 2) or "")
        assert set(OutboundText.objects.values_list("gateway", "state")) == {("demo", "sent")}

    def test_the_same_words_within_two_minutes_get_the_first_answer_whichever_way_they_come(
        self, heard: Use
    ) -> None:
        heard(OF_LIST)
        make_guide_member()
        pay_in(NUMBER, 1_000_000)
        self.say(DAFTAR, 1)
        first = self.say(SALDO, 2)
        pay_in(NUMBER, 5)
        assert self.say(SALDO.lower(), 3) == first
        assert Handset().say(SALDO) == first
        assert InboundText.objects.filter(repeats__isnull=False).count() == 2

    def test_the_limits_are_those_of_a_phone_whichever_way_it_comes(
        self, heard: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard(OF_LIST)
        monkeypatch.setattr(actions, "ANSWERS_AN_HOUR", 3)
        answers = [
            self.say(SALDO, 1),
            Handset().say(SALDO),
            self.say(SALDO, 2),
            self.say(SALDO, 3),
            Handset().say(SALDO),
        ]
        assert [answer is not None for answer in answers] == [True, True, True, False, False]

    @pytest.mark.parametrize(
        "sender", ["2757", "FUND", "", None, "628", "\u0661" * 11, "+62812\n00000001", "x" * 90]
    )
    def test_who_is_no_phone_is_never_answered(self, heard: Use, sender: str | None) -> None:
        heard(OF_LIST)
        assert bring(listed("halo", **{"from": sender})).status_code == 200
        work_off()
        [text] = InboundText.objects.all()
        assert (text.state, text.outcome, text.body) == ("silent", "no_phone", "halo")

    def test_a_text_without_words_is_kept_whole_and_not_guessed_at(
        self, heard: Use, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """A command could stand anywhere in it."""
        heard(OF_LIST)
        bring(
            {
                "results": [
                    {"from": PHONE, "body": "STOP", "messageId": "1"},
                    {"from": PHONE, "text": "", "messageId": "2"},
                ]
            }
        )
        bring(b"KUNCI", kind="text/plain")
        bring(urlencode({"STOP": ""}).encode(), kind=FORM)
        work_off()
        assert [sender for sender, _ in kept()] == ["?", PHONE, "?", "?"]
        assert [json.loads(body or "null") for _, body in kept()[:1]] == [
            {"from": PHONE, "body": "STOP", "messageId": "1"}
        ]
        assert [body for _, body in kept()[1:]] == ["", "KUNCI", "STOP="]
        assert list(OutboundText.objects.values_list("in_reply_to__gateway_id", flat=True)) == ["2"]
        odd = [json.loads(line) for line in capfd.readouterr().err.splitlines() if "handover_odd" in line]
        assert next(each["parts"] for each in odd) == ["words"]
        assert {each["gateway"] for each in odd} == {"agg"}


@pytest.mark.django_db
class TestOddTexts:
    @pytest.mark.parametrize(
        ("more", "id_is", "parts"),
        [
            ({"messageId": "x" * 200}, r"sha256:[0-9a-f]{64}", ["id"]),
            ({"messageId": "a\0b"}, r"sha256:[0-9a-f]{64}", ["id"]),
            ({"messageId": None}, r"none:.*", ["id"]),
            ({"messageId": 12345678901234567890}, r"12345678901234567890", []),
            ({"to": "9" * 60}, r"m1", ["recipient"]),
            ({"to": ["2757"]}, r"m1", []),
            ({"text": "\ud800 saldo \0"}, r"m1", []),
            ({"text": ["a", 1]}, r"m1", []),
            ({"receivedAt": "0001-01-01T00:00:00+23:00"}, r"m1", []),
        ],
    )
    def test_each_is_kept_as_far_as_it_can_be_read(
        self, use: Use, capfd: pytest.CaptureFixture[str], more: dict[str, Any], id_is: str, parts: list[str]
    ) -> None:
        use(OF_LIST)
        assert bring(listed("halo", **more)).status_code == 200
        [text] = InboundText.objects.all()
        assert re.fullmatch(id_is, text.gateway_id)
        assert text.sender == PHONE
        assert text.body
        said = capfd.readouterr().err
        assert ([json.loads(said)["parts"]] if said else [[]]) == [parts]

    def test_a_text_as_long_as_a_book_is_cut(self, use: Use) -> None:
        use(OF_LIST)
        bring(listed("x" * 50_000))
        assert len(InboundText.objects.get().body or "") == 2000

    def test_more_than_we_take_at_once_is_refused_and_nothing_of_it_is_acknowledged(
        self, use: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(OF_LIST)
        assert bring(listed("x" * gateway.LONGEST)).status_code == 413
        monkeypatch.setattr(gateway, "MOST", 3)
        assert bring(listed(*"abcd")).status_code == 413
        assert kept() == []
        assert bring(listed(*"abc")).status_code == 200
        assert len(kept()) == 3

    def test_what_broke_off_is_refused_and_what_has_no_length_is_read(
        self, use: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(OF_FORM)
        headers = {"Authorization": f"Bearer {SECRET}"}
        cut = f"MessageSid=SM1&From={quote(PHONE)}&Body=KUN".encode()

        def bring_of(length: str) -> int:
            asked: dict[str, Any] = {"content_type": FORM, "headers": headers, "CONTENT_LENGTH": length}
            return Client().generic("POST", "/sms/inbound/agg", cut, **asked).status_code

        assert bring_of("1000") == bring_of(str(10**9)) == 400
        assert kept() == []
        assert bring_of("") == 200
        assert kept() == [(PHONE, "KUN")]

    def test_no_log_says_anything_of_anybody(self, use: Use, capfd: pytest.CaptureFixture[str]) -> None:
        use({**OF_LIST, "proof": {"query": "key"}})
        said = {"from": PHONE, "text": DAFTAR}
        path = f"/sms/inbound/agg?key={SECRET}"
        bring(
            {"results": [{**said, "to": "x" * 99, "messageId": "\0"}, {"from": PHONE + "\0"}]},
            path=path,
            headers={},
        )
        bring(json.dumps(listed(DAFTAR)).encode()[:-9], path=path, headers={})
        bring(listed(DAFTAR), path=f"/sms/inbound/agg?key=x{SECRET}&from={PHONE}", headers={})
        bring(listed(*[DAFTAR] * 1001), path=path, headers={})
        logs = "".join(capfd.readouterr())
        assert "handover_odd" in logs
        assert "brought_too_much" in logs
        assert not [word for word in (PHONE[1:], NUMBER, NIK, "01-01-1990", SECRET) if word in logs]


RECEIPTS = {"secret": "rahasia-tanda-terima", "reference": "ref", "state": "state", "delivered": ["OK"]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proof", "path", "headers"),
    [
        ("basic", "", {"Authorization": basic("agg", "rahasia-tanda-terima")}),
        ("basic", "/agg", {"Authorization": basic("agg", "rahasia-tanda-terima")}),
        ("bearer", "/agg", {"Authorization": "Bearer rahasia-tanda-terima"}),
        ({"header": "X-Key"}, "/agg", {"X-Key": "rahasia-tanda-terima"}),
        ({"query": "key"}, "/agg?key=rahasia-tanda-terima", {}),
    ],
)
def test_delivery_reports_prove_themselves_in_the_same_ways(
    use: Use, proof: Any, path: str, headers: dict[str, str]
) -> None:
    use(OF_LIST, receipts={**RECEIPTS, "proof": proof})
    text = carrying.send(to=PHONE, body="1", now=timezone.now())
    OutboundText.objects.update(state="claimed", gateway="agg", attempts=1, claimed_at=timezone.now())
    said = {"ref": str(text.reference), "state": "OK"}
    for wrong in ({}, {"Authorization": basic("agg", SECRET)}, {"Authorization": f"Bearer {SECRET}"}):
        answer = bring(said, path=f"/sms/receipt{path.partition('?')[0]}", headers=wrong)
        assert answer.status_code == (403 if isinstance(proof, dict) else 401)
    assert bring(listed("x"), path=f"/sms/inbound/agg{path[4:]}", headers=headers).status_code == 401
    assert bring(said, path="/sms/receipt/no-such", headers=headers).status_code == 404
    assert bring(said, path=f"/sms/receipt{path}", headers=headers).status_code == 200
    text.refresh_from_db()
    assert (text.receipt, kept()) == ("delivered", [])


@pytest.mark.django_db
def test_delivery_reports_in_a_list_are_each_read(heard: Use, settings: LazySettings) -> None:
    heard(OF_LIST)
    receipts = {**RECEIPTS, "reference": "r.*.ref", "state": "r.*.state"}
    [demo, agg] = json.loads(settings.LUMBUNG_GATEWAYS)
    settings.LUMBUNG_GATEWAYS = json.dumps([{**agg, "receipts": receipts}, demo])
    texts = [carrying.send(to=PHONE, body=str(number), now=timezone.now()) for number in range(3)]
    OutboundText.objects.update(
        state="claimed", gateway="agg", attempts=1, claimed_at=timezone.now(), noted_at=None
    )
    reports = [{"ref": str(texts[0].reference), "state": "OK"}, {"ref": 7}, {"ref": str(texts[1].reference)}, 7]
    said = {"r": [*reports, {"ref": str(texts[2].reference), "state": "OK"}]}
    headers = {"Authorization": basic("agg", "rahasia-tanda-terima")}
    assert bring(said, path="/sms/receipt", headers=headers).status_code == 200
    assert bring(b" " * 1_000_001, path="/sms/receipt", headers=headers).status_code == 413
    assert list(OutboundText.objects.order_by("pk").values_list("receipt", flat=True)) == [
        "delivered", "none", "delivered",
    ]  # fmt: skip


QUIET = {"deadline": None, "derandomize": True, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
TEXTS = st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=4)


@pytest.mark.django_db
class TestAnything:
    @run(max_examples=60, **QUIET)
    @given(
        query=st.text(max_size=30),
        kind=st.sampled_from(
            [JSON, FORM, MULTIPART_CONTENT, "text/plain", "", "multipart/form-data", "x;charset=y"]
        ),
        body=st.binary(max_size=300) | DATA.map(lambda data: json.dumps(data).encode()),
    )
    def test_whatever_comes_with_the_secret_is_acknowledged_and_kept(
        self, use: Use, query: str, kind: str, body: bytes
    ) -> None:
        use(OF_LIST)
        before = InboundText.objects.count()
        answer = bring(body, kind=kind, path=f"/sms/inbound/agg?{quote(query)}")
        assert (answer.status_code, answer.content) == (200, b"")
        words = body.decode(errors="replace").removeprefix("\ufeff").strip()
        says_nothing = not query and (not words or data_of(words) in ({}, []))
        assert InboundText.objects.count() - before == (0 if says_nothing else 1)
        for text in InboundText.objects.all():  # and can be read again
            assert text.body is not None

    @run(max_examples=40, **QUIET)
    @given(texts=TEXTS)
    def test_each_text_of_a_list_is_kept_word_for_word(self, use: Use, texts: list[str]) -> None:
        use({name: path for name, path in OF_LIST.items() if name != "id"})
        before = set(InboundText.objects.values_list("pk", flat=True))
        assert bring(listed(*texts)).status_code == 200
        new = InboundText.objects.exclude(pk__in=before).order_by("pk")
        assert [text.body for text in new] == [text.encode(errors="replace").decode() for text in texts]

    @run(max_examples=40, **QUIET)
    @given(
        results=st.lists(
            st.fixed_dictionaries(
                {}, optional=dict.fromkeys(("from", "text", "to", "messageId", "receivedAt"), DATA)
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_each_thing_of_a_list_is_kept_whatever_stands_in_it(
        self, use: Use, results: list[dict[str, Any]]
    ) -> None:
        use(OF_LIST)
        unique = [{**each, "messageId": number} for number, each in enumerate(results)]
        InboundText.objects.all().delete()
        assert bring({"results": unique}).status_code == 200
        assert InboundText.objects.count() == len(results)


of_agg = {"name": "agg", "transport": "http", "url": "http://x", "json": {}}


def described(**wrong: Any) -> str:
    """A gateway whose texts are described so; what is None is left out."""
    inbound = {name: value for name, value in {**OF_LIST, **wrong}.items() if value is not None}
    return json.dumps([{**of_agg, "inbound": inbound}])


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (described(sender=None), "sender is missing"),
        (described(text=None), "text is missing"),
        (described(secret=None), "secret is missing"),
        (described(secret="short"), "fewer than 16"),
        (described(secret=12345678901234567890), "in quotes"),
        (described(secret="${NOT_SET}"), "NOT_SET"),
        (described(secret="rahasia\u00e5" * 3), "not plain"),
        (described(form="x"), "`inbound` has no form"),
        (described(sender="results.0.from"), r"\* takes them all"),
        (described(id="id"), "sender, text, id"),
        (described(text="texts.*.text"), "different lists"),
        (described(at="results.*.a.*.b"), r"more than one \*"),
        (described(sender=""), "wrong kind"),
        (described(text=7), "wrong kind"),
        (described(proof="digest"), "`proof` is"),
        (described(proof={"cookie": "a"}), "`proof` is"),
        (described(proof={"header": "A: b"}), "not plain"),
        (described(proof={}), "wrong kind"),
        (described(only={"field": "a"}), "`only`"),
        (described(only={"field": "a", "values": "received"}), "`only`"),
        (described(answer={"status": 500}), "`answer`"),
        (described(answer={"status": 204, "body": "x"}), "`answer`"),
        (described(answer={"type": "text/xml\r\nA: b"}), "`answer`"),
        (described(answer={"words": "x"}), "`answer`"),
        (described(answer={"body": 7}), "wrong kind"),
        (json.dumps([{**of_agg, "inbound": "x"}]), "wrong kind"),
        (json.dumps([{**of_agg, "name": "kannel", "inbound": OF_LIST}]), "taken for Kannel's"),
        (json.dumps([{**of_agg, "inbound": OF_LIST}, {**of_agg, "name": "b", "inbound": OF_LIST}]), "of its own"),
        (json.dumps([{"name": "a", "transport": "simulator", "inbound": OF_LIST}]), "no inbound"),
    ],
)
def test_a_mistake_in_the_description_is_said_and_no_value_of_it(
    settings: LazySettings, written: str, says: str
) -> None:
    settings.LUMBUNG_GATEWAYS = written
    with pytest.raises(ImproperlyConfigured, match=says) as raised:
        configured.ways()
    assert SECRET not in str(raised.value)


RECEIPTS_ALIKE = {"receipts": {**RECEIPTS, "secret": SECRET}}


@pytest.mark.parametrize("part", [{"inbound": OF_LIST}, RECEIPTS_ALIKE], ids=["texts", "receipts"])
def test_kannels_secret_is_not_given_to_an_aggregator(settings: LazySettings, part: dict[str, Any]) -> None:
    settings.LUMBUNG_SMS_SECRET = SECRET
    settings.LUMBUNG_GATEWAYS = json.dumps([{"name": "demo", "transport": "simulator"}, {**of_agg, **part}])
    with pytest.raises(ImproperlyConfigured, match=r"gateway 2: .* of its own"):
        configured.ways()


@pytest.mark.parametrize("first", [{"inbound": OF_LIST}, RECEIPTS_ALIKE], ids=["texts", "receipts"])
def test_no_two_aggregators_have_one_secret(settings: LazySettings, first: dict[str, Any]) -> None:
    two = [{**of_agg, **first}, {**of_agg, "name": "two", **RECEIPTS_ALIKE}]
    settings.LUMBUNG_GATEWAYS = json.dumps(two)
    with pytest.raises(ImproperlyConfigured, match=r"gateway 2: .* of its own"):
        configured.ways()


def test_an_aggregators_texts_and_receipts_may_have_one_secret(settings: LazySettings) -> None:
    settings.LUMBUNG_GATEWAYS = json.dumps([{**of_agg, "inbound": OF_LIST, **RECEIPTS_ALIKE}])
    assert len(configured.ways()) == 1


def test_secrets_come_from_the_environment(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGG_TEXTS", SECRET)
    settings.LUMBUNG_GATEWAYS = described(secret="${AGG_TEXTS}")
    assert configured.inbound_of("agg").proof.secret == SECRET
    assert configured.receipts_of("agg") is None
    assert configured.inbound_of("no-such") is None


def test_the_manuals_examples_are_right(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMBUNG_AGGREGATOR_TEXTS", SECRET)
    manual = (Path(__file__).parent.parent.parent / "docs/operators/sms.md").read_text(encoding="utf-8")
    examples = re.findall(r'```json\n("inbound": .+?)\n```', manual, re.DOTALL)
    assert len(examples) == 2
    found = []
    for example in examples:
        settings.LUMBUNG_GATEWAYS = json.dumps([{**of_agg, **json.loads(f"{{{example}}}")}])
        configured.ways()
        found.append(configured.inbound_of("agg"))
    assert found[0].read(Brought.read("", JSON, json.dumps(listed(SALDO)).encode()), 0).words == SALDO
    assert found[1].read(Brought.read("", FORM, b"Body=SALDO&From=1"), 0).words == "SALDO"
    assert found[1].acknowledgement.body == "<Response/>"
    table = manual.partition("## Texts through")[2].partition("\n## ")[0]
    fields = re.findall(r"^\| ((?:`[a-z]+`(?:, )?)+)", table, re.MULTILINE)
    assert {name for names in fields for name in re.findall("[a-z]+", names)} == configured.OF_INBOUND
