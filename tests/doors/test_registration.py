"""A member registers: the facts, the contacts, the account; whatever is wrong is told and opens nothing."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from newcomers import (
    EMAIL,
    NAME,
    NIK,
    NUMBER,
    PASSWORD,
    PHONE,
    Walk,
    digits,
    events,
    facts,
    mails,
    said,
    texts,
    told,
)

from lumbung.accounts.actions import make_member_user
from lumbung.accounts.models import Phone, User
from lumbung.encryption import blind_index
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.registry.models import MemberNumber, Person

OWN_PHONE, OWN_EMAIL = "+6281200000777", "rina.sendiri@contoh.test"


# From the first page to the balance


@pytest.mark.parametrize("way", ["sms", "email"])
def test_registering_by_code_ends_at_the_balance(walk: Walk, rina: Person, way: str):
    assert walk.up_to_account().headers["Location"] == "/register/confirm/"
    user = User.objects.get(username="rina")
    assert not user.is_confirmed
    assert walk.choose(way).headers["Location"] == "/register/code/"
    sent = texts() if way == "sms" else mails()
    assert len(sent) == 1
    assert "http" not in sent[0]
    done = walk.code(digits(sent[0]))
    assert done.headers["Location"] == "/dashboard/"
    assert NAME in said(walk.client.get("/dashboard/"))
    user.refresh_from_db()
    assert user.is_confirmed
    assert events() == ["confirmed"]


def test_who_gives_a_phone_alone_gets_the_code_at_once(walk: Walk):
    assert walk.up_to_account(email="").headers["Location"] == "/register/code/"
    assert walk.code(digits(texts()[0])).headers["Location"] == "/dashboard/"


def test_after_it_the_member_logs_in_with_user_name_and_password(walk: Walk):
    walk.up_to_account()
    walk.choose("sms")
    walk.code(digits(texts()[0]))
    client = Client()
    client.post("/login/", {"login": "RINA", "password": PASSWORD})
    assert client.get("/dashboard/").status_code == 200


def test_numbers_and_names_are_forgiven_their_spelling(walk: Walk):
    answer = walk.who(
        number="100-0000 0009", nik="9901 0141 0190 0009", name="  RINA  UJI LESTARI, S.E.", born_month="Januari"
    )
    assert answer.headers["Location"] == "/register/contacts/"


# Who are you: one answer for whatever does not match


def _unknown_number() -> None:
    MemberNumber.objects.update(person=register_persons([NewPerson("Lain", date(1980, 1, 1), ())])[0].person)
    MemberNumber.objects.filter(pk=NUMBER).delete()


def _other_nik() -> None:
    Person.objects.update(nik="9901014101900008", nik_index=blind_index("9901014101900008", context="nik"))


def _no_nik() -> None:
    Person.objects.update(nik=None, nik_index=None)


def _other_birth_date() -> None:
    person = Person.objects.get()
    person.birth_date = date(1990, 1, 2)
    person.save()


def _has_account() -> None:
    make_member_user(Person.objects.get(), "rina.lama", PASSWORD)


WRONG = {
    "unknown number": _unknown_number,
    "other NIK": _other_nik,
    "no NIK on file": _no_nik,
    "other birth date": _other_birth_date,
    "has an account": _has_account,
}


def test_whatever_is_wrong_is_one_answer_with_the_same_work(
    rina: Person, unhurried: None, monkeypatch: pytest.MonkeyPatch
):
    spent: list[str] = []
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *args, **more: spent.append("hash") or "argon2$x")
    answers: dict[str, Any] = {}
    for wrong, change in WRONG.items():
        with transaction.atomic():
            change()
            spent.clear()
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = Client().post("/register/", facts())
            kinds = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked]
            answers[wrong] = (told(answer), kinds, list(spent))
            transaction.set_rollback(True)
    first = answers["unknown number"]
    assert "see below what helps" in first[0][2] or "bisa membantu" in first[0][2]
    for wrong, answer in answers.items():
        assert answer == first, wrong
    assert first[2] == []


@pytest.mark.parametrize("changed", [{"nik": "9901014101900008"}, {"born_day": "2"}, {"number": "10000000008"}])
def test_a_wrong_name_is_not_told_while_anything_else_is_wrong(walk: Walk, changed: dict[str, str]):
    answer = walk.who(**changed, name="Dewi Sartika")
    assert "The name is another one" not in said(answer)
    assert "We can't find you" in said(answer)


def test_only_who_is_known_is_told_that_the_name_differs_and_not_which_is_on_file(walk: Walk):
    answer = walk.who(name="Dewi Sartika")
    assert "The name is another one" in said(answer)
    assert "Lestari" not in said(answer)
    assert walk.client.get("/register/contacts/").headers["Location"] == "/register/"


def test_the_help_names_the_ways_out(walk: Walk):
    page = said(walk.who(number="10000000008"))
    for word in ("slip of the finger", "several member numbers", "new at work", "account already"):
        assert word in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"number": "123"}, "10 to 12 digits"),
        ({"nik": "31710101"}, "16 digits"),
        ({"born_day": "31", "born_month": "2"}, "does not have so many days"),
        ({"born_year": "90"}, "four digits"),
        ({"name": ""}, "Fill this in"),
    ],
)
def test_a_slip_is_told_at_its_field_and_costs_no_try(walk: Walk, typed: dict[str, str], sentence: str):
    for _ in range(12):
        answer = walk.who(**typed)
    assert sentence in said(answer)
    assert answer.status_code == 200


def test_tries_are_limited_per_number_per_nik_and_per_address(walk: Walk, settings: LazySettings):
    for step in range(6):
        assert walk.who(nik=f"990101410190010{step}").status_code == 200
    assert walk.who(nik="9901014101900200").status_code == 429
    assert walk.who().status_code == 429, "right or wrong"
    cache.clear()
    for step in range(6):
        assert walk.who(number=f"1000000010{step}").status_code == 200
    assert "Wait 60 minutes" in said(walk.who(number="10000000200"))
    cache.clear()
    for step in range(10):
        assert walk.who(number=f"2000000010{step}", nik=f"990101410191010{step}").status_code == 200
    stopped = walk.who(number="20000000300", nik="9901014101920000")
    assert stopped.status_code == 429
    assert "Wait 1 minute," in said(stopped)


def test_each_page_sends_a_stranger_to_the_first(db: None):
    for page in (
        "contacts",
        "account",
        "confirm",
        "code",
        "code/missing",
        "link-sent",
        "on-file",
        "waiting",
        "go-on",
    ):
        answer = Client().get(f"/register/{page}/")
        assert answer.headers["Location"] == "/register/", page


def test_who_is_logged_in_has_no_business_here(walk: Walk):
    walk.up_to_account(email="")
    walk.code(digits(texts()[0]))
    for page in ("", "contacts/", "code/", "go-on/"):
        assert walk.client.get(f"/register/{page}").headers["Location"] == "/dashboard/"


def test_the_session_holds_nothing_readable_of_a_person(walk: Walk):
    walk.who()
    walk.contacts()
    kept = str(dict(walk.client.session))
    walk.account()
    walk.choose("sms")
    kept += str(dict(walk.client.session))
    for secret in (NIK, "1990", NAME, "81200000009", EMAIL, PASSWORD, digits(texts()[0])):
        assert secret not in kept


# Contacts and account


@pytest.mark.parametrize(
    ("phone", "email", "sentence"),
    [
        ("", "", "Give a phone number or an e-mail address"),
        ("2757", "", "This is not a phone number"),
        ("", "rina at contoh", "This is not an e-mail address"),
    ],
)
def test_contacts_that_reach_nobody_are_told(walk: Walk, phone: str, email: str, sentence: str):
    walk.who()
    assert sentence in said(walk.contacts(phone, email))


@pytest.mark.parametrize("spelling", ["081200000009", "6281200000009", "+62 812-0000-0009", "0812 0000 0009"])
def test_a_phone_is_known_in_any_spelling(walk: Walk, spelling: str):
    walk.up_to_account(phone=spelling, email="")
    assert Phone.objects.get().number == PHONE


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("0812", PASSWORD, "3 to 50 characters"),
        ("petugas.yang.lain", "petugas.yang.lain", "user name"),
        ("rina", "kata sandi", "15"),
        ("rina", "rina.contoh-test-sandi", "mail"),
        ("terpakai", PASSWORD, "This user name is taken"),
    ],
)
def test_a_bad_user_name_or_password_is_told(walk: Walk, username: str, password: str, sentence: str):
    other = register_persons([NewPerson("Lain", date(1980, 1, 1), ("10000000010",))])[0].person
    make_member_user(other, "terpakai", PASSWORD)
    walk.who()
    walk.contacts()
    assert sentence in said(walk.account(username, password))
    assert not User.objects.filter(person__name=NAME).exists()


def test_a_user_name_is_free_again_an_hour_after_nobody_confirmed_it(walk: Walk):
    other = register_persons([NewPerson("Lain", date(1980, 1, 1), ("10000000010",))])[0].person
    begun = timezone.now() - timedelta(minutes=59)
    held = make_member_user(other, "rina", PASSWORD, registered_at=begun)
    walk.who()
    walk.contacts()
    assert "This user name is taken" in said(walk.account("rina"))
    User.objects.filter(pk=held.pk).update(registered_at=begun - timedelta(minutes=2))
    assert walk.account("rina").status_code == 302


def test_a_second_try_takes_the_place_of_the_first(walk: Walk):
    walk.up_to_account()
    first = User.objects.get()
    other = Walk(Client())
    other.up_to_account(username="rina.lagi")
    assert not User.objects.filter(pk=first.pk).exists()
    assert walk.choose("sms").headers["Location"] == "/register/", "the first try is over"
