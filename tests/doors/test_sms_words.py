"""What each word answers, through the gateway's door: to the phone on file that is registered, and to no other."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from budget import all_statements
from django.utils import timezone
from lives import NOW, TODAY, Life, months, registered_yesterday, three_numbers
from sms_phone import DAFTAR, NUMBER, PHONE, STRANGER, Handset, make_guide_member, work_off

from lumbung.messaging import actions as carrying
from lumbung.messaging.lanes import Lane
from lumbung.messaging.phones import phone_index
from lumbung.registry.actions import set_contact, set_language
from lumbung.registry.identity import phone_in_e164
from lumbung.sms import actions, answers, helping
from lumbung.sms.commands import What, word
from lumbung.sms.models import SmsRegistration

pytestmark = pytest.mark.django_db
Day = Callable[[date], None]
ASKED = ["STATUS", "IURAN", "BOLONG", "KARTU", "KLAIM"]


@pytest.fixture(autouse=True)
def on_day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Texts come on this day, at first the one up to which lives are made."""

    def set_day(day: date) -> None:
        monkeypatch.setattr(actions, "_day_of", lambda text: day)

    set_day(TODAY)
    return set_day


def phone_of(life: Life, number: str = PHONE) -> Handset:
    """The phone on file, registered for all numbers of the life."""
    phone = phone_in_e164(number)
    assert phone is not None
    assert life.user.person is not None
    set_contact(life.user.person, "phone", phone)
    for each in life.numbers:
        SmsRegistration.objects.create(member_number_id=each, phone_index=phone_index(phone), registered_at=NOW)
    return Handset(number)


class TestAnswers:
    def test_a_working_member_is_told_all_there_is(self) -> None:
        life = months("cukup", 14, wage=6_000_000)
        phone, (number,) = phone_of(life), life.numbers
        end = number[-4:]
        assert phone.say(f"STATUS {number}") == (
            f"xxxxxxx{end}: terlindungi, JHT JP JKK JKM. Pemberi kerja: PT Cukup 1. Terakhir dibayar: Okt 2026."
        )
        assert phone.say(f"IURAN {number}") == (
            f"Upah x{end}: Okt 2026 Rp 6.050.000 lunas; Sep 2026 Rp 6.050.000 lunas; Agu 2026 Rp 6.050.000 lunas."
        )
        assert phone.say(f"bolong#{number}") == f"Tidak ada bulan xxxxxxx{end} yang kurang sejak Des 2024."
        assert "berlaku per 23-11-2026: JHT JP JKK JKM." in (phone.say(f"KARTU {number}") or "")
        assert phone.say(f"KLAIM {number}") == answers.no_claim(number=number, language="id")

    def test_the_word_says_in_which_language_and_one_of_both_asks_the_person(self) -> None:
        life = months("cukup", 14, wage=6_000_000)
        phone, (number,) = phone_of(life), life.numbers
        end = number[-4:]
        assert phone.say(f"CONTRIBUTIONS {number}") == (
            f"Wages of x{end}: Oct 2026 Rp 6,050,000 paid; Sep 2026 Rp 6,050,000 paid; Aug 2026 Rp 6,050,000 paid."
        )
        for one, english in {"GAPS": "No month of", "CARD": "is valid on", "CLAIM": "no claim is known"}.items():
            assert english in (phone.say(f"{one} {number}") or ""), one
        assert "terlindungi" in (phone.say(f"STATUS {number}") or "")
        assert life.user.person is not None
        set_language(life.user.person, "en")
        assert "covered, JHT" in (phone.say(f"status saya {number}") or ""), "not the same text, so no repetition"
        assert "Tidak ada bulan" in (phone.say(f"BOLONG {number}") or "")

    def test_months_that_lack_are_named_with_who_must_act(self, on_day: Day) -> None:
        life = months("bolong", 4)
        phone, (number,) = phone_of(life), life.numbers
        on_day(date(2027, 1, 20))
        assert phone.say(f"BOLONG {number}") == (
            f"2 bulan xxxxxxx{number[-4:]} belum beres: Des 2026 tak dilaporkan, Nov 2026 tak dilaporkan. Yang "
            "harus bertindak: Pemberi kerja Anda."
        )
        assert f"Upah x{number[-4:]}: Des 2026 tak dilaporkan; Nov 2026 tak dilaporkan; Okt 2026 Rp 5.0" in (
            phone.say(f"IURAN {number}") or ""
        )

    def test_who_has_no_work_yet_is_told_so(self) -> None:
        life = registered_yesterday()
        phone, (number,) = phone_of(life), life.numbers
        assert phone.say("STATUS") == (
            f"xxxxxxx{number[-4:]}: tidak terlindungi, tidak ada pekerjaan terdaftar. Belum ada iuran yang "
            "dibayar."
        )
        assert "Tidak ada iuran" in (phone.say("IURAN") or "")
        assert "Anda peserta, tetapi tidak terlindungi" in (phone.say("KARTU") or "")

    def test_a_number_need_not_be_written_when_there_is_one(self) -> None:
        phone = phone_of(months("satu", 3))
        assert all("x" in (phone.say(word) or "") for word in ["SALDO", *ASKED])
        assert "Rp" in (phone.say("saldo saya") or "")

    def test_who_may_ask_for_several_writes_which(self) -> None:
        life = three_numbers()
        phone = phone_of(life)
        for one in ("SALDO", "IURAN", "BOLONG"):
            assert phone.say(one) == answers.several(word=one, language="id")
        assert phone.say("GAPS") == answers.several(word="GAPS", language="en")
        assert "terlindungi" in (phone.say("STATUS") or ""), "that is one answer for the person"
        assert "Rp" in (phone.say(f"SALDO {life.numbers[1]}") or "")

    @pytest.mark.parametrize(
        ("word", "most"), {"SALDO": 4, "STATUS": 3, "IURAN": 4, "BOLONG": 4, "KARTU": 3}.items()
    )
    def test_each_answer_takes_a_handful_of_statements(self, word: str, most: int) -> None:
        life = months("lama", 60, employers=3)
        phone = phone_of(life)
        work_off()  # what the months themselves have to be told of
        with all_statements() as asked:
            phone.say(f"{word} {life.numbers[0]}")
        about = [text for text in asked if re.search("registry_|contributions_|ledger_|sms_smsreg", text)]
        assert len(about) <= most, about


