"""Codes for a log-in: three tries whatever is asked side by side, ten minutes each, unreadable where they wait."""

import time
from base64 import urlsafe_b64decode

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from door_users import Users
from letterbox import CONFIRMED_AT, OTHER_PHONE, PHONE, code_in, give_contacts, other_than, session_of, texts

from lumbung.accounts.actions import set_phone

CONFIRM = "/login/code/confirm/"


@pytest.fixture
def client(users: Users) -> Client:
    """A browser of Sari's that asked for a code by text."""
    cache.clear()
    give_contacts(users.member)
    browser = Client(headers={"Accept-Language": "en"})
    browser.post("/login/code/", {"contact": PHONE})
    return browser


def test_a_code_has_three_tries_also_when_the_session_does_not_count_them(client: Client):
    code = code_in(texts()[-1])
    asked_at_once = dict(session_of(client))
    for _ in range(3):
        client.post(CONFIRM, {"code": other_than(code)})
        session = session_of(client)
        session.update(asked_at_once)
        session.save()
    client.post(CONFIRM, {"code": code})
    assert client.get("/dashboard/").status_code == 302


def test_another_code_has_tries_of_its_own(client: Client):
    for _ in range(2):
        client.post(CONFIRM, {"code": other_than(code_in(texts()[-1]))})
    client.post(CONFIRM, {"action": "resend"})
    assert client.post(CONFIRM, {"code": code_in(texts()[-1])}).headers["Location"] == "/dashboard/"


def test_another_code_is_good_for_as_long_as_its_text_says(client: Client):
    session = session_of(client)
    login = session["account_login"]
    state = login["state"]["stages"]["login_by_code"]["data"]
    state["at"], login["initiated_at"] = state["at"] - 590, login["initiated_at"] - 590
    session.save()
    client.post(CONFIRM, {"action": "resend"})
    login = session_of(client)["account_login"]
    assert login["state"]["stages"]["login_by_code"]["data"]["at"] > time.time() - 60
    assert login["initiated_at"] > time.time() - 60


def test_a_session_that_waits_for_a_code_shows_neither_code_nor_contact(client: Client):
    code = code_in(texts()[-1])
    assert code in str(dict(session_of(client)))
    kept = Session.objects.get().session_data
    raw = urlsafe_b64decode(kept.lstrip(".").split(":")[0] + "==")
    for secret in (code, PHONE[1:]):
        assert secret not in kept
        assert secret.encode() not in raw
    assert b"account_login" not in raw


def test_a_contact_gets_twenty_codes_a_day_and_no_more(client: Client, monkeypatch: pytest.MonkeyPatch):
    later = iter(range(400, 10_000, 400))  # slowly enough for the limit of an hour
    for _ in range(20):
        now = time.time() + next(later)
        monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda now=now: now)
        client.post("/login/start-over/", {"by": "code"})
        answer = client.post("/login/code/", {"contact": PHONE})
    assert "Too many tries" in answer.content.decode()
    assert len(texts()) == 20


def test_a_code_for_a_phone_that_is_another_by_now_lets_nobody_in(client: Client, users: Users):
    code = code_in(texts()[-1])
    set_phone(users.member, OTHER_PHONE, verified_at=CONFIRMED_AT)
    client.post(CONFIRM, {"code": code})
    assert client.get("/dashboard/").status_code == 302
