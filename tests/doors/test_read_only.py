"""While an account only shows, nothing that a logged-in member sends changes anything, at any address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from door_users import PASSWORD, Users
from letterbox import EMAIL, NEW_PASSWORD, PHONE, code_in, give_contacts, texts
from test_doors import EVERYTHING

from lumbung.accounts.models import ReadOnly, User
from lumbung.config import read_only
from lumbung.config.doors import MEMBER, door_of

Enter = Callable[[User], Client]
# What is sent to every address at once: enough to be a right answer to each of the forms.
SENT = {
    "value": "0812 0000 0909", "confirm": "yes", "kind": "phone", "code": "123456", "again": "phone",
    "login": "sari", "channel": "phone", "contact": PHONE, "password": PASSWORD, "oldpassword": PASSWORD,
    "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "username": "sari.baru", "email": EMAIL, "phone": PHONE,
    "number": "10000000001", "nik": "9901014101900001", "born_day": "1", "born_month": "1",
    "born_year": "1990", "name": "Sari Uji", "way": "counter",
    "reach": "", "street": "Jl. Uji 1", "rt": "1", "rw": "2", "village": "Uji", "district": "Uji", "city": "Uji",
    "province": "Uji", "postcode": "12345", "heir_name": "Budi Uji", "relation": "child", "rank": "1",
    "bank": "014", "account_number": "1234567890", "holder": "Sari Uji", "writes": "en", "language": "en",
    "purpose": "news", "version": "1", "sure": "on", "as": "json",
    "next": "/",
}  # fmt: skip
# Rows that any request may write: the session, limits and jobs that were counted, and who was seen.
NOT_COUNTED = ("django_session", "lumbung_cache", "usersessions_usersession")
MEMBERS = [path for path in EVERYTHING if door_of(path) == MEMBER]
# The addresses that still do what they do (config.read_only.STILL_DONE), as they are at the members' door.
STILL_DONE = {"/logout/", "/language/", "/reauthenticate/", "/session/stay/"}
STILL_DONE |= {path for path in MEMBERS if path.startswith(("/reauthenticate/", "/account/sessions/end", "/law/"))}
STILL_DONE |= {"/verify/", "/card/make/", "/statement/", "/statement/2024/", "/wages/", "/projection/"}
STILL_DONE |= {"/account/lock/", "/account/lock/lift/"}


def everything_kept() -> dict[str, str]:
    """A digest of each table's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT relispartition AND relname <> ALL(%s)",
            [list(NOT_COUNTED)],
        )
        tables = [name for (name,) in cursor.fetchall()]
        union = " UNION ALL ".join(
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM \"{name}\" AS t"
            for name in tables
        )
        cursor.execute(union)
        return dict(cursor.fetchall())


@pytest.fixture
def shown_only(users: Users) -> User:
    """Sari, whose account was opened anew an hour ago."""
    give_contacts(users.member)
    now = timezone.now()
    ReadOnly.objects.create(
        user=users.member, cause="recovered", since=now - timedelta(hours=1), until=now + timedelta(days=6)
    )
    return users.member


def ready(enter: Enter, user: User) -> Client:
    """A browser that typed the password again just now, so that nothing but the time stands in the way."""
    client = enter(user)
    assert client.post("/reauthenticate/", {"password": PASSWORD})["Location"] == "/dashboard/"
    return client


def test_nothing_that_is_sent_changes_anything(shown_only: User, enter: Enter):
    client = ready(enter, shown_only)
    before = everything_kept()
    for path in sorted(set(MEMBERS) - STILL_DONE):
        answer = client.post(path, SENT)
        assert answer.status_code == 403, path
        assert 'name="password' not in answer.content.decode(), path
        assert everything_kept() == before, path
    for method in ("put", "patch", "delete"):
        for path in MEMBERS:
            getattr(client, method)(path)
        assert everything_kept() == before, method


def test_the_page_says_until_when_and_why_and_reading_goes_on(shown_only: User, enter: Enter):
    client = ready(enter, shown_only)
    until = ReadOnly.objects.get().until.astimezone(timezone.get_default_timezone())
    refused = client.post("/account/contacts/phone/", SENT, headers={"Accept-Language": "en"})
    assert f"{until:%H:%M}" in refused.content.decode()
    assert "officer" in refused.content.decode()
    for path in ("/dashboard/", "/history/", "/account/contacts/"):
        assert client.get(path).status_code == 200
    overview = client.get("/account/contacts/").content.decode()
    assert f"{until:%H:%M}" in overview
    assert 'href="/account/contacts/phone/"' not in overview, "no way is offered that ends in a refusal"


def test_what_is_listed_still_works(shown_only: User, enter: Enter):
    client = ready(enter, shown_only)
    assert client.post("/language/", {"language": "en", "next": "/dashboard/"}).status_code == 302
    assert client.post("/logout/").status_code == 302
    assert client.get("/dashboard/").status_code == 302


def test_whoever_opens_one_more_address_says_so_here():
    open_ones = {"account_logout", "set_language", "account_reauthenticate", "mfa_reauthenticate_webauthn"}
    open_ones |= {"account_end_session", "account_end_other_sessions", "account_stay"}
    open_ones |= {"portal:verify", "portal:make_card", "portal:statement", "portal:year", "portal:wages"}
    open_ones |= {"portal:projection", "portal:lock", "portal:unlock"}
    open_ones |= {f"portal:law_{page}" for page in ("contribution", "own_work", "old_age", "pension")}
    assert open_ones == read_only.STILL_DONE


def test_it_ends_by_itself_by_lifting_and_a_lock_does_not(shown_only: User, enter: Enter):
    client = ready(enter, shown_only)

    def is_refused() -> bool:
        return client.post("/account/contacts/phone/", {"value": "0812 0000 0909"}).status_code == 403

    assert is_refused()
    now = timezone.now()
    ReadOnly.objects.update(lifted_at=now)
    assert not is_refused()
    ReadOnly.objects.update(lifted_at=None, until=now - timedelta(seconds=1))
    assert not is_refused()
    ReadOnly.objects.create(user=shown_only, cause="locked", since=now, until=None)
    assert is_refused()
    assert client.get("/account/contacts/").status_code == 200


def test_others_are_not_touched(shown_only: User, users: Users, enter: Enter):
    client = ready(enter, users.other_member)
    assert client.post("/account/contacts/phone/", {"value": "0812 0000 0909"}).status_code == 302


def test_a_forgotten_password_can_still_be_set_by_who_is_not_logged_in(shown_only: User):
    """It opens no more than logging in does, and who forgot it again must be able to see and to object."""
    client = Client()
    client.post("/password/reset/", {"login": "sari", "channel": "phone"})
    client.post("/password/reset/code/", {"code": code_in(texts()[0])})
    new = {"password": NEW_PASSWORD}
    assert client.post("/password/reset/new/", new)["Location"] == "/password/reset/done/"
    assert ReadOnly.objects.get().lifted_at is None
