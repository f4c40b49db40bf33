"""What holds a browser in its borders: headers, tokens of forms, redirects, and looking that changes nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import Client
from door_users import PASSWORD, Users
from letterbox import Clock
from proofs import proven
from published import VERSION
from test_doors import CLOSED, EVERYTHING, PUBLIC
from test_read_only import everything_kept

from lumbung.accounts.models import User
from lumbung.config.doors import DOORS, Door, door_of

Enter = Callable[[User], Client]
ROOMS = [door for door in DOORS if door.has_sessions]
ANSWERS = {
    "/": 200, "/login/": 200, "/employer/login/": 200, "/office/login/": 200, "/dashboard/": 302,
    f"/forms/perubahan-data/{VERSION}/": 200, "/forms/perubahan-data/": 302, "/nothing/here/": 404,
    "/office/nothing/": 404, "/api/v1/token": 401, "/api/token": 405, "/sms/inbound": 405, "/language/": 405,
    "/static/portal/lumbung.css": 200, "/static/portal/nothing.css": 404, "/login/?a=%00": 400,
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> None:
    cache.clear()


def user_of(users: Users, door: Door) -> User:
    return next(user for user in users.people if user.kind == door.kind)


@pytest.mark.parametrize("path", list(ANSWERS))
def test_every_answer_of_every_door_has_the_borders(published: None, path: str):
    answer = Client().get(path, headers={"Origin": "https://evil.example"})
    answer.close()
    assert answer.status_code == ANSWERS[path]
    policy = answer["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for closed in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert rules[closed] == "'none'"
    assert set(rules.values()) == {"'none'", "'self'"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    if not path.startswith("/static/"):
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


CALCULATORS = ("contribution", "own-work", "old-age", "pension")
# What anybody may ask, with the same answer: they change nothing, and a stranger gets no cookie with the form. And
# what the address in a mail says, whoever has it: a mail program sends it with nothing else.
NEED_NO_TOKEN = {
    **dict.fromkeys(("/verify/", *(f"/law/{page}/" for page in CALCULATORS)), frozenset({200, 400})),
    "/stop-mail/abc/": {404},
}


@pytest.mark.parametrize("door", ROOMS, ids=lambda door: door.name)
def test_nothing_is_taken_without_the_doors_own_token(users: Users, enter: Enter, door: Door):
    """Logged in or not: what comes without the token is refused before anything looks at it."""
    for client in (proven(enter(user_of(users, door)), door), Client()):
        client.handler.enforce_csrf_checks = True
        for path in [path for path in EVERYTHING if door_of(path) == door]:
            answer = client.post(path, {"password": PASSWORD})
            expected = {302} if path == f"{door.prefix}language/" else NEED_NO_TOKEN.get(path, {403})
            assert answer.status_code in expected, path


@pytest.mark.parametrize("door", ROOMS, ids=lambda door: door.name)
def test_looking_changes_nothing(users: Users, published: None, enter: Enter, door: Door):
    clients = [proven(enter(user_of(users, door)), door), Client()]
    before = everything_kept()
    for client in clients:
        for path in [path for path in EVERYTHING if door_of(path) == door]:
            assert client.get(path).status_code < 500, path
            assert client.head(path).status_code < 500, path
    assert everything_kept() == before


EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_sent_to_another_site(users: Users, enter: Enter, target: str):
    client = enter(users.member)
    fresh = Client()
    answers = [
        fresh.post("/login/", {"login": "sari", "password": PASSWORD, "next": target}),
        client.get("/login/", {"next": target}),
        client.post("/reauthenticate/", {"password": PASSWORD, "next": target}),
        client.post("/session/stay/", {"next": target}),
        client.post("/language/", {"language": "en", "next": target}),
        Client().post("/language/", {"language": "en", "next": target}),
        client.post("/logout/", {"next": target}),
        Client().get("/register/", {"next": target}),
    ]
    for answer in answers:
        place = urlsplit(answer.get("Location", "/"))
        assert (place.scheme, place.netloc) in {("", ""), ("http", "testserver")}, answer["Location"]
        assert place.path.startswith("/")
        assert not re.match(r"[/\\]{2}", place.path)
        assert "evil" not in place.path


def test_a_long_password_lets_in_and_none_grows_old(users: Users, enter: Enter, clock: Clock):
    long = "tujuh bebek berenang pelan di sungai sambil menghitung awan putih yang lewat di atas desa"
    assert 64 <= len(long) <= 128
    client = proven(enter(users.member), door_of("/"))
    assert client.post("/account/password/", {"password": long})["Location"] == "/account/log-in/"
    clock(timedelta(days=5 * 365))
    fresh = Client()
    assert fresh.post("/login/", {"login": "sari", "password": long})["Location"] == "/dashboard/"
    assert fresh.get("/dashboard/").status_code == 200


def test_a_new_installation_has_no_user(db: None):
    assert not User.objects.exists()


def test_a_sessions_key_has_more_than_128_bits():
    store = SessionStore()
    keys = {store._get_new_session_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"[0-9a-z]{32}", key) for key in keys)
    assert 36**32 > 2**128


@pytest.mark.parametrize("door", ROOMS, ids=lambda door: door.name)
def test_every_page_behind_the_log_in_offers_log_out(users: Users, enter: Enter, door: Door):
    client = proven(enter(user_of(users, door)), door)
    pages = [path for path in {**CLOSED, **PUBLIC} if door_of(path) == door]
    seen = 0
    for path in pages:
        answer = client.get(path)
        # The page for when there is no line is kept by the worker, so it is a stranger's whoever asks.
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and path != "/offline/id/":
            seen += 1
            assert f'action="{door.prefix}logout/"' in answer.content.decode(), path
    assert seen > 8
