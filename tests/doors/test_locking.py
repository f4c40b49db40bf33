"""KUNCI, and the lock in the account and at the office: what it stops, who hears of it, who may lift it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import EMAIL, PHONE, give_contacts, mails, texts
from sms_phone import DAFTAR, NUMBER, STRANGER, Handset, make_guide_member

from lumbung.accounts import queries as accounts
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import letters
from lumbung.accounts.locking import actions as locking
from lumbung.accounts.locking import queries as locks
from lumbung.accounts.locking.errors import PersonLocked, UnlockAtCounter
from lumbung.accounts.models import AccessEvent, Lock, Message, User
from lumbung.accounts.recovery import actions as recovery
from lumbung.accounts.registration.queries import match
from lumbung.casework import actions as casework
from lumbung.messaging.gsm import ONE_TEXT, septets
from lumbung.mydata.actions import close_account
from lumbung.profiles import actions as profiles
from lumbung.registry.actions import set_contact
from lumbung.registry.models import Person
from lumbung.sms import actions, answers

Enter = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def sari(users: Users) -> Person:
    """Sari, with her phone on file and confirmed, and an address."""
    person = users.member.person
    assert person is not None
    set_contact(person, "phone", PHONE)
    give_contacts(users.member)
    return person


def locked(person: Person, place: str = "sms") -> Lock:
    return locking.lock(person, place=place, now=timezone.now())


class TestByText:
    def test_a_person_without_an_account_is_locked_and_told_by_mail(self) -> None:
        person = make_guide_member()
        set_contact(person, "email", "budi@contoh.test")
        phone = Handset()
        phone.say(DAFTAR)
        assert phone.say(f"kunci #{NUMBER}") == answers.locked(number=NUMBER, since=None, language="id")
        lock = Lock.objects.get(person=person)
        assert (lock.place, lock.lifted_at) == ("sms", None)
        assert len(texts("+6281200000001")) == 2, "the answers only: the phone that locked is not told again"
        assert "terkunci" in mails("budi@contoh.test")[0]
        assert list(AccessEvent.objects.values_list("what", "place", "person")) == [("locked", "sms", person.pk)]

    def test_locking_again_changes_nothing_and_says_since_when(self) -> None:
        person = make_guide_member()
        phone = Handset()
        phone.say(DAFTAR)
        first = phone.say("KUNCI")
        lock = Lock.objects.get(person=person)
        assert phone.say("LOCK") == answers.locked(number=NUMBER, since=lock.since, language="en")
        assert phone.say("KUNCI") == answers.locked(number=NUMBER, since=lock.since, language="id")
        assert phone.say("KUNCI") == answers.locked(number=NUMBER, since=lock.since, language="id")
        assert first != phone.say("KUNCI SAYA")
        assert Lock.objects.count() == AccessEvent.objects.count() == 1

    def test_the_operators_repetition_gets_the_first_answer(self) -> None:
        make_guide_member()
        phone = Handset()
        phone.say(DAFTAR)
        assert (
            phone.say("KUNCI") == phone.say("kunci.") == answers.locked(number=NUMBER, since=None, language="id")
        )

    def test_no_text_unlocks(self) -> None:
        person = make_guide_member()
        phone = Handset()
        phone.say(DAFTAR)
        phone.say("KUNCI")
        for text in (f"BUKA {NUMBER}", "BUKA", "UNLOCK", f"BUKA KUNCI {NUMBER}"):
            assert phone.say(text) in {answers.unlocking("id"), answers.unlocking("en")}
        assert locks.lock_of(person) is not None
        assert "xxxxxxxx9012" in (phone.say("STATUS") or ""), "looking goes on"

    def test_a_nuisance_has_an_end(self, users: Users) -> None:
        person = make_guide_member()
        phone = Handset()
        phone.say(DAFTAR)
        for week in range(actions.LOCKS_A_WEEK):
            assert phone.say(f"KUNCI {NUMBER}" + " " * week) is not None
            locking.unlock(person, actor=users.officer, place="office", now=timezone.now(), reason="x" * 10)
        assert phone.say("KUNCI YA") == answers.locked_too_often(number=NUMBER, language="id")
        assert locks.lock_of(person) is None
        Lock.objects.update(since=timezone.now() - timedelta(days=8), lifted_at=timezone.now())
        assert phone.say("KUNCI LAGI") == answers.locked(number=NUMBER, since=None, language="id")

    def test_only_the_registered_phone_on_file_locks(self) -> None:
        make_guide_member()
        phone, stranger = Handset(), Handset(STRANGER)
        assert phone.say(f"KUNCI {NUMBER}") == stranger.say(f"KUNCI {NUMBER}") == answers.refused()
        phone.say(DAFTAR)
        assert stranger.say(f"KUNCI {NUMBER}") == answers.refused()
        assert not Lock.objects.exists()


class TestWhatItStops:
    def test_every_contact_and_the_inbox_are_told_of_both(self, sari: Person, users: Users) -> None:
        locked(sari)
        locking.unlock(
            sari, actor=users.officer, place="office", now=timezone.now(), reason="KTP cocok dengan data"
        )
        for told in (texts(PHONE), mails(EMAIL)):
            assert ["terkunci" in told[0].lower(), "kunci dibuka" in told[1].lower()] == [True, True]
        assert list(Message.objects.order_by("pk").values_list("word", flat=True)) == ["locked", "unlocked"]
        assert list(AccessEvent.objects.order_by("pk").values_list("what", flat=True)) == ["locked", "unlocked"]

    def test_nothing_that_moves_money_or_changes_contacts_is_done(self, sari: Person, users: Users) -> None:
        user, now = users.member, timezone.now()
        case = casework.open_case("phone", sari, {"phone": "+6281200000909"}, user=user, place="member", now=now)
        casework.read_case(case.pk, users.officer, reason="Peserta minta HP baru", now=now)
        locked(sari)
        here = {"place": "member", "now": now}
        heir = profiles.NewHeir(name="Budi", relation="child", rank=1)
        deeds: list[Callable[[], object]] = [
            lambda: profiles.set_bank_account(user, bank="014", number="1234567890", holder="Sari Uji", **here),
            lambda: profiles.drop_bank_account(user, **here),
            lambda: profiles.add_heir(user, heir, **here),
            lambda: contacts.set_contact(user, "phone", "+6281200000909", **here),
            lambda: contacts.put_phone_on_file(sari, "+6281200000909", by=users.officer, **here),
            lambda: recovery.give_code(sari, users.officer, now=now),
            lambda: close_account(user, **here),
            lambda: casework.decide(
                case.pk, users.officer, accepted=True, note="Diterima, HP dicatat.",
                seen=casework.queries.stamp(case), now=now,
            ),
        ]  # fmt: skip
        for deed in deeds:
            with pytest.raises(PersonLocked):
                deed()
        case.refresh_from_db()
        assert case.is_open

    def test_the_account_only_shows(self, sari: Person, users: Users, enter: Enter) -> None:
        client = enter(users.member)
        client.post("/reauthenticate/", {"password": PASSWORD})
        locked(sari)
        time_now = accounts.read_only_until(users.member, timezone.now())
        assert time_now is not None
        assert (time_now.cause, time_now.until) == ("locked", None)
        assert client.post("/account/contacts/phone/", {"value": "0812 0000 0909"}).status_code == 403
        assert client.get("/dashboard/").status_code == 200
        assert accounts.read_only_until(users.other_member, timezone.now()) is None

    def test_a_code_that_was_given_before_opens_nothing(self, sari: Person, users: Users) -> None:
        now = timezone.now()
        recovery.give_code(sari, users.officer, now=now)
        code = sari.recovery_codes.get()
        locked(sari)
        start = recovery.NewStart(password="sagu-kelapa-cengkih-2027", phone="+6281200000909")
        with pytest.raises(recovery.CodeNotGood):
            recovery.recover(code.pk, start, now=now, place="member")

    def test_who_is_locked_registers_no_account(self) -> None:
        person = make_guide_member()
        facts = {"number": NUMBER, "nik": "3171010101010001", "born": person.birth_date, "name": "Budi Contoh"}
        assert match(**facts) is not None
        locked(person)
        assert match(**facts) is None


@pytest.mark.parametrize(("days", "unlocks"), [(1, False), (0, False), (-6, False), (-8, True)])
def test_a_password_that_was_set_anew_does_not_unlock(
    sari: Person, users: Users, days: int, unlocks: bool
) -> None:
    lock, now = locked(sari), timezone.now()
    at = lock.since + timedelta(days=days)
    recovery.reset_password(users.member, "sagu-kelapa-cengkih-2027", now=at, place="member")
    if not unlocks:
        with pytest.raises(UnlockAtCounter):
            locking.unlock(sari, actor=users.member, place="member", now=now)
        locking.unlock(sari, actor=users.officer, place="office", now=now, reason="KTP cocok dengan data")
    else:
        locking.unlock(sari, actor=users.member, place="member", now=now)
    assert locks.lock_of(sari) is None


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("word", ["locked", "unlocked", "phone_waits"])
def test_what_is_told_is_one_text(language: str, word: str) -> None:
    at = datetime(2026, 9, 30, 16, 59, tzinfo=UTC)
    told = letters.text(word, language=language, at=at, new="**********0000")
    length = septets(told)
    assert length is not None
    assert length <= ONE_TEXT, (length, told)


class TestInTheAccount:
    def test_locking_takes_one_button_and_unlocking_the_password(
        self, sari: Person, users: Users, enter: Enter
    ) -> None:
        client = enter(users.member)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        assert "Lock now" in client.get("/account/lock/").content.decode()
        assert client.post("/account/lock/").status_code == 200, "nothing without the button"
        assert locks.lock_of(sari) is None
        assert client.post("/account/lock/", {"confirm": "yes"})["Location"] == "/account/lock/"
        lock = locks.lock_of(sari)
        assert lock is not None
        assert lock.place == "member"
        assert "It was done on this page" in client.get("/account/lock/").content.decode()
        board = client.get("/dashboard/").content.decode()
        assert "You are locked: nothing is changed or paid out." in board
        assert 'href="/account/lock/"' in board
        assert client.post("/account/lock/lift/")["Location"].startswith("/reauthenticate/?next=")
        assert locks.lock_of(sari) is not None
        client.post("/reauthenticate/", {"password": PASSWORD})
        assert "paid out again" in client.get("/account/lock/lift/").content.decode()
        assert client.post("/account/lock/lift/")["Location"] == "/account/lock/"
        assert locks.lock_of(sari) is None
        assert "You are not locked" in client.get("/account/lock/lift/").content.decode()

    def test_who_has_a_second_step_shows_it_too(self, sari: Person, users: Users, enter: Enter) -> None:
        client = enter(users.member)
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(users.member, secret)
        locked(sari)
        client.post("/reauthenticate/", {"password": PASSWORD})
        assert client.post("/account/lock/lift/")["Location"].startswith("/reauthenticate/")
        code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
        client.post("/reauthenticate/", {"password": PASSWORD, "code": code})
        client.post("/account/lock/lift/")
        assert locks.lock_of(sari) is None

    def test_after_a_new_password_the_page_sends_to_the_counter(
        self, sari: Person, users: Users, enter: Enter
    ) -> None:
        locked(sari)
        recovery.reset_password(users.member, PASSWORD + "-baru", now=timezone.now(), place="member")
        users.member.refresh_from_db()
        client = enter(users.member)
        client.post("/reauthenticate/", {"password": PASSWORD + "-baru"})
        answer = client.post("/account/lock/lift/", follow=True, headers={"Accept-Language": "en"})
        assert "come to our office" in answer.content.decode()
        assert locks.lock_of(sari) is not None


class TestAtTheOffice:
    def test_an_officer_locks_and_unlocks_with_a_reason_that_the_member_reads(
        self, sari: Person, users: Users, enter: Enter
    ) -> None:
        officer = enter(users.officer)
        officer.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        opened = {"number": "10000000001", "reason": "Peserta datang ke loket"}
        record = officer.post("/office/records/", opened)["Location"]
        assert "Lock this member" in officer.get(record).content.decode()
        page = f"{record}lock/"
        assert officer.post(page, {"deed": "lock", "reason": "x"}).status_code == 400
        assert locks.lock_of(sari) is None
        assert officer.post(page, {"deed": "lock", "reason": "HP peserta dicuri orang"})["Location"] == record
        assert "This member is locked since" in officer.get(record).content.decode()
        assert "whose face you have compared" in officer.get(page).content.decode()
        officer.post(page, {"deed": "unlock", "reason": "Wajah dan KTP cocok"})
        assert locks.lock_of(sari) is None
        seen = enter(users.member).get("/account/access/").content.decode()
        assert "HP peserta dicuri orang" in seen
        assert "Wajah dan KTP cocok" in seen

    def test_a_case_says_that_its_member_is_locked(self, sari: Person, users: Users, enter: Enter) -> None:
        now = timezone.now()
        case = casework.open_case(
            "phone", sari, {"phone": "+6281200000909"}, user=users.member, place="member", now=now
        )
        locked(sari)
        officer = enter(users.officer)
        officer.post(f"/office/cases/{case.pk}/open/", {"reason": "Peserta minta HP baru"})
        page = officer.get(f"/office/cases/{case.pk}/", headers={"Accept-Language": "en"}).content.decode()
        assert "This member is locked since" in page
        sent = {"decision": "accept", "note": "HP dicatat.", "seen": casework.queries.stamp(case)}
        refused = officer.post(f"/office/cases/{case.pk}/decide/", sent, headers={"Accept-Language": "en"})
        assert refused.status_code == 409
        assert "First the lock must be lifted" in refused.content.decode()
