"""A forgotten password and a forgotten user name, at every door: only messages tell who is known, no page does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from door_users import PASSWORD, Users
from letterbox import (
    EMAIL,
    NEW_PASSWORD,
    OTHER_EMAIL,
    OTHER_PHONE,
    PHONE,
    Clock,
    code_in,
    give_contacts,
    mails,
    other_than,
    session_of,
    texts,
    told,
)

from lumbung.accounts.actions import set_phone
from lumbung.accounts.models import AccessEvent, User

DOORS = {"member": "/", "employer": "/employer/", "officer": "/office/"}
Enter = Callable[[User], Client]


def ask(client: Client, login: str, channel: str = "phone", door: str = "/") -> None:
    answer = client.post(f"{door}password/reset/", {"login": login, "channel": channel})
    assert (answer.status_code, answer["Location"]) == (302, f"{door}password/reset/code/")


def give(client: Client, code: str, door: str = "/") -> str:
    """Type the code; where it leads, or "" when the page says it is wrong."""
    return str(client.post(f"{door}password/reset/code/", {"code": code}).get("Location", ""))


def choose(client: Client, password: str = NEW_PASSWORD, door: str = "/") -> str:
    answer = client.post(f"{door}password/reset/new/", {"password": password})
    return str(answer.get("Location", ""))


def can_log_in(username: str, password: str, door: str = "/") -> bool:
    return Client().post(f"{door}login/", {"login": username, "password": password}).status_code == 302


def event_words(user: User) -> list[str]:
    return list(AccessEvent.objects.filter(user=user).order_by("pk").values_list("what", flat=True))


# The way through


@pytest.mark.parametrize("kind", list(DOORS))
@pytest.mark.parametrize(
    ("login", "channel"),
    [("username", "phone"), ("0812-0000 0101", "phone"), ("SARI@contoh.test", "email"), ("username", "email")],
)
def test_a_code_by_the_chosen_channel_and_a_new_password(users: Users, kind: str, login: str, channel: str):
    user, door = next(user for user in users.people if user.kind == kind), DOORS[kind]
    give_contacts(user)
    client = Client()
    ask(client, user.username.upper() if login == "username" else login, channel, door)
    come = texts() if channel == "phone" else mails()
    assert (len(texts()), len(mails())) == ((1, 0) if channel == "phone" else (0, 1))
    assert give(client, f" {code_in(come[0])[:3]} {code_in(come[0])[3:]} ", door) == f"{door}password/reset/new/"
    assert user.username in client.get(f"{door}password/reset/new/").content.decode()
    assert choose(client, door=door) == f"{door}password/reset/done/"
    assert can_log_in(user.username, NEW_PASSWORD, door)
    assert not can_log_in(user.username, PASSWORD, door)
    # Both channels are told, and the log has its line.
    assert "set anew" in texts()[-1] or "dibuat baru" in texts()[-1]
    assert code_in(come[0]) not in texts()[-1]
    assert len(mails()[-1].split("http")) == 1, "no link"
    assert "password_reset" in event_words(user)


def test_every_other_session_ends_and_the_one_that_reset_is_not_logged_in(users: Users, enter: Enter):
    give_contacts(users.member)
    elsewhere, client = enter(users.member), Client()
    assert elsewhere.get("/dashboard/").status_code == 200
    ask(client, "sari")
    give(client, code_in(texts()[0]))
    choose(client)
    assert elsewhere.get("/dashboard/").status_code == 302
    assert client.get("/dashboard/").status_code == 302


@pytest.mark.parametrize("kind", ["member", "officer"])
def test_the_second_factor_is_still_asked(users: Users, kind: str):
    user, door = next(user for user in users.people if user.kind == kind), DOORS[kind]
    give_contacts(user)
    TOTP.activate(user, generate_totp_secret())
    client = Client()
    ask(client, user.username, door=door)
    give(client, code_in(texts()[0]), door)
    choose(client, door=door)
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    client.raise_request_exception = False
    client.post(f"{door}login/", {"login": user.username, "password": NEW_PASSWORD})
    home = {"member": "/dashboard/", "officer": "/office/"}[kind]
    assert client.get(home).status_code == 302, "a password alone opens nothing"


def test_wrong_passwords_before_do_not_shut_out_the_new_one(users: Users):
    give_contacts(users.member)
    for step in range(5):
        Client(REMOTE_ADDR=f"10.7.0.{step}").post("/login/", {"login": "sari", "password": "not this one, no"})
    client = Client()
    ask(client, "sari")
    give(client, code_in(texts()[-1]))
    choose(client)
    assert can_log_in("sari", NEW_PASSWORD)


def test_a_bad_password_is_refused_with_the_reason_and_the_code_still_counts(users: Users):
    give_contacts(users.member)
    client = Client()
    ask(client, "sari")
    give(client, code_in(texts()[0]))
    assert choose(client, "short") == ""
    assert choose(client) == "/password/reset/done/"


# Nobody learns who is known


UNKNOWN = [
    "sari",
    "nobody.here",
    "0812 0000 0101",
    "0812 0000 9999",
    "sari@contoh.test",
    "x@contoh.test",
    "joko",
    "%",
]


@pytest.mark.parametrize("channel", ["phone", "email"])
def test_all_pages_are_the_same_whoever_it_is(users: Users, channel: str):
    """Sari has a phone and an address, Joko neither, the others don't exist; the officer is at another door."""
    give_contacts(users.member)
    seen = set()
    for step, login in enumerate([*UNKNOWN, users.officer.username, users.employer.username]):
        client = Client(REMOTE_ADDR=f"10.8.0.{step}")
        asked = client.post("/password/reset/", {"login": login, "channel": channel})
        page = client.get("/password/reset/code/")
        wrong = client.post("/password/reset/code/", {"code": "000000"})
        again = client.post("/password/reset/code/", {"again": "email"})
        after = client.get("/password/reset/code/")
        seen.add(tuple(told(answer, login) for answer in (asked, page, wrong, again, after)))
    assert len(seen) == 1
    sent = (len(texts()), len(mails()))
    assert sent == ((3, 3) if channel == "phone" else (0, 6)), "Sari was asked for by three names, twice each"


