"""The gateway's door and the texts DAFTAR and SALDO, through HTTP and the queue to the outbox."""

import logging
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from sms_phone import DAFTAR, NUMBER, SALDO, STRANGER, Handset, basic, hand_in, make_guide_member, pay_in, work_off

from lumbung.encryption import blind_index
from lumbung.messaging import actions as carrying
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.registry.models import Person
from lumbung.sms import actions, answers, helping
from lumbung.sms.models import SmsRegistration

pytestmark = pytest.mark.django_db
PHONE_OF_OTHERS = "+6281299990009"


@pytest.fixture
def member() -> Person:
    person = make_guide_member()
    pay_in(NUMBER, 12_345_678)
    return person


@pytest.fixture
def phone(member: Person) -> Handset:
    return Handset()


def age_texts(**by: float) -> None:
    """Move every text into the past."""
    age = timedelta(**by)
    for text in InboundText.objects.all():
        InboundText.objects.filter(pk=text.pk).update(received_at=text.received_at - age)
    for text in OutboundText.objects.all():
        OutboundText.objects.filter(pk=text.pk).update(queued_at=text.queued_at - age)


class TestGuide:
    def test_the_guides_two_texts_work_to_the_letter(self, phone: Handset) -> None:
        registered, balance = phone.say(DAFTAR), phone.say(SALDO)
        assert registered == answers.registered(number=NUMBER, language="id")
        assert balance is not None
        assert "Rp 12.345.678" in balance
        assert "xxxxxxxx9012" in balance
        assert NUMBER not in registered + balance

    @pytest.mark.parametrize(
        ("daftar", "saldo"),
        [
            ("daftar#123456789012#01-01-1990#3171010101010001", "saldo#123456789012"),
            ("  DaFtAr   123456789012   01/01/1990  3171010101010001 ", " # Saldo # 123456789012 # "),
            ("DAFTAR SALDO#3171010101010001#BUDI CONTOH#01-01-1990#123456789012", "SALDO 123456789012."),
            ("Daftar saldo #3171010101010001#01_01_1990#123456789012#budi@contoh.id", "saldo 1234 5678 9012"),
        ],
    )
    def test_spellings(self, phone: Handset, daftar: str, saldo: str) -> None:
        assert phone.say(daftar) == answers.registered(number=NUMBER, language="id")
        assert "12.345.678" in (phone.say(saldo) or "")

    @pytest.mark.parametrize("sender", ["+6281200000001", "6281200000001", "081200000001"])
    def test_spellings_of_the_phone(self, member: Person, sender: str) -> None:
        assert Handset(sender).say(DAFTAR) == answers.registered(number=NUMBER, language="id")

    def test_a_person_with_several_numbers_hears_the_total(self) -> None:
        make_guide_member("22222222222")
        pay_in(NUMBER, 1_000_000)
        pay_in("22222222222", 234_567)
        phone = Handset()
        phone.say(DAFTAR)
        answer = phone.say(SALDO) or ""
        assert "Rp 1.000.000" in answer
        assert "Rp 1.234.567" in answer

    def test_english(self) -> None:
        make_guide_member(language="en")
        phone = Handset()
        assert "is registered" in (phone.say(DAFTAR.replace("DAFTAR", "REGISTER")) or "")
        assert "JHT balance of xxxxxxxx9012" in (phone.say(SALDO.replace("SALDO", "BALANCE")) or "")
        assert "Saldo JHT xxxxxxxx9012" in (phone.say(SALDO) or ""), "the word says in which language"

    def test_the_balance_is_that_of_the_funds_day(self, phone: Handset) -> None:
        phone.say(DAFTAR)
        phone.say(SALDO)
        day = phone.last().received_at + timedelta(hours=7)
        assert day.strftime("%d-%m-%Y") in (phone.last().answer.body or "")

    def test_registering_again_confirms_again(self, phone: Handset) -> None:
        assert phone.say(DAFTAR) == phone.say(DAFTAR.lower())
        assert SmsRegistration.objects.count() == 1


