"""Employers' users and officers keep a phone and an e-mail address of their own, as members do theirs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import NEW_PASSWORD, code_in, give_contacts, mails, texts
from newcomers import said
from proofs import proven

from lumbung.accounts import queries
from lumbung.accounts.contacts import queries as contacts
from lumbung.accounts.models import AccessEvent, ContactChange, User
from lumbung.config.doors import DOORS, Door

Enter = Callable[[User], Client]
FIRST, SECOND, MAIL = "+6281200000701", "+6281200000702", "kantor@contoh.test"
KINDS = ["employer", "officer"]


@pytest.fixture(params=KINDS)
def user(request: pytest.FixtureRequest, users: Users) -> User:
    found: User = getattr(users, request.param)
    return found


def door_of(user: User) -> Door:
    return next(door for door in DOORS if door.kind == user.kind)


def change(client: Client, door: str, kind: str, value: str) -> None:
    answer = client.post(f"{door}account/contacts/{kind}/", {"value": value})
    assert answer["Location"] == f"{door}account/contacts/code/"
    came = texts(value) if kind == "phone" else mails(value)
    answer = client.post(f"{door}account/contacts/code/", {"code": code_in(came[-1])})
    assert answer["Location"] == f"{door}account/contacts/"


def test_the_page_is_found_and_each_change_asks_for_proof(user: User, enter: Enter):
    door, client = door_of(user).prefix, enter(user)
    assert f'href="{door}account/contacts/"' in said(client.get(f"{door}account/log-in/"))
    assert client.get(f"{door}account/contacts/").status_code == 200
    for page in ("phone/", "email/", "code/"):
        for answer in (
            client.get(f"{door}account/contacts/{page}"),
            client.post(f"{door}account/contacts/{page}", {"value": FIRST, "code": "123456"}),
        ):
            assert answer.status_code == 302
            assert answer["Location"].startswith(f"{door}reauthenticate/")
    assert texts(FIRST) == []


def test_old_and_new_are_told_and_what_moves_money_waits(user: User, enter: Enter):
    door, client = door_of(user).prefix, proven(enter(user), door_of(user))
    change(client, door, "phone", FIRST)
    change(client, door, "email", MAIL)
    change(client, door, "phone", SECOND)
    for told in (texts(FIRST)[-1], texts(SECOND)[-1], mails(MAIL)[-1]):
        assert "0702" in told
        assert SECOND not in told
    changes = ContactChange.objects.filter(user=user)
    assert changes.count() == 3
    assert all(each.cools_until == each.changed_at + timedelta(days=7) for each in changes)
    assert queries.cooling_off(user, timezone.now()) is not None
    assert "0702" in said(client.get(f"{door}account/contacts/"))
    words = AccessEvent.objects.filter(user=user, what__in=("phone_changed", "email_changed")).order_by("pk")
    assert [event.what for event in words] == ["phone_changed", "email_changed", "phone_changed"]
    assert contacts.contact(user, "phone").value == SECOND


def test_they_log_in_by_it_and_get_back_in_by_it(user: User, enter: Enter):
    door = door_of(user).prefix
    change(proven(enter(user), door_of(user)), door, "phone", FIRST)
    answer = Client().post(f"{door}login/", {"login": "0812 0000 0701", "password": PASSWORD})
    assert answer.status_code == 302
    client = Client()
    client.post(f"{door}password/reset/", {"login": user.username, "channel": "phone"})
    client.post(f"{door}password/reset/code/", {"code": code_in(texts(FIRST)[-1])})
    assert client.post(f"{door}password/reset/new/", {"password": NEW_PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_an_address_that_another_user_confirmed_is_not_taken_over(user: User, users: Users, enter: Enter):
    give_contacts(users.member, phone=None, email=MAIL)
    door, client = door_of(user).prefix, proven(enter(user), door_of(user))
    client.post(f"{door}account/contacts/email/", {"value": MAIL})
    assert not any(character.isdigit() for character in mails(MAIL)[-1].split("\n\n")[0]), (
        "no code, but word of it"
    )
    assert contacts.contact(user, "email").value == ""


def test_only_members_ask_an_officer(user: User, enter: Enter):
    door, client = door_of(user).prefix, enter(user)
    assert "phone/office/" not in said(client.get(f"{door}account/contacts/"))
    assert client.get(f"{door}account/contacts/phone/office/").status_code == 404