def test_asking_does_the_same_work_whoever_it_is(users: Users):
    give_contacts(users.member)
    counts = set()
    for step, login in enumerate(["sari", "nobody.here", "joko", "0812 0000 9999"]):
        client = Client(REMOTE_ADDR=f"10.9.0.{step}")
        client.get("/password/reset/")
        with CaptureQueriesContext(connection) as done:
            ask(client, login)
        counts.add(tuple(query["sql"].split(" ")[0] for query in done))
    assert len(counts) == 1


def test_a_user_name_is_sent_to_a_confirmed_contact_and_the_page_says_nothing(users: Users):
    give_contacts(users.member)
    set_phone(users.other_member, OTHER_PHONE, verified_at=None)
    seen = set()
    typed = ["081200000101", "Sari@Contoh.Test", "0812 0000 0202", "0812 0000 9999", "x@contoh.test", "sari", "?"]
    for step, contact in enumerate(typed):
        client = Client(REMOTE_ADDR=f"10.10.0.{step}")
        answer = client.post("/username/forgotten/", {"contact": contact})
        seen.add((told(answer), told(client.get(answer["Location"]))))
    assert len(seen) == 1
    assert len(texts()) == len(mails()) == 1
    assert "sari" in texts()[0]
    assert "sari" in mails()[0].split("sari@")[0]
    assert texts(OTHER_PHONE) == [], "an unconfirmed phone gets nothing"
    assert event_words(users.member) == ["username_sent", "username_sent"]


def test_user_names_of_each_door_are_asked_at_that_door(users: Users):
    give_contacts(users.officer)
    Client().post("/username/forgotten/", {"contact": EMAIL})
    assert mails() == []
    Client().post("/office/username/forgotten/", {"contact": EMAIL})
    assert users.officer.username in mails()[0]


def test_closed_and_unconfirmed_accounts_get_nothing(users: Users):
    give_contacts(users.member)
    give_contacts(users.other_member, phone=OTHER_PHONE, email=OTHER_EMAIL)
    User.objects.filter(pk=users.member.pk).update(is_active=False)
    User.objects.filter(pk=users.other_member.pk).update(is_confirmed=False, registered_at="2026-01-01T00:00Z")
    for login in ("sari", "joko"):
        ask(Client(), login)
        ask(Client(), login, "email")
    Client().post("/username/forgotten/", {"contact": PHONE})
    assert texts() + mails() + texts(OTHER_PHONE) + mails(OTHER_EMAIL) == []


# Wrong, used, late, replayed


def test_three_wrong_codes_end_it_even_for_the_right_one(users: Users):
    give_contacts(users.member)
    client = Client()
    ask(client, "sari")
    code = code_in(texts()[0])
    assert give(client, other_than(code)) == give(client, "") == give(client, other_than(code)) == ""
    assert give(client, other_than(code)) == "/password/reset/"
    assert give(client, code) == "/password/reset/"
    assert can_log_in("sari", PASSWORD)


