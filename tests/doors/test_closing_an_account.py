"""Close my account: what is kept and what goes; every channel is told; the person can register again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import EMAIL, PHONE, give_contacts, mails, texts
from lives import LIVES
from proofs import proven

from lumbung.accounts import actions as accounts
from lumbung.accounts.models import AccessEvent, ContactChange, KnownDevice, Message, Phone, User
from lumbung.casework import actions as casework
from lumbung.casework.models import Case
from lumbung.config.doors import MEMBER
from lumbung.ledger import queries as ledger
from lumbung.mydata import actions
from lumbung.mydata.errors import AlreadyClosed
from lumbung.mydata.kept import GOES, KEPT
from lumbung.profiles import actions as profiles
from lumbung.profiles.consents import actions as consents
from lumbung.profiles.models import BankAccount, Consent, Heir
from lumbung.registry import actions as registry
from lumbung.registry.models import Person

Enter = Callable[[User], Client]


@pytest.fixture
def sari(paid: Users) -> User:
    """Sari with contacts, an heir, a consent, an open request, and a change that cooled off long ago."""
    user, now = paid.member, timezone.now()
    assert user.person is not None
    give_contacts(user)
    registry.put_on_file(user.person, phone=PHONE, email=EMAIL)
    here: dict[str, Any] = {"place": "member", "now": now - timedelta(days=30)}
    profiles.add_heir(user, profiles.NewHeir("Budi Uji", "child", 1), **here)
    profiles.set_bank_account(user, bank="014", number="1234567890", holder="Sari Uji", **here)
    consents.give(user, "news", version=1, text="Ya.", language="id", **here)
    facts = {"what": "name", "name": "Sari Uji Benar", "why": "KTP"}
    casework.open_case("correction", user.person, facts, user=user, place="member", now=now)
    return user


def test_the_page_says_what_stays_by_which_law_and_what_goes(sari: User, enter: Enter):
    client = enter(sari)
    assert client.get("/account/close/")["Location"].startswith("/reauthenticate/?next=")
    assert client.post("/account/close/", {"sure": "on"})["Location"].startswith("/reauthenticate/?next=")
    assert User.objects.filter(pk=sari.pk).exists()
    page = proven(client, MEMBER).get("/account/close/", headers={"Accept-Language": "en"}).content.decode()
    for law in ("UU 40/2004", "UU 24/2011", "UU 27/2022"):
        assert law in page
    assert page.count("<tr>") == len(KEPT) + 1
    assert len(GOES) == 6
    assert "the office take" not in page, "there is no screen for that"
    assert "Wages of payslips" in page


def test_without_the_last_confirmation_nothing_happens(sari: User, enter: Enter):
    answer = proven(enter(sari), MEMBER).post("/account/close/", {})
    assert answer.status_code == 400
    assert 'href="#id_sure"' in answer.content.decode()
    assert User.objects.filter(pk=sari.pk).exists()


def test_what_belongs_to_logging_in_goes_and_what_the_law_keeps_stays(sari: User, enter: Enter):
    person, other = sari.person, enter(sari)
    assert person is not None
    UserSession.objects.create(
        user=sari, ip="127.0.0.1", user_agent="", session_key=other.cookies["lumbung_member"].value,
        last_seen_at=timezone.now(),
    )  # fmt: skip
    before = len(texts(PHONE)), len(mails(EMAIL))
    balance = ledger.balance("10000000001", None)
    client = proven(enter(sari), MEMBER)
    answer = client.post("/account/close/", {"sure": "on"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "Your account is closed" in answer.content.decode()
    assert "storage" in answer["Clear-Site-Data"]
    for browser in (client, other):
        assert browser.get("/dashboard/")["Location"].startswith("/login/")
    assert not User.objects.filter(pk=sari.pk).exists()
    for gone in (Phone, EmailAddress, Authenticator, UserSession, KnownDevice, Message, ContactChange):
        assert not gone.objects.filter(user=sari.pk).exists(), gone
    kept = Person.objects.get(pk=person.pk)
    assert (kept.name, kept.phone, kept.email) == ("Sari Uji", PHONE, EMAIL)
    assert ledger.balance("10000000001", None) == balance
    assert Heir.objects.filter(person=kept).count() == BankAccount.objects.filter(person=kept).count() == 1
    assert Consent.objects.get().withdrawn_at is not None
    assert Case.objects.get().state == Case.State.WITHDRAWN
    assert AccessEvent.objects.filter(person=kept, what="account_closed").count() == 1
    assert (len(texts(PHONE)), len(mails(EMAIL))) == (before[0] + 1, before[1] + 1)
    assert "closed" in texts(PHONE)[-1] or "ditutup" in texts(PHONE)[-1]


def test_the_person_can_register_again_and_finds_all_of_it(sari: User, enter: Enter):
    person = sari.person
    assert person is not None
    proven(enter(sari), MEMBER).post("/account/close/", {"sure": "on"})
    again = accounts.make_member_user(Person.objects.get(pk=person.pk), "sari", PASSWORD)
    client = proven(enter(again), MEMBER)
    assert "285.000" in client.get("/dashboard/").content.decode()
    assert "Budi Uji" in client.get("/profile/heirs/").content.decode()
    log = client.get("/account/access/", headers={"Accept-Language": "en"}).content.decode()
    assert "The account was closed." in log
    assert "an account that is closed now" in log


def test_a_change_that_cools_off_can_not_be_hidden_by_closing(sari: User, enter: Enter):
    profiles.set_bank_account(
        sari, bank="009", number="9876543210", holder="Sari Uji", place="member", now=timezone.now()
    )
    client = proven(enter(sari), MEMBER)
    page = client.get("/account/close/", headers={"Accept-Language": "en"}).content.decode()
    assert "can be closed from" in page
    assert 'name="sure"' not in page
    assert client.post("/account/close/", {"sure": "on"})["Location"] == "/account/close/"
    assert User.objects.filter(pk=sari.pk).exists()
    assert Case.objects.get().is_open


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "three numbers", "frozen"])
def test_every_life_sees_its_profile_and_what_closing_means(name: str, enter: Enter):
    life = LIVES[name]()
    client = proven(enter(life.user), MEMBER)
    for path in ("/profile/", "/profile/heirs/", "/account/access/", "/account/consents/", "/account/close/"):
        assert client.get(path).status_code == 200, path
    page = client.get("/profile/").content.decode()
    assert ('href="/profile/address/"' in page) == (name != "frozen"), "no way is offered that ends in a refusal"
    answer = client.post("/account/close/", {"sure": "on"})
    assert answer.status_code == (403 if name == "frozen" else 200)
    assert User.objects.filter(pk=life.user.pk).exists() == (name == "frozen")


def test_two_windows_that_close_at_once_both_say_goodbye(
    sari: User, enter: Enter, monkeypatch: pytest.MonkeyPatch
):
    """The second waited for the first one's lock, and found nobody any more."""
    client, close = proven(enter(sari), MEMBER), actions.close_account

    def after_another(user: User, **here: Any) -> None:
        close(User.objects.get(pk=user.pk), **here)
        close(user, **here)

    monkeypatch.setattr(actions, "close_account", after_another)
    answer = client.post("/account/close/", {"sure": "on"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "Clear-Site-Data" in answer.headers
    assert not User.objects.filter(pk=sari.pk).exists()
    assert AccessEvent.objects.filter(person=sari.person, what="account_closed").count() == 1
    assert AccessEvent.objects.filter(person=sari.person, what="case_withdrawn").count() == 1
    assert client.get("/profile/").status_code == 302


@pytest.mark.usefixtures("clone")
def test_one_of_two_that_really_run_side_by_side_closes_it():
    user, now = LIVES["nothing"]().user, timezone.now()

    def close(_: int) -> str:
        try:
            actions.close_account(user, place="member", now=now)
        except AlreadyClosed:
            return "already"
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(close, range(2))) == ["already", "closed"]
