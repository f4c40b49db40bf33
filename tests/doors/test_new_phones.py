"""A new phone by SMS: told like everybody, shown to the member in the account, on file only by his word."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import EMAIL, give_contacts, mails, texts
from sms_phone import DAFTAR, NUMBER, SALDO, Handset, hand_in, make_guide_member, pay_in, work_off

from lumbung.accounts import queries as accounts
from lumbung.accounts.actions import make_member_user
from lumbung.accounts.contacts.actions import put_phone_on_file
from lumbung.accounts.locking import actions as locking
from lumbung.accounts.models import Message, User, WaitingPhone
from lumbung.accounts.newphones import actions as newphones
from lumbung.messaging.models import InboundText
from lumbung.registry.models import Person
from lumbung.sms import actions, answers
from lumbung.sms.models import SmsRegistration

Enter = Callable[[User], Client]
pytestmark = pytest.mark.django_db
OLD, NEW, TYPED = "+6281200000001", "+6281299990000", "0812 9999 0000"
WRONG = DAFTAR.replace("01-01-1990", "02-01-1990")


@pytest.fixture
def budi() -> User:
    """The guide's member with an account, the old phone on file and confirmed, and an address."""
    person = make_guide_member()
    pay_in(NUMBER, 12_345_678)
    user = make_member_user(person, "budi", PASSWORD)
    give_contacts(user, phone=OLD)
    return user


def test_a_new_phone_is_on_file_once_the_member_says_so(budi: User, enter: Enter) -> None:
    new, old = Handset(NEW), Handset(OLD)
    old.say(DAFTAR)
    assert new.say(DAFTAR) == new.say(SALDO) == answers.refused()
    waiting = WaitingPhone.objects.get()
    client = enter(budi)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "A new phone wants to ask" in client.get("/dashboard/").content.decode()
    listed = client.get("/account/phones/").content.decode()
    assert "0000" in listed
    assert NEW not in listed
    page = f"/account/phones/{waiting.pk}/"
    assert client.post(page, {"phone": TYPED})["Location"].startswith("/reauthenticate/")
    client.post("/reauthenticate/", {"password": PASSWORD})
    refused = client.post(page, {"phone": "0812 9999 0001"})
    assert refused.status_code == 400
    assert "This is not the number that waits" in refused.content.decode()
    assert client.post(page, {"phone": TYPED})["Location"] == "/account/contacts/"
    budi.refresh_from_db()
    assert Person.objects.get().phone == NEW
    assert not WaitingPhone.objects.exists()
    change = accounts.cooling_off(budi, timezone.now())
    assert change is not None
    assert change.kind == "phone"
    assert "Rp 12.345.678" in (new.say("SALDO") or ""), "it registered when it sent all facts"
    assert old.say(SALDO) == answers.refused()
    for told in (texts(OLD)[-2], mails(EMAIL)[-1]):
        assert "nomor hp" in told.lower()
    assert accounts.phone(budi) is None, "codes go nowhere before a code to it was typed"


def test_right_and_wrong_facts_take_the_same_answer_and_the_same_statements(budi: User) -> None:
    """Up to the answer in the outbox; the rest is looked at by a job of its own, which either brings."""
    said = []
    for sender, body in ((NEW, DAFTAR), ("+6281299990001", WRONG), (OLD, WRONG)):
        hand_in(body, sender=sender, gateway_id=sender[1:])
        key = InboundText.objects.get(gateway_id=sender[1:]).pk
        with CaptureQueriesContext(connection) as asked:
            actions.answer_text(key, now=timezone.now())
        statements = [re.sub(r"'[^']*'| ?-?[0-9]+", "?", each["sql"]) for each in asked]
        said.append((InboundText.objects.get(pk=key).answer.body, statements))
    assert said[0] == said[1] == said[2]
    assert said[0][0] == answers.refused()
    assert len(said[0][1]) > 5
    assert not WaitingPhone.objects.exists(), "the job has not run yet"
    work_off()
    assert [row.number for row in WaitingPhone.objects.all()] == [NEW]


