"""Codes of a registration: wrong, old, late, spent, missing; and who never confirms."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.test import Client
from newcomers import (
    EMAIL,
    PASSWORD,
    PHONE,
    Walk,
    digits,
    events,
    mails,
    said,
    texts,
)

from lumbung.accounts.models import Phone, User
from lumbung.accounts.registration import actions, codes


def test_wrong_older_late_and_spent_codes_have_a_sentence_each(
    walk: Walk, unhurried: None, monkeypatch: pytest.MonkeyPatch
):
    walk.up_to_account(email="")
    first = digits(texts()[0])
    wrong = "000000" if first != "000000" else "111111"
    assert "The code is wrong" in said(walk.code(wrong))
    walk.choose("sms")
    second = digits(texts()[1])
    assert "the code of an older message" in said(walk.code(first))
    assert "Six" in said(walk.client.get("/register/code/"))
    monkeypatch.setattr(codes, "VALID_FOR", timedelta(seconds=-1))
    assert "too old" in said(walk.code(second))
    monkeypatch.undo()
    for sentence in ("The code is wrong", "The code is wrong", "Three codes were wrong"):
        assert sentence in said(walk.code(wrong))
    assert "Three codes were wrong" in said(walk.code(second)), "even the right one"
    walk.choose("sms")
    spaced = f"{digits(texts()[2])[:3]} {digits(texts()[2])[3:]}"
    assert walk.code(spaced).headers["Location"] == "/dashboard/"


def test_codes_are_limited_per_account_across_sessions(walk: Walk, settings: LazySettings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "register_send": ""}
    walk.up_to_account(email="")
    right = digits(texts()[-1])
    for _ in range(5):
        walk.code("abc")
        walk.code("abd")
        walk.choose("sms")
    right = digits(texts()[-1])
    assert "Three codes were wrong" in said(walk.code(right))
    assert not User.objects.get().is_confirmed


def test_a_code_is_bound_to_the_session_that_asked(walk: Walk, unhurried: None):
    walk.up_to_account()
    walk.choose("sms")
    code = digits(texts()[0])
    thief = Client()
    thief.post("/login/", {"login": "rina", "password": PASSWORD})
    assert thief.get("/register/code/").headers["Location"] == "/register/go-on/"
    thief_walk = Walk(thief)
    thief_walk.choose("email")
    assert "The code is wrong" in said(Walk(thief).code(code)) or "salah" in said(Walk(thief).code(code))


def test_another_message_is_sent_after_a_minute_and_not_before(walk: Walk):
    walk.up_to_account(email="")
    answer = walk.choose("sms")
    assert "a short while ago" in said(answer)
    assert len(texts()) == 1
    assert walk.code(digits(texts()[0])).status_code == 302, "the first code still counts"


def test_what_to_do_when_no_code_arrives(walk: Walk, unhurried: None):
    walk.up_to_account()
    walk.choose("sms")
    page = said(walk.client.get("/register/code/missing/"))
    for way in ("sms", "email", "link"):
        assert f'name="way" value="{way}"' in page
    walk.choose("email")
    assert walk.code(digits(mails()[0])).headers["Location"] == "/dashboard/"


def test_contacts_can_be_changed_while_none_is_confirmed(walk: Walk, unhurried: None):
    walk.up_to_account(phone="+6281200000666", email="")
    assert "+6281200000666" in said(walk.client.get("/register/contacts/"))
    old = digits(texts("+6281200000666")[0])
    assert walk.contacts(PHONE, EMAIL).headers["Location"] == "/register/confirm/"
    walk.choose("sms")
    assert "older message" in said(walk.code(old))
    assert walk.code(digits(texts()[0])).headers["Location"] == "/dashboard/"


def test_who_left_goes_on_with_user_name_and_password(walk: Walk, unhurried: None):
    walk.up_to_account()
    later = Walk(Client())
    entered = later.client.post("/login/", {"login": "rina", "password": PASSWORD})
    assert entered.headers["Location"] == "/register/go-on/"
    assert later.client.get("/dashboard/").status_code == 302, "nobody is logged in"
    assert later.client.get("/register/go-on/").headers["Location"] == "/register/confirm/"
    later.choose("sms")
    assert later.code(digits(texts()[0])).headers["Location"] == "/dashboard/"


def test_who_never_confirms_is_forgotten_after_a_day(walk: Walk):
    walk.up_to_account()
    user = User.objects.get()
    assert actions.forget_unconfirmed(now=user.registered_at + timedelta(hours=23), but=()) == 0
    assert actions.forget_unconfirmed(now=user.registered_at + timedelta(hours=25), but={user.pk}) == 0
    assert actions.forget_unconfirmed(now=user.registered_at + timedelta(hours=25), but=()) == 1
    assert not EmailAddress.objects.exists()
    assert not Phone.objects.exists()
    assert events() == [], "nobody got an account"