def test_many_at_once_have_three_tries_together(users: Users):
    """The session alone would count wrong: each of many requests at once reads it as it was before."""
    give_contacts(users.member)
    client = Client()
    ask(client, "sari")
    code, kept = code_in(texts()[0]), session_of(client)["password_reset"]
    for _ in range(3):
        give(client, other_than(code))
        session = session_of(client)
        session["password_reset"] = kept
        session.save()
    assert give(client, code) == "/password/reset/"


def test_the_third_try_may_be_the_right_one(users: Users):
    give_contacts(users.member)
    client = Client()
    ask(client, "sari")
    code = code_in(texts()[0])
    give(client, other_than(code))
    give(client, other_than(code))
    assert give(client, code) == "/password/reset/new/"


def test_a_code_is_good_for_ten_minutes(users: Users, clock: Clock):
    give_contacts(users.member)
    client = Client()
    ask(client, "sari")
    code = code_in(texts()[0])
    clock(timedelta(minutes=9, seconds=59))
    assert give(client, code) == "/password/reset/new/"
    clock(timedelta(minutes=10, seconds=1))
    assert choose(client) == "/password/reset/"
    ask(client, "sari")
    late = code_in(texts()[-1])
    clock(timedelta(minutes=10, seconds=1))
    assert give(client, late) == "/password/reset/"
    assert can_log_in("sari", PASSWORD)


def test_a_code_that_the_queue_brings_too_late_is_not_sent(users: Users, clock: Clock):
    give_contacts(users.member)
    ask(Client(), "sari")
    clock(timedelta(minutes=11))
    assert texts() == []


def test_a_code_is_of_use_once_and_in_its_session_only(users: Users):
    give_contacts(users.member)
    client, thief = Client(), Client(REMOTE_ADDR="10.11.0.1")
    ask(client, "sari")
    code = code_in(texts()[0])
    assert give(thief, code) == "/password/reset/"
    ask(thief, "sari")
    assert give(thief, code) == "", "another one's code"
    assert choose(thief) == "/password/reset/", "no password before the code"
    give(client, code)
    choose(client)
    assert give(client, code) == choose(client) == "/password/reset/"


def test_a_new_code_ends_the_one_before_and_may_take_the_other_channel(users: Users):
    give_contacts(users.member)
    client = Client()
    ask(client, "sari")
    first = code_in(texts()[0])
    assert client.post("/password/reset/code/", {"again": "email"})["Location"] == "/password/reset/code/"
    second = code_in(mails()[0])
    assert give(client, first) == ""
    assert give(client, second) == "/password/reset/new/"


def test_codes_of_other_sessions_end_when_the_password_is_set(users: Users):
    give_contacts(users.member)
    client, other = Client(), Client(REMOTE_ADDR="10.12.0.1")
    ask(other, "sari")
    give(other, code_in(texts()[-1]))
    ask(client, "sari")
    give(client, code_in(texts()[-1]))
    assert choose(client) == "/password/reset/done/"
    assert choose(other, "another-long-one-entirely") == "/password/reset/"


def test_limits(users: Users):
    give_contacts(users.member)
    for step in range(5):
        ask(Client(REMOTE_ADDR=f"10.13.0.{step}"), "sari")
    for login in ("sari", " SARI "):
        refused = Client(REMOTE_ADDR="10.13.0.9").post("/password/reset/", {"login": login, "channel": "phone"})
        assert refused.status_code == 429
    for login in ("0812 0000 0101", "+62 812 0000 0101", EMAIL):
        ask(Client(REMOTE_ADDR="10.13.0.10"), login)
    assert len(texts()) == 6, "no phone is flooded, whatever name is typed"
    for _ in range(3):
        Client(REMOTE_ADDR="10.13.0.11").post("/username/forgotten/", {"contact": PHONE})
    assert Client(REMOTE_ADDR="10.13.0.12").post("/username/forgotten/", {"contact": PHONE}).status_code == 429


def test_what_waits_in_queue_and_session_shows_no_personal_value(users: Users):
    give_contacts(users.member)
    client = Client()
    ask(client, "0812 0000 0101")
    client.post("/username/forgotten/", {"contact": EMAIL})
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs")
        (args,) = cursor.fetchone()
    kept = str(session_of(client)["password_reset"])
    for value in ("0812", "81200000101", "sari", code_in(texts()[0])):
        assert value not in args
        assert value not in kept


def test_the_ways_back_are_linked_at_every_door(users: Users):
    for door in DOORS.values():
        page = Client().get(f"{door}recover/").content.decode()
        assert f'href="{door}password/reset/"' in page
        assert f'href="{door}username/forgotten/"' in page
        assert ("/recover/both/" in page) == (door == "/")
