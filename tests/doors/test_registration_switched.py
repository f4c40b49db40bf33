"""A code confirms the contact it was sent to, and no other that was put in its place."""

import pytest
from django.test import Client
from newcomers import EMAIL, PASSWORD, PHONE, Walk, digits, mails, said, texts

from lumbung.accounts.models import Phone, User

OWN_PHONE, OWN_EMAIL = "+6281200000777", "rina.sendiri@contoh.test"


@pytest.mark.parametrize("way", ["sms", "email"])
def test_a_code_does_not_confirm_a_contact_that_took_the_place_of_its_own(walk: Walk, unhurried: None, way: str):
    walk.up_to_account(phone=OWN_PHONE, email=OWN_EMAIL)
    walk.choose(way)
    code = digits((texts(OWN_PHONE) if way == "sms" else mails(OWN_EMAIL))[-1])
    walk.contacts(PHONE, EMAIL)
    answer = walk.code(code)
    assert "Location" not in answer.headers or answer.headers["Location"] != "/dashboard/"
    assert not User.objects.get(username="rina").is_confirmed
    assert not Phone.objects.filter(verified_at__isnull=False).exists()


def test_nor_when_another_browser_puts_it_there(walk: Walk, unhurried: None):
    walk.up_to_account(phone=OWN_PHONE, email="")
    code = digits(texts(OWN_PHONE)[-1])
    other = Walk(Client())
    other.client.post("/login/", {"login": "rina", "password": PASSWORD})
    other.contacts(PHONE, "")
    answer = walk.code(code)
    assert not User.objects.get(username="rina").is_confirmed
    assert "older message" in said(answer)
    walk.choose("sms")
    assert walk.code(digits(texts(PHONE)[-1])).headers["Location"] == "/dashboard/"
