"""What is an e-mail address only by the letter is refused in a plain sentence, wherever one is typed."""

import pytest
from django.test import Client
from door_users import Users
from newcomers import Walk, said

from lumbung.accounts.mailboxes import looks_like_one
from lumbung.accounts.recovery.queries import read_login

NONE = [
    "a@[127.0.0.1]", "a@[IPv6:::1]", "a@localhost", "a@mail", "a@127.0.0.1", "@contoh.test", "a@",
    '"a b"@contoh.test', '"\\\x07"@contoh.test', "a\x07@contoh.test", "a\u200b@contoh.test", "a @contoh.test",
    "a\r\nBcc:x@contoh.test", "a@contoh.test\nBcc: x@contoh.test", "a..b@contoh.test", ".a@contoh.test",
    "a@b@contoh.test", "a@contoh..test", "ada@-contoh.test", "a" * 65 + "@" + "b" * 200 + ".test",
]  # fmt: skip
SOME = ["nama@contoh.com", "Nama.Orang+dana@mail.contoh.co.id", "o'nama_1@contoh.test", "a@xn--dmin-moa0i.test"]


@pytest.mark.parametrize("typed", NONE)
def test_an_address_by_the_letter_only_is_none(typed: str):
    assert not looks_like_one(typed)
    assert read_login(typed)[0] != "email"


@pytest.mark.parametrize("typed", SOME)
def test_what_people_have_is_one(typed: str):
    assert looks_like_one(typed)
    assert read_login(typed) == ("email", typed.lower())


@pytest.mark.parametrize("typed", ["a@[127.0.0.1]", '"\\\x07"@contoh.test', "a\x07@contoh.test"])
def test_the_pages_say_so_and_send_nothing(users: Users, walk: Walk, typed: str):
    walk.who()
    page = said(walk.contacts(email=typed))
    assert "This is not an e-mail address. Write it like nama@contoh.com." in page
    english = Client(headers={"Accept-Language": "en"})
    assert "neither a phone number nor an e-mail address" in said(english.post("/login/code/", {"contact": typed}))
