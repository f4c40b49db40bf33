"""Users are made whole, log in at one door, and are out again when they should be."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bodies import plain
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from door_users import PASSWORD, Users

from lumbung.accounts import actions
from lumbung.accounts.errors import AlreadyHasUser, UsernameTaken
from lumbung.accounts.models import User
from lumbung.config.doors import MEMBER
from lumbung.registry.models import Person

HOMES = {"sari": "/dashboard/", "hrd.contoh": "/employer/", "petugas.uji": "/office/"}
LOG_INS = {"member": "/login/", "employer": "/employer/login/", "officer": "/office/login/"}
Enter = Callable[[User], Client]


def log_in(client: Client, username: str, password: str, door: str = "/login/", **more: str) -> HttpResponse:
    answer: HttpResponse = client.post(door, {"login": username, "password": password, **more})
    return answer


def told(answer: HttpResponse, *changing: str) -> tuple[int, str]:
    """Status and body, without the CSRF token and what the asker typed."""
    return answer.status_code, plain(answer, *changing)


# Making users


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("padi-jagung-26", {"password_too_short"}),
        ("password", {"password_too_short", "password_too_common"}),
        ("petugas.yang.lain", {"password_has_username"}),
    ],
)
def test_a_password_is_refused_with_every_reason(users: Users, password: str, codes: set[str]):
    with pytest.raises(ValidationError) as refusal:
        actions.make_officer("petugas.yang.lain", password)
    assert {error.code for error in refusal.value.error_list} == codes
    assert not User.objects.filter(username="petugas.yang.lain").exists()


@pytest.mark.parametrize(
    "username", ["081200000001", "10000000001", "a", "-abc", "a b c", "budi@x", "a" * 51, "é" * 4]
)
def test_a_username_can_not_be_taken_for_a_number_or_an_address(users: Users, username: str):
    with pytest.raises(ValidationError):
        actions.make_officer(username, PASSWORD)


def test_a_username_is_one_whatever_its_case(users: Users):
    assert actions.make_officer("Petugas.Dua", PASSWORD).username == "petugas.dua"
    with pytest.raises(UsernameTaken):
        actions.make_officer("PETUGAS.dua", PASSWORD)


def test_a_member_has_one_user(users: Users):
    with pytest.raises(AlreadyHasUser):
        actions.make_member_user(Person.objects.get(user=users.member), "sari.lagi", PASSWORD)


def test_passwords_and_secrets_are_kept_as_argon2_hashes(users: Users):
    users.program.user.refresh_from_db()
    assert users.member.password.startswith("argon2$argon2id$")
    assert users.program.user.has_usable_password() is False
    client = users.program.user.client_set.get()
    assert client.secret.startswith("argon2$argon2id$")
    assert users.program.secret not in repr(users.program)


# Logging in


@pytest.mark.parametrize("username", list(HOMES))
def test_each_kind_logs_in_at_its_own_door(users: Users, username: str):
    user = User.objects.get(username=username)
    client = Client()
    answer = log_in(client, username.upper(), PASSWORD, LOG_INS[user.kind])
    assert (answer.status_code, answer["Location"]) == (302, HOMES[username])
    home = client.get(HOMES[username])
    if user.kind == User.Kind.OFFICER:  # who has no second factor yet is sent to set one up
        assert home["Location"] == "/office/account/log-in/"
    else:
        assert home.status_code == 200
    assert client.get(LOG_INS[user.kind])["Location"] == HOMES[username]


@pytest.mark.parametrize("kind", list(LOG_INS))
def test_every_failure_to_log_in_reads_alike_and_costs_one_hash(
    users: Users, kind: str, monkeypatch: pytest.MonkeyPatch
):
    spent: list[str] = []
    for name in ("encode", "verify"):
        original = getattr(Argon2PasswordHasher, name)

        def counted(self: Any, *args: Any, original: Any = original, **more: Any) -> Any:
            spent.append("hash")
            return original(self, *args, **more)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    actions.make_officer("petugas.pergi", PASSWORD)
    User.objects.filter(username="petugas.pergi").update(is_active=False)
    own = next(user for user in users.people if user.kind == kind)
    attempts = [("nobody.here", PASSWORD), (own.username, "a wrong pass phrase"), ("petugas.pergi", PASSWORD)]
    attempts += [(user.username, PASSWORD) for user in users.people if user.kind != kind]
    attempts.append((users.program.user.username, users.program.secret))
    answers = set()
    for username, password in attempts:
        spent.clear()
        client = Client(REMOTE_ADDR=f"10.0.0.{len(answers)}")
        answers.add(told(log_in(client, username, password, LOG_INS[kind]), username))
        assert spent == ["hash"], username
        assert client.get("/dashboard/").status_code == 302
    assert len(answers) == 1


def test_logging_in_elsewhere_after_it_is_refused(users: Users):
    answer = log_in(Client(), "sari", PASSWORD, next="https://evil.example/")
    assert answer["Location"] == "/dashboard/"
    answer = log_in(Client(), "sari", PASSWORD, next="/history/?page=2")
    assert answer["Location"] == "/history/?page=2"


def test_five_wrong_passwords_close_the_name_for_every_address(users: Users):
    for n in range(5):
        log_in(Client(REMOTE_ADDR=f"10.1.0.{n}"), "sari", "a wrong pass phrase")
    closed = log_in(Client(REMOTE_ADDR="10.1.0.9"), "sari", PASSWORD)
    assert closed.status_code == 200
    assert log_in(Client(REMOTE_ADDR="10.1.0.9"), "joko", PASSWORD).status_code == 302


def test_thirty_log_ins_a_minute_from_one_address_are_enough(users: Users):
    answers = [log_in(Client(), "x", "") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


def test_a_log_in_form_of_another_door_or_of_nowhere_is_refused(users: Users):
    client = Client(enforce_csrf_checks=True)
    page = client.get("/employer/login/").content.decode()
    form_token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert form_token
    assert log_in(client, "sari", PASSWORD).status_code == 403
    assert log_in(client, "sari", PASSWORD, csrfmiddlewaretoken=form_token[1]).status_code == 403
    page = client.get("/login/").content.decode()
    form_token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert form_token
    assert log_in(client, "sari", PASSWORD, csrfmiddlewaretoken=form_token[1]).status_code == 302


def test_reauthentication_asks_for_the_password_again(users: Users):
    client = Client()
    log_in(client, "sari", PASSWORD)
    assert client.post("/reauthenticate/", {"password": "a wrong pass phrase"}).status_code == 200
    answer = client.post("/reauthenticate/", {"password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/dashboard/")


# Cookies and sessions


def test_cookies_have_the_name_and_the_path_of_their_door(users: Users):
    for username, home in HOMES.items():
        kind = User.objects.get(username=username).kind
        name = {"officer": "office"}.get(kind, kind)
        client = Client()
        client.get(LOG_INS[kind])
        answer = log_in(client, username, PASSWORD, LOG_INS[kind])
        assert set(answer.cookies) == {f"lumbung_{name}", f"lumbung_{name}_csrf"}
        for cookie in answer.cookies.values():
            assert cookie["httponly"]
            assert cookie["samesite"] == "Lax"
            assert cookie["path"] == ("/" if home == "/dashboard/" else home)
            assert not cookie["domain"]
        assert not answer.cookies[f"lumbung_{name}"]["max-age"], "the browser forgets it when it closes"


def test_a_log_in_changes_the_sessions_key(users: Users):
    client = Client()
    session = SessionStore()
    session["door"] = "member"
    session.create()
    client.cookies["lumbung_member"] = session.session_key
    log_in(client, "sari", PASSWORD)
    assert client.cookies["lumbung_member"].value != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_an_idle_session_ends_after_half_an_hour(users: Users, enter: Enter):
    client = enter(users.member)
    row = Session.objects.get()
    assert timedelta(minutes=29) < row.expire_date - timezone.now() <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    assert client.get("/dashboard/").status_code == 200
    assert Session.objects.get().expire_date - timezone.now() > timedelta(minutes=29), "use renews it"
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/dashboard/").status_code == 302


def test_a_busy_session_ends_after_twelve_hours(users: Users, enter: Enter):
    client = enter(users.member)
    age(client, settings.LUMBUNG_SESSION_LIMIT - 60)
    assert client.get("/dashboard/").status_code == 200
    age(client, settings.LUMBUNG_SESSION_LIMIT + 1)
    assert client.get("/dashboard/").status_code == 302
    assert not Session.objects.exists()


def age(client: Client, seconds: int) -> None:
    key = client.cookies[MEMBER.cookie_names[settings.SESSION_COOKIE_NAME]].value
    session = SessionStore(key)
    session["since"] = int(time.time()) - seconds
    session.save()


def test_a_user_switched_off_is_out_at_once(users: Users, enter: Enter):
    client = enter(users.member)
    User.objects.filter(pk=users.member.pk).update(is_active=False)
    assert client.get("/dashboard/").status_code == 302


def test_logging_out_leaves_nothing(users: Users):
    client = Client()
    log_in(client, "sari", PASSWORD)
    key = client.cookies["lumbung_member"].value
    assert client.get("/logout/").status_code == 200
    assert client.get("/dashboard/").status_code == 200, "a link does not log out"
    answer = client.post("/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/logged-out/?in=id")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.cookies["lumbung_member"]["max-age"] == 0
    assert not Session.objects.filter(pk=key).exists()
    assert client.get("/logged-out/").status_code == 200
    assert "You are logged out" in client.get("/logged-out/?in=en").content.decode(), "in the language left behind"
    assert "keluar" in client.get("/logged-out/?in=xx").content.decode()
    client.cookies["lumbung_member"] = key
    assert client.get("/dashboard/").status_code == 302


# Languages


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "given"),
    [("", "id"), ("de", "id"), ("en-US,en;q=0.9", "en"), ("id,en;q=0.5", "id"), ("de,en;q=0.5", "en")],
)
def test_indonesian_comes_first_and_english_to_who_asks_for_it(asked: str, given: str):
    answer = Client().get("/login/", headers={"Accept-Language": asked} if asked else {})
    assert answer["Content-Language"] == given


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/", "/employer/", "/office/"])
def test_the_language_is_chosen_without_logging_in(door: str):
    client = Client()
    answer = client.post(f"{door}language/", {"language": "en", "next": f"{door}login/"})
    assert (answer.status_code, answer["Location"]) == (302, f"{door}login/")
    assert client.get(f"{door}login/")["Content-Language"] == "en"
    assert client.post(f"{door}language/", {"language": "xx"}).status_code == 302
    evil = client.post(f"{door}language/", {"language": "id", "next": "https://evil.example/"})
    assert "evil" not in evil["Location"]
    assert client.get(f"{door}login/")["Content-Language"] == "id"


def test_what_is_over_is_forgotten_each_night(users: Users, enter: Enter):
    enter(users.member)
    enter(users.officer)
    ours = Session.objects.count()
    assert ours >= 2
    over = Session.objects.order_by("pk").first()
    Session.objects.filter(pk=over.pk).update(expire_date="2020-01-01T00:00:00Z")
    actions.forget_what_is_over(timestamp=0)
    assert Session.objects.count() == ours - 1
    assert not Session.objects.filter(pk=over.pk).exists()