class TestRefusals:
    def test_one_answer_to_whoever_may_not_ask(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "ANSWERS_AN_HOUR", 999)
        make_guide_member(language="en")
        on_file, stranger = Handset(), Handset(STRANGER)
        for one in (*ASKED, "DAFTAR", "SALDO", "KUNCI", "BALANCE"):
            text, language = f"{one} {NUMBER}", "en" if one == "BALANCE" else "id"
            assert on_file.say(text) == stranger.say(text) == answers.refused(language), text

    def test_a_phone_that_left_the_file_is_told_nothing(self) -> None:
        person = make_guide_member()
        phone = Handset()
        phone.say(DAFTAR)
        assert phone.say("STATUS") != answers.refused()
        set_contact(person, "phone", "+6281200000009")
        assert {phone.say(word) for word in ["SALDO", *ASKED, "KUNCI"]} == {answers.refused()}


class TestHelp:
    def test_help_about_each_word_in_its_language(self) -> None:
        phone = Handset(STRANGER)
        for what in What:
            for ask, language in (("BANTUAN", "id"), ("HELP", "en")):
                said = phone.say(f"{ask} {word(what, language)}")
                assert said == helping.help_text(what, language), what
        assert phone.say("BANTUAN") == helping.help_text()
        assert "BALANCE" in (phone.say("HELP") or "")
        assert phone.say("BUKA") == answers.unlocking("id")
        assert "No text can unlock" in (phone.say(f"unlock {NUMBER}") or "")

    def test_help_that_was_asked_for_is_not_kept_back_as_help_for_unknown_words_is(self) -> None:
        phone = Handset(STRANGER)
        assert phone.say("halo") == helping.help_text()
        assert phone.say("halo lagi") is None
        assert phone.say("BANTUAN IURAN") == helping.help_text(What.CONTRIBUTIONS)

    def test_who_writes_that_he_stopped_working_is_not_taken_at_his_first_word(self) -> None:
        phone = Handset()
        assert phone.say("BERHENTI KERJA, klaim bagaimana?") == helping.help_text()


class TestLetters:
    def test_notices_stop_and_start_and_codes_always_come(self) -> None:
        phone, now = Handset(), timezone.now()
        to = "+6281200000001"

        def came(lane: Lane) -> bool:
            text = carrying.send(to=to, body="Kabar", now=now, lane=lane)
            work_off()
            text.refresh_from_db()
            return text.state == "sent"

        assert phone.say("berhenti") == answers.stopped("id")
        assert phone.say("BERHENTI.") == answers.stopped("id")
        assert [came(lane) for lane in (Lane.NOTICE, Lane.BROADCAST)] == [False, False]
        assert came(Lane.CODE)
        assert phone.say("BANTUAN") == helping.help_text()
        assert phone.say("Start") == answers.started("en")
        assert came(Lane.NOTICE)

    def test_registering_starts_them_again(self) -> None:
        make_guide_member()
        phone = Handset()
        assert phone.say("STOP") == answers.stopped("en")
        phone.say(DAFTAR)
        text = carrying.send(to="+6281200000001", body="Kabar", now=timezone.now())
        work_off()
        text.refresh_from_db()
        assert text.state == "sent"