class TestRefusals:
    @pytest.mark.parametrize(
        "body",
        [
            "DAFTAR 123456789013 01-01-1990 3171010101010001",
            "DAFTAR 12345678901 01-01-1990 3171010101010001",
            "DAFTAR 123456789012 02-01-1990 3171010101010001",
            "DAFTAR 123456789012 31-02-1990 3171010101010001",
            "DAFTAR 123456789012 01-01-1990 3171010101010002",
            "DAFTAR 123456789012 01-01-1990 317101010101000",
            "DAFTAR 123456789012 01-01-1990",
            "DAFTAR",
            "SALDO",
            "SALDO 123456789013",
            "SALDO 1234567890123456",
            SALDO,
        ],
    )
    def test_one_answer_to_whatever_is_wrong(self, phone: Handset, body: str) -> None:
        assert phone.say(body) == answers.refused()
        assert not SmsRegistration.objects.exists()

    @pytest.mark.parametrize("body", [DAFTAR, SALDO])
    def test_another_phone(self, phone: Handset, body: str) -> None:
        phone.say(DAFTAR)
        assert Handset(STRANGER).say(body) == answers.refused()

    def test_the_refusal_is_in_one_language_whoever_asks(self) -> None:
        make_guide_member(language="en")
        with override("en"):
            assert Handset().say(SALDO) == Handset(STRANGER).say(SALDO) == answers.refused()

    def test_a_person_without_nik_cannot_register(self) -> None:
        make_guide_member(nik=None)
        assert Handset().say(DAFTAR) == answers.refused()

    def test_a_phone_taken_off_file_is_told_nothing_even_right_after(self, phone: Handset, member: Person) -> None:
        phone.say(DAFTAR)
        assert "12.345.678" in (phone.say(SALDO) or "")
        new = "+6281200000002"
        Person.objects.filter(pk=member.pk).update(phone=new, phone_index=blind_index(new, context="phone"))
        assert phone.say(SALDO) == answers.refused()
        assert Handset(new).say(SALDO) == answers.refused()

    def test_a_registration_is_for_one_number(self) -> None:
        make_guide_member("22222222222")
        phone = Handset()
        phone.say(DAFTAR)
        assert phone.say("SALDO 22222222222") == answers.refused()


