"""A user sees where the account is used, ends what is strange, and is asked before a session ends."""

import json
import time

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from door_users import PASSWORD, Users

from lumbung.accounts.models import AccessEvent, User
from lumbung.config.doors import MEMBER

PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0"
KEY = MEMBER.cookie_names[settings.SESSION_COOKIE_NAME]


def come_in(user: User, agent: str = PHONE, address: str = "10.9.0.1", **more: str) -> Client:
    """A browser that logged in with the password."""
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": agent, "Accept-Language": "en"})
    answer = client.post("/login/", {"login": user.username, "password": PASSWORD, **more})
    assert answer.status_code == 302, answer.content
    return client


def prove(client: Client) -> None:
    """Type the password once more, as whoever ends a session must."""
    assert client.post("/reauthenticate/", {"password": PASSWORD}).status_code == 302


def page(client: Client, path: str = "/account/sessions/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def others(user: User, client: Client) -> list[UserSession]:
    return list(UserSession.objects.filter(user=user).exclude(session_key=client.cookies[KEY].value))


def test_sessions_are_listed_with_device_and_place_in_words(users: Users):
    phone = come_in(users.member, PHONE)
    desk = come_in(users.member, DESK, "10.9.0.2")
    shown = page(desk)
    assert "Firefox on a computer (Windows)" in shown
    assert "Chrome on a phone (Android)" in shown
    assert shown.index("This device") < shown.index("Chrome on a phone"), "this one first"
    assert "the internet connection you use now" in shown
    assert "another internet connection" in shown or "the network of this service" in shown
    assert phone.cookies[KEY].value not in shown, "no key of a session leaves the server"


def test_a_session_is_ended_from_another_device(users: Users):
    stolen, own = come_in(users.member, DESK), come_in(users.member, PHONE)
    [row] = others(users.member, own)
    asked = own.post("/account/sessions/end/", {"session": row.pk})
    assert asked["Location"].startswith("/reauthenticate/")
    assert stolen.get("/dashboard/").status_code == 200
    prove(own)
    answer = own.post("/account/sessions/end/", {"session": row.pk})
    assert answer["Location"] == "/account/sessions/"
    assert stolen.get("/dashboard/").status_code == 302
    assert own.get("/dashboard/").status_code == 200
    assert AccessEvent.objects.filter(user=users.member, what="session_ended").count() == 1
    again = own.post("/account/sessions/end/", {"session": row.pk}, follow=True)
    assert "This session is over already." in again.content.decode()


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "१२"])
def test_a_number_that_is_none_ends_nothing(users: Users, number: str):
    client = come_in(users.member)
    prove(client)
    answer = client.post("/account/sessions/end/", {"session": number}, follow=True)
    assert "This session is over already." in answer.content.decode()
    assert client.get("/dashboard/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(users: Users):
    victim, attacker = come_in(users.member), come_in(users.other_member)
    prove(attacker)
    row = UserSession.objects.get(user=users.member)
    strange = attacker.post("/account/sessions/end/", {"session": row.pk}, follow=True)
    none = attacker.post("/account/sessions/end/", {"session": row.pk + 10_000}, follow=True)
    assert "This session is over already." in strange.content.decode()
    assert "This session is over already." in none.content.decode()
    assert victim.get("/dashboard/").status_code == 200


def test_all_others_are_ended_after_the_password_was_asked_again(users: Users):
    one, two, own = (come_in(users.member, agent) for agent in (DESK, PHONE, PHONE))
    asked = own.post("/account/sessions/end-others/")
    assert asked["Location"].startswith("/reauthenticate/")
    assert one.get("/dashboard/").status_code == 200
    told = own.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert "2 other sessions are ended." in told.content.decode()
    assert [client.get("/dashboard/").status_code for client in (one, two, own)] == [302, 302, 200]


def test_a_session_that_is_over_is_not_listed(users: Users):
    come_in(users.member, DESK)
    own = come_in(users.member, PHONE)
    Session.objects.exclude(pk=own.cookies[KEY].value).update(expire_date="2020-01-01T00:00:00Z")
    assert "Firefox" not in page(own)


def test_a_computer_that_others_use_too_gets_a_short_session(users: Users):
    client = come_in(users.member, public_computer="on")
    key = client.cookies[KEY].value
    assert SessionStore(key)["public"] is True
    assert 'data-seconds="300"' in page(client, "/dashboard/")
    seen(key, 5 * 60 + 30)
    assert client.get("/dashboard/").status_code == 200, "within the minute in which a session is saved"
    seen(key, 6 * 60 + 1)
    answer = client.get("/dashboard/")
    assert answer["Location"] == "/login/?next=/dashboard/&ended=1"
    assert "because nothing happened for a while" in client.get(answer["Location"]).content.decode()


def test_it_ends_after_an_hour_whatever_is_done(users: Users):
    client = come_in(users.member, public_computer="on")
    key = client.cookies[KEY].value
    session = SessionStore(key)
    session["since"] = int(time.time()) - 60 * 60 - 1
    session.save()
    assert client.get("/dashboard/").status_code == 302
    assert not Session.objects.filter(pk=key).exists()


def seen(key: str, seconds: int) -> None:
    """Let the session's last request be so long ago."""
    session = SessionStore(key)
    session["seen"] = int(time.time()) - seconds
    session.save()


def test_staying_renews_the_time(users: Users):
    client = come_in(users.member)
    key = client.cookies[KEY].value
    seen(key, 29 * 60)
    answer = client.post("/session/stay/", headers={"Accept": "application/json"})
    assert answer.json()["idle"] == 1800
    assert answer.json()["limit"] <= 12 * 60 * 60
    assert time.time() - SessionStore(key)["seen"] < 20 * 60
    back = client.post("/session/stay/", {"next": "/history/"})
    assert back["Location"] == "/history/", "without script the form goes back to its page"
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        assert client.post("/session/stay/", {"next": evil})["Location"] == "/dashboard/"


def test_a_stranger_is_not_told_why_a_session_is_over(users: Users):
    assert Client().get("/dashboard/")["Location"] == "/login/?next=/dashboard/"


def test_a_new_device_is_told_from_a_known_one(users: Users):
    for agent in (PHONE, PHONE, DESK, DESK):
        come_in(users.member, agent)
    words = list(AccessEvent.objects.filter(user=users.member).order_by("pk").values_list("what", flat=True))
    assert words == ["logged_in", "logged_in", "logged_in_new_device", "logged_in"]
    shown = page(come_in(users.member), "/account/activity/")
    assert "Somebody logged in with your account on a new device." in shown


def test_an_officers_look_is_seen_with_its_reason(users: Users):
    from django.utils import timezone

    from lumbung.accounts.actions import note_access

    note_access(
        "record_read", person=users.member.person, actor=users.officer, place="office",
        reason="Panggilan telepon nomor 7", now=timezone.now(),
    )  # fmt: skip
    shown = page(come_in(users.member), "/account/activity/")
    assert "An officer of the fund" in shown
    assert "Panggilan telepon nomor 7" in shown
    assert "Panggilan" not in page(come_in(users.other_member), "/account/activity/")


def test_the_list_of_events_is_read_a_page_at_a_time(users: Users):
    from django.utils import timezone

    from lumbung.accounts.actions import note_access

    for _ in range(45):
        note_access("username_sent", user=users.member, place="member", now=timezone.now())
    client = come_in(users.member)
    assert page(client, "/account/activity/").count("<tr>") == 21
    assert page(client, "/account/activity/?page=3").count("<tr>") == 46 - 40 + 1
    assert page(client, "/account/activity/?page=99").count("<tr>") == 46 - 40 + 1


def test_activity_is_written_at_most_once_in_five_minutes(users: Users):
    client = come_in(users.member)
    page(client, "/dashboard/")
    before = UserSession.objects.get(user=users.member).last_seen_at
    page(client, "/dashboard/")
    assert UserSession.objects.get(user=users.member).last_seen_at == before
    key = client.cookies[KEY].value
    session = SessionStore(key)
    session["listed"] = int(time.time()) - 301
    session.save()
    page(client, "/dashboard/")
    assert UserSession.objects.get(user=users.member).last_seen_at > before


def test_a_town_is_named_from_the_operators_file(users: Users, tmp_path: object, settings: object):
    from mmdb_writer import MMDBWriter
    from netaddr import IPSet

    writer = MMDBWriter(ip_version=4, database_type="Test-City", languages=["en", "id"])
    writer.insert_network(
        IPSet(["36.80.0.0/16"]),
        {"city": {"names": {"en": "Surabaya"}}, "country": {"iso_code": "ID", "names": {"en": "Indonesia"}}},
    )
    file = tmp_path / "places.mmdb"  # type: ignore[operator]
    writer.to_db_file(str(file))
    settings.LUMBUNG_PLACES = str(file)  # type: ignore[attr-defined]
    come_in(users.member, DESK, "36.80.1.2")
    assert "near Surabaya, Indonesia" in page(come_in(users.member, PHONE, "36.81.0.1"))


def test_who_proves_again_who_he_is_goes_on_under_a_new_key(users: Users):
    client = come_in(users.member)
    before = client.cookies[KEY].value
    client.post("/reauthenticate/", {"password": PASSWORD})
    after = client.cookies[KEY].value
    assert after != before
    assert not Session.objects.filter(pk=before).exists()
    assert UserSession.objects.get(user=users.member).session_key == after
    page(client, "/dashboard/")
    assert client.cookies[KEY].value == after, "once for each proof"


def test_an_operator_ends_the_sessions_of_one_user_or_of_all(users: Users):
    from click.testing import CliRunner

    from lumbung.cli import main

    one, other = come_in(users.member), come_in(users.other_member)
    told = CliRunner().invoke(main, ["user", "end-sessions", "SARI", "--json"])
    assert (told.exit_code, json.loads(told.output)) == (0, {"ended": 1})
    assert [client.get("/dashboard/").status_code for client in (one, other)] == [302, 200]
    assert CliRunner().invoke(main, ["user", "end-sessions", "--everybody"]).exit_code == 0
    assert other.get("/dashboard/").status_code == 302
    unknown = CliRunner().invoke(main, ["user", "end-sessions", "nobody.here"])
    assert unknown.exit_code == 1
    assert "There is no user of this name" in unknown.output
    assert CliRunner().invoke(main, ["user", "end-sessions"]).exit_code == 2