def test_a_phone_that_is_refused_waits_no_more_and_does_not_come_back(budi: User, enter: Enter) -> None:
    Handset(NEW).say(DAFTAR)
    waiting = WaitingPhone.objects.get()
    client = enter(budi)
    assert client.post(f"/account/phones/{waiting.pk}/refuse/")["Location"] == "/account/phones/"
    Handset(NEW).say(DAFTAR.lower() + " ")
    client.post("/reauthenticate/", {"password": PASSWORD})
    assert client.get(f"/account/phones/{waiting.pk}/").status_code == 404
    assert "A new phone" not in client.get("/dashboard/", headers={"Accept-Language": "en"}).content.decode()
    assert WaitingPhone.objects.get().refused_at is not None


def test_the_member_is_told_once_a_day_and_only_some_phones_wait(budi: User) -> None:
    senders = [f"+62812888800{n:02d}" for n in range(6)]
    for sender in senders:
        assert Handset(sender).say(DAFTAR) == answers.refused()
    assert WaitingPhone.objects.count() == newphones.MOST_WAITING
    assert SmsRegistration.objects.count() == actions.NEW_PHONES_A_DAY
    assert Message.objects.filter(user=budi, word="phone_waits").count() == 1
    (told,) = mails(EMAIL)
    assert senders[0] not in told
    assert newphones.forget(now=timezone.now() + timedelta(days=6)) == 0
    assert newphones.forget(now=timezone.now() + timedelta(days=8)) == newphones.MOST_WAITING


@pytest.fixture
def flood(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """Hands texts in that wait all at once, among too many; answers the outcome of each by its sender."""
    monkeypatch.setattr(actions, "MANY_TEXTS", 1)

    def handed_in(*said: tuple[str, str]) -> dict[str, str]:
        for number, (sender, body) in enumerate(said):
            hand_in(body, sender=sender, gateway_id=f"{InboundText.objects.count()} {number}")
        work_off()
        return dict(InboundText.objects.order_by("pk").values_list("gateway_id", "outcome"))

    return handed_in


def test_in_a_flood_a_new_phone_is_told_nothing_and_waits_for_the_member_all_the_same(
    budi: User, flood: Callable[..., dict[str, str]]
) -> None:
    others = [f"+6281288880{n:03d}" for n in range(4)]
    outcomes = flood(
        (NEW, DAFTAR), (others[0], DAFTAR), (others[1], WRONG), (others[2], "halo"), (others[3], SALDO)
    )
    assert list(outcomes.values()) == [*["register_refused"] * 3, "crowded", "crowded"]
    assert not any(texts(sender) for sender in (NEW, *others)), "right or wrong: silence tells nothing"
    assert [row.number for row in WaitingPhone.objects.all()] == [NEW], "one in a set for a member number"
    assert Message.objects.filter(user=budi, word="phone_waits").count() == 1


def test_in_a_flood_a_phone_has_no_more_guesses_than_else(
    budi: User, flood: Callable[..., dict[str, str]]
) -> None:
    for number in range(actions.FAILED_REGISTRATIONS_A_DAY):
        flood((NEW, WRONG.replace("02-01-1990", f"{number + 3:02}-01-1990")))
    flood((NEW, DAFTAR))
    assert not WaitingPhone.objects.exists()
    flood(("+6281299990009", DAFTAR))
    assert WaitingPhone.objects.count() == 1


def test_ending_a_flood_takes_as_many_statements_for_many_as_for_few(budi: User) -> None:
    counts = []
    for some in (3, 60):
        for number in range(some):
            hand_in(WRONG, sender=f"+62812777{some:02}{number:03}", gateway_id=f"{some} {number}")
        keys = list(InboundText.objects.filter(state="waiting").values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as asked:
            assert actions.crowd_out(keys, now=timezone.now()) == set(keys)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_without_an_account_the_way_is_the_office(users: Users) -> None:
    person = make_guide_member()
    new = Handset(NEW)
    assert new.say(DAFTAR) == answers.refused()
    assert not WaitingPhone.objects.exists()
    put_phone_on_file(person, NEW, by=users.officer, now=timezone.now(), place="office")
    assert "Rp 0" in (new.say(SALDO) or ""), "all facts came from it before"


def test_while_locked_no_phone_comes_on_file(budi: User, enter: Enter) -> None:
    Handset(NEW).say(DAFTAR)
    assert budi.person is not None
    locking.lock(budi.person, place="member", now=timezone.now())
    client = enter(budi)
    client.post("/reauthenticate/", {"password": PASSWORD})
    waiting = WaitingPhone.objects.get()
    assert client.post(f"/account/phones/{waiting.pk}/", {"phone": TYPED}).status_code == 403
    assert Person.objects.get().phone == OLD