class TestLimits:
    def test_after_five_failures_a_right_text_is_refused_until_the_next_day(self, phone: Handset) -> None:
        for day in range(2, 7):
            phone.say(f"DAFTAR 123456789012 {day:02d}-01-1990 3171010101010001")
        assert phone.say(DAFTAR) == answers.refused()
        assert phone.last().outcome == "register_capped"
        age_texts(hours=24, minutes=1)
        assert phone.say(DAFTAR) == answers.registered(number=NUMBER, language="id")

    def test_no_more_than_thirty_answers_an_hour(self, phone: Handset, monkeypatch: pytest.MonkeyPatch) -> None:
        assert actions.ANSWERS_AN_HOUR == 30
        monkeypatch.setattr(actions, "ANSWERS_AN_HOUR", 3)
        assert [phone.say(SALDO) for _ in range(5)] == [answers.refused()] * 3 + [None] * 2
        assert phone.last().outcome == "too_many"
        assert Handset(STRANGER).say(SALDO) is not None
        age_texts(hours=1, minutes=1)
        assert phone.say(SALDO) is not None

    def test_no_more_than_a_hundred_answers_a_day(self, phone: Handset, monkeypatch: pytest.MonkeyPatch) -> None:
        assert actions.ANSWERS_A_DAY == 100
        monkeypatch.setattr(actions, "ANSWERS_A_DAY", 2)
        phone.say(SALDO)
        age_texts(hours=2)
        assert phone.say(SALDO) == answers.refused()
        assert phone.say(SALDO) is None
        age_texts(hours=23)
        assert phone.say(SALDO) is not None

    def test_help_once_an_hour(self, phone: Handset) -> None:
        assert phone.say("halo") == helping.help_text()
        assert phone.say("apa kabar") is None
        assert phone.say("") is None
        assert Handset(STRANGER).say("INFO") == helping.help_text()
        age_texts(hours=1, minutes=1)
        assert phone.say("halo") == helping.help_text()

    def test_in_a_flood_those_are_answered_who_may_ask(
        self, phone: Handset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert actions.MANY_ANSWERS == 1000
        monkeypatch.setattr(actions, "MANY_ANSWERS", 2)
        now = timezone.now()
        for _ in range(2):
            carrying.send(
                to=PHONE_OF_OTHERS, body="x", now=now, lane=Lane.ANSWER, not_before=now + timedelta(days=1)
            )
        stranger = Handset(STRANGER)
        texts = ("halo", SALDO, DAFTAR, "BANTUAN", "BUKA", "BERHENTI", "SALDO 1")
        assert [stranger.say(text) for text in texts] == [None] * len(texts)
        assert InboundText.objects.filter(outcome="register_refused").count() == 1, "it counts"
        assert phone.say(DAFTAR) == answers.registered(number=NUMBER, language="id")
        assert "12.345.678" in (phone.say(SALDO) or "")
        assert phone.say("halo") == helping.help_text()
        assert phone.say("SALDO 1") == answers.refused()
        OutboundText.objects.filter(state="queued").update(state="failed", reason="expired", noted_at=now)
        assert stranger.say("halo?") == helping.help_text()

    def test_texts_of_unknown_phones_do_not_keep_members_waiting_when_there_are_very_many(
        self, phone: Handset, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert actions.MANY_TEXTS == 3000
        monkeypatch.setattr(actions, "MANY_TEXTS", 4)
        for at, text in enumerate(("halo", DAFTAR, "BERHENTI")):
            hand_in(text, sender=f"+62812999900{at:02}", gateway_id=f"stranger {at}")
        hand_in(DAFTAR, gateway_id="on file")
        hand_in("STATUS", gateway_id="member")
        hand_in("halo", sender="2757", gateway_id="no phone")
        work_off()
        outcomes = dict(InboundText.objects.order_by("pk").values_list("gateway_id", "outcome"))
        assert outcomes == {
            "stranger 0": "crowded", "stranger 1": "register_refused", "stranger 2": "crowded",
            "on file": "registered", "member": "status", "no phone": "crowded",
        }  # fmt: skip
        assert {text.to for text in OutboundText.objects.all()} == {"+6281200000001"}
        assert Handset("+6281299990000").say("halo") == helping.help_text(), "as soon as it is over"

    def test_a_flood_that_cannot_be_ended_together_is_answered_one_by_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(senders: set[str]) -> set[str]:
            raise ValueError

        monkeypatch.setattr(actions, "MANY_TEXTS", 2)
        monkeypatch.setattr(actions.queries, "known_phones", fails)
        for at in range(2):
            hand_in("halo", sender=f"+62812999900{at:02}", gateway_id=f"stranger {at}")
        work_off()
        assert set(InboundText.objects.values_list("outcome", flat=True)) == {"help"}

    @pytest.mark.parametrize("sender", ["2757", "TELKOMSEL", "98000", "1800FLOWERS", "+2757"])
    def test_never_an_answer_to_what_is_no_phone(self, member: Person, sender: str) -> None:
        assert Handset(sender).say(SALDO) is None
        assert not OutboundText.objects.exists()


class TestRepetition:
    def test_the_gateways_retry_is_the_same_text(self, phone: Handset) -> None:
        phone.say(DAFTAR, gateway_id="one")
        for _ in range(3):
            assert hand_in(DAFTAR, gateway_id="one").status_code == 200
            work_off()
        assert (InboundText.objects.count(), OutboundText.objects.count()) == (1, 1)

    def test_the_operators_repetition_gets_the_first_answer(self, phone: Handset) -> None:
        phone.say(DAFTAR)
        first = phone.say(SALDO)
        pay_in(NUMBER, 5)
        assert phone.say("saldo#123456789012") == first
        assert phone.last().repeats is not None
        age_texts(seconds=121)
        assert "12.345.683" in (phone.say(SALDO) or "")

    def test_a_text_from_before_the_clock_was_set_back_is_no_repetition(self, phone: Handset) -> None:
        phone.say(DAFTAR)
        phone.say(SALDO)
        age_texts(hours=-1)
        pay_in(NUMBER, 5)
        assert "12.345.683" in (phone.say(SALDO) or "")

    def test_a_failed_registration_that_is_repeated_counts_once(self, phone: Handset) -> None:
        for _ in range(8):
            phone.say("DAFTAR 123456789012 02-01-1990 3171010101010001")
        assert phone.say(DAFTAR) == answers.registered(number=NUMBER, language="id")

    def test_asking_again_after_registering_is_not_refused_again(self, phone: Handset) -> None:
        assert phone.say(SALDO) == answers.refused()
        phone.say(DAFTAR)
        assert "12.345.678" in (phone.say(SALDO) or "")

    def test_texts_of_one_phone_are_answered_in_the_order_they_came(self, phone: Handset) -> None:
        hand_in(DAFTAR, gateway_id="first")
        hand_in(SALDO, gateway_id="second")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        carrying.answer_later(InboundText.objects.get(gateway_id="second").pk)
        work_off()
        answered = [text.outcome for text in InboundText.objects.order_by("pk")]
        assert answered == ["registered", "balance"]


class TestHandover:
    def test_stored_before_it_is_acknowledged(self) -> None:
        response = hand_in("SALDO 1", gateway_id="x-1")
        text = InboundText.objects.get()
        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["Content-Type"].startswith("text/plain")
        assert (text.gateway, text.gateway_id, text.recipient, text.body) == ("kannel", "x-1", "2757", "SALDO 1")
        assert text.sender == "+6281200000001"
        assert text.sent_at is not None
        assert abs(text.received_at - timezone.now()) < timedelta(minutes=1)

    @pytest.mark.parametrize("secret", ["wrong", "", "rahasia\u00e9"])
    def test_a_wrong_secret(self, secret: str) -> None:
        response = hand_in(SALDO, secret=secret)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Basic")
        assert not InboundText.objects.exists()

    @pytest.mark.parametrize(
        "header", ["", "Basic", "Basic !!!", "Bearer x", "Basic a2FubmVs", basic("other", "x")]
    )
    def test_no_secret_or_garbage(self, header: str) -> None:
        headers = {"Authorization": header} if header else {}
        answer = Client().post("/sms/inbound?id=1", b"x", content_type="text/plain", headers=headers)
        assert answer.status_code == 401

    def test_closed_while_no_secret_is_set(self, settings: LazySettings) -> None:
        settings.LUMBUNG_SMS_SECRET = ""
        assert hand_in(SALDO, secret="").status_code == 404

    @pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
    def test_only_post(self, method: str) -> None:
        answer = getattr(Client(), method)("/sms/inbound?id=1")
        assert answer.status_code == 405

    @pytest.mark.parametrize("query", ["", "id=", "id=%20", "ts=5"])
    def test_a_text_without_an_id_is_kept_under_one_of_ours(self, member: Person, query: str) -> None:
        for _ in range(2):
            assert hand_in(SALDO, query=query).status_code == 200
        work_off()
        first, second = InboundText.objects.order_by("pk")
        assert first.gateway_id != second.gateway_id
        assert second.repeats == first, "what the gateway handed over again has no second effect"

    @pytest.mark.parametrize("wrong", ["a%00b", "9" * 101, "%C3%A9", "a%0Ab"])
    def test_an_id_that_cannot_be_kept_is_still_the_same_text_again(self, wrong: str) -> None:
        for _ in range(2):
            assert hand_in(SALDO, query=f"id={wrong}").status_code == 200
        assert hand_in(SALDO, query=f"id={wrong}x").status_code == 200
        assert InboundText.objects.count() == 2

    @pytest.mark.parametrize(
        ("sender", "kept"),
        [
            (None, ""),
            (" ", ""),
            ("8" * 41, "8" * 39 + "?"),
            ("Bank \xd1", "Bank ?"),
            ("+6281200000001\xd1", "+6281200000001?"),
            ("+62812000000" + "0" * 40, "+62812000000" + "0" * 27 + "?"),
        ],
    )
    def test_an_unreadable_sender_is_kept_and_never_answered(
        self, caplog: pytest.LogCaptureFixture, sender: str | None, kept: str
    ) -> None:
        make_guide_member()
        answer = hand_in(DAFTAR, sender=sender)
        work_off()
        text = InboundText.objects.get()
        assert (answer.status_code, text.sender, text.body) == (200, kept, DAFTAR)
        assert (text.state, text.outcome) == ("silent", "no_phone")
        assert not OutboundText.objects.exists()
        assert "8120000" not in caplog.text

    @pytest.mark.parametrize("length", [0, 2_000, 2_001, 9_999, 5_000_000])
    @pytest.mark.parametrize("sign", ["x", "\u20ac"])
    def test_a_text_of_any_length_is_kept_as_far_as_texts_go(self, length: int, sign: str) -> None:
        assert hand_in(sign * length).status_code == 200
        body = InboundText.objects.get().body
        assert body is not None
        assert body == sign * min(length, 2_000)

    @pytest.mark.parametrize(
        ("raw", "content_type", "words"),
        [
            (b"SALDO \xff1", 'text/plain; charset="UTF-8"', "SALDO \ufffd1"),
            ("café".encode("latin-1"), "text/plain; charset=ISO-8859-1", "café"),
            ("SALDO".encode("utf-16-be"), "text/plain; charset=UTF-16BE", "SALDO"),
            (b"SALDO 1", "text/plain; charset=nonsense", "SALDO 1"),
            (b"SALDO+1", "application/x-www-form-urlencoded", "SALDO+1"),
            (b"a\x00b", "text/plain", "a\x00b"),
        ],
    )
    def test_character_sets(self, raw: bytes, content_type: str, words: str) -> None:
        assert hand_in(raw, content_type=content_type).status_code == 200
        assert InboundText.objects.get().body == words

    @pytest.mark.parametrize("query", ["id=1", "id=1&ts=", "id=1&ts=x", "id=1&ts=99999999999999999", "id=1&ts=-1"])
    def test_the_gateways_instant_may_be_missing(self, query: str) -> None:
        assert hand_in(SALDO, query=query).status_code == 200


class TestPrivacy:
    def test_nothing_personal_in_jobs_rows_or_logs(self, phone: Handset, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        phone.say(DAFTAR)
        phone.say(SALDO)
        phone.say("SALDO 123456789013")
        hand_in("x" * 3000)
        hand_in(SALDO, secret="wrong")
        secrets = ("123456789012", "3171010101010001", "81200000001", "12.345.678", "12345678", "01-01-1990")
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(j::text, ' ') FROM procrastinate_jobs AS j")
            jobs = cursor.fetchone()[0]
            cursor.execute(
                "SELECT sender || body FROM messaging_inboundtext"
                ' UNION ALL SELECT "to" || body FROM messaging_outboundtext'
            )
            stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
        records = (record for record in caplog.records if not record.name.startswith("django.db"))
        logged = " ".join(record.getMessage() for record in records)
        assert carrying.ANSWERING_TASK in jobs
        for secret in secrets:
            assert secret not in jobs + logged
            assert secret.encode() not in stored

    def test_rows_do_not_show_their_words(self, phone: Handset) -> None:
        phone.say(DAFTAR)
        text = phone.last()
        shown = f"{text!r}{text}{text.answer!r}"
        assert not any(secret in shown for secret in (NUMBER, "317101", "8120000"))
