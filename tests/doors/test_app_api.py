"""A member's app: what it reads is what the pages show, and no rule of the web door is got around by it."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from app_phone import ROOT, App, app_of
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from door_users import PASSWORD, Users
from lives import LAST, Paid, months, pay_in_sets
from test_doors import addresses, token

from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.sessions import actions as sessions
from lumbung.api.v1 import me as schema
from lumbung.api.v1.session import cursor_at
from lumbung.contributions.models import ReturnLine
from lumbung.ledger import queries as books

READ = ("", "/balance", "/history", "/history/months", "/notices")


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def stored(key: str):
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


# What it reads


def test_the_account_is_the_members_own(paid: Users):
    facts = app_of("sari").get().json()
    assert facts == {
        "name": "Sari Uji",
        "username": "sari",
        "member_numbers": [facts["member_numbers"][0]],
        "scopes": ["account", "balance", "history", "card", "statement", "notices"],
    }
    assert facts["member_numbers"][0].endswith("0001")
    assert "10000000001" not in str(facts)


def test_the_balance_is_what_the_books_say(paid: Users):
    facts = app_of("sari").get("/balance").json()
    found = books.balance("10000000001", None)
    schema.Balances.model_validate(facts)
    assert facts["old_age_balance"] == found.old_age_balance == 285_000
    (account,) = facts["accounts"]
    assert account["pension_contributions"] == found.pension_contributions
    assert facts["last_month_paid"] == "2025-10"


def test_each_member_reads_only_his_own(paid: Users):
    sari, joko = app_of("sari"), app_of("joko")
    assert sari.get("/history").json()["months"][0]["wage"] == 5_000_000
    assert joko.get("/history").json()["months"][0]["wage"] == 7_000_000
    assert sari.get("/balance").content != joko.get("/balance").content


def paged(app: App, path: str, name: str, comes: Callable[[], object]) -> list[Any]:
    """All rows of a list, three at a time; something new comes between the first page and the second."""
    seen, cursor = [], ""
    while cursor is not None:
        facts = app.get(f"{path}?limit=3&cursor={cursor}").json()
        if not seen:
            comes()
        seen += facts[name]
        cursor = facts["next_cursor"]
    return seen


@pytest.mark.django_db
def test_the_history_comes_in_pages_that_stay_put_when_a_month_comes_in():
    life = months("tujuh", 7, employers=2)
    (number,), (earlier, _) = life.numbers, life.employers
    app = app_of(life.user.username)
    newer = Paid(earlier, LAST, {number: 6_000_000})
    seen = paged(app, "/history", "months", lambda: pay_in_sets([newer]))
    assert [row["month"] for row in seen] == [str(LAST - step) for step in range(7)], "none twice, none left out"
    assert app.get("/history?limit=1").json()["months"][0]["wage"] == 6_000_000, "and it did come"


def test_the_inbox_stays_put_when_a_message_comes_in(paid: Users):
    now, sari = timezone.now(), paid.member
    for step in range(7):
        inbox.tell(sari, "new_device", now=now - timedelta(minutes=step), at=now, device="")
    app = app_of("sari")
    expected = [row["id"] for row in app.get("/notices?limit=50").json()["notices"]]
    later = now + timedelta(minutes=9)
    news = {"now": later, "at": now, "device": ""}
    seen = paged(app, "/notices", "notices", lambda: inbox.tell(sari, "new_device", **news))
    assert [row["id"] for row in seen] == expected


def test_a_cursor_of_somebody_else_is_none_of_ours(paid: Users):
    theirs = ReturnLine.objects.get(member_number="10000000002").pk
    answer = app_of("sari").get(f"/history?cursor={cursor_at(theirs)}")
    assert answer.status_code == 422


@pytest.mark.parametrize("cursor", ["x", "bTE", "eDE=", "bS0x", "bTEyMzQ1Njc4OTA=", "bQ==", "%00", "a" * 25, "é"])
def test_a_cursor_that_is_not_ours_is_a_problem(users: Users, cursor: str):
    answer = app_of("sari").get(f"/history?cursor={cursor}")
    assert (answer.status_code, answer["Content-Type"]) in {
        (422, "application/problem+json"),
        (400, "application/problem+json"),
    }


@pytest.mark.parametrize("path", [path for path in READ if path != "/notices"])  # both have none
def test_what_did_not_change_is_not_sent_again_and_nobody_on_the_way_keeps_it(paid: Users, path: str):
    app = app_of("sari")
    answer = app.get(path)
    assert answer["Cache-Control"] == "no-store"
    assert "X-Session-Token" in answer["Vary"]
    assert not answer.cookies
    again = app.get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert app_of("joko").get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 200


# How it gets in


def test_a_log_in_is_noted_and_can_be_ended_from_elsewhere(paid: Users):
    app = app_of("sari")
    assert AccessEvent.objects.filter(user=paid.member, place="app").count() == 1
    assert UserSession.objects.filter(user=paid.member, session_key=app.token).exists()
    sessions.end_others(paid.member, None, place="member", now=timezone.now())
    assert app.get().status_code == 401


def test_logging_out_ends_the_session(paid: Users):
    app = app_of("sari")
    assert app.send("delete", "/log-out").status_code == 204
    assert app.get().status_code == 401
    assert app.send("delete", "/log-out").status_code in {204, 401}


@pytest.mark.parametrize("login", ["sari", "SARI", " sari "])
def test_a_name_may_be_spelled_as_at_the_web_door(users: Users, login: str):
    assert App().log_in(login).status_code == 200


def test_all_failures_are_one_answer(users: Users):
    User.objects.filter(pk=users.other_member.pk).update(is_active=False)
    wrong = [
        App().log_in("sari", "wrong"),
        App().log_in("nobody", "wrong"),
        App().log_in("joko"),  # switched off
        App().log_in("hrd.contoh"),  # another door's
        App().log_in("petugas.uji"),
    ]
    assert {answer.status_code for answer in wrong} == {400}
    assert len({answer.content for answer in wrong}) == 1
    assert all(answer["Content-Type"] == "application/problem+json" for answer in wrong)


def test_wrong_passwords_are_counted_together_with_those_of_the_web_door(users: Users):
    for _ in range(3):
        assert App().log_in("sari", "wrong").status_code == 400
    for _ in range(2):
        Client().post("/login/", {"login": "sari", "password": "wrong"})
    closed = App().log_in("sari")
    assert (closed.status_code, closed.json()["code"]) == (400, "too_many_login_attempts")
    assert Client().post("/login/", {"login": "sari", "password": PASSWORD}).status_code == 200  # the form again


def test_who_is_not_confirmed_finishes_on_the_web(users: Users):
    User.objects.filter(pk=users.member.pk).update(is_confirmed=False, registered_at="2026-01-01T00:00Z")
    app = App()
    answer = app.log_in("sari")
    assert (answer.status_code, answer.json()["code"]) == (401, "confirmation_needed")
    assert all(app.get(path).status_code == 401 for path in READ)
    assert App().log_in("sari", "wrong").status_code == 400


def test_who_has_a_second_step_needs_it_and_each_code_works_once(paid: Users):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(paid.member, secret)
    app = App()
    answer = app.log_in("sari")
    assert (answer.status_code, answer.json()["code"]) == (401, "second_step_needed")
    half = app.token
    assert half
    assert all(app.get(path).status_code == 401 for path in READ)
    wrong = app.post("/log-in/second-step", {"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "incorrect_code")
    code = totp.format_hotp_value(totp.hotp_value(secret, list(totp.yield_hotp_counters_from_time())[1]))
    assert app.post("/log-in/second-step", {"code": code}).status_code == 200
    assert app.token != half
    assert app.get("/balance").status_code == 200
    again = App()
    again.log_in("sari")
    assert again.post("/log-in/second-step", {"code": code}).status_code == 400
    assert again.get().status_code == 401
    assert App(half).get().status_code == 401


def test_a_second_step_alone_is_nothing(users: Users):
    assert App().post("/log-in/second-step", {"code": "123456"}).status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100000, b'{"login": "sa\\u0000ri"}', b"{}"]
)
@pytest.mark.parametrize("path", ["/log-in", "/log-in/second-step"])
def test_what_is_no_log_in_is_a_problem(users: Users, body: bytes, path: str):
    answer = Client().post(f"{ROOT}{path}", body, content_type="application/json")
    assert answer.status_code in {400, 401}
    assert answer["Content-Type"] == "application/problem+json"


def test_tries_of_one_address_have_an_end(users: Users):
    client = Client(REMOTE_ADDR="10.8.8.8")
    codes = [App(client=client).log_in(f"nobody{number}", "x").status_code for number in range(31)]
    assert codes[-1] in {400, 429}
    assert 429 in codes or "too_many_login_attempts" in App(client=client).log_in("x", "x").json()["code"]


def test_who_is_refused_for_asking_too_often_hears_when_to_come_again(users: Users, settings: LazySettings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    client = Client(REMOTE_ADDR="10.8.8.7")
    answers = [App(client=client).log_in("nobody", "x") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 429]
    assert answers[1].json()["code"] == "too_many_requests"
    assert 0 < int(answers[1]["Retry-After"]) <= 60


# Where it ends


def test_a_browsers_session_is_nothing_here_and_an_apps_nothing_there(paid: Users, enter):
    app = app_of("sari")
    key = enter(paid.member).cookies["lumbung_member"].value
    assert stored(key)["door"] == "member"
    assert App(key).get().status_code == 401
    browser = Client()
    for name in ("lumbung_member", "sessionid"):
        browser.cookies[name] = app.token
    assert browser.get("/dashboard/").status_code == 302
    bearer = Client().get(f"{ROOT}/balance", headers={"Authorization": f"Bearer {app.token}"})
    assert bearer.status_code == 401
    assert Client().get("/api/v1/token", headers={"X-Session-Token": app.token}).status_code == 401
    assert Client().get(f"{ROOT}/balance", headers={"Authorization": f"Bearer {token(paid)}"}).status_code == 401


@pytest.mark.parametrize(
    ("name", "ago"),
    [("seen", settings.SESSION_COOKIE_AGE + 61), ("since", settings.LUMBUNG_SESSION_LIMIT + 1)],
)
def test_a_session_ends_by_its_time(paid: Users, name: str, ago: int):
    app = app_of("sari")
    assert app.get().status_code == 200
    session = stored(app.token)
    assert {"seen", "since"} <= set(session.keys())
    session[name] = int(time.time()) - ago
    session.save()
    assert app.get().status_code == 401
    assert stored(app.token).get("door") is None


def test_a_new_password_ends_it(paid: Users):
    app = app_of("sari")
    paid.member.set_password("kopi-teh-susu-jahe-2026")
    User.objects.filter(pk=paid.member.pk).update(password=paid.member.password)
    assert app.get().status_code == 401


def test_no_token_a_wrong_one_and_no_such_path_are_one_answer(users: Users):
    answers = [
        App(given).get(path)
        for given in ("", "x", "a" * 32, "../..", "a\tb")
        for path in (*READ, "/nothing", "/card/1")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "log_in_needed"


def test_nothing_is_offered_that_changes_what_lets_in_or_where_money_goes():
    """So no proof and no cooling-off is got around: card, statement and what was read is all that is written."""
    there = set(addresses(get_resolver("lumbung.config.urls.app").url_patterns))
    reading = (*READ, "/card", "/card/pdf", "/card/png", "/notices/1")
    writing = ("/card", "/statement", "/notices/read", "/notices/1/read")
    log_in = ("/log-in", "/log-in/second-step", "/log-out")
    assert there == {f"{ROOT}{path}" for path in (*reading, *writing, *log_in)}


def test_its_sentences_come_in_the_language_asked_for(users: Users):
    wrong = {"login": "sari", "password": "x"}
    said = {
        language: Client()
        .post(f"{ROOT}/log-in", wrong, content_type="application/json", headers={"Accept-Language": language})
        .json()["detail"]
        for language in ("id", "en")
    }
    assert said["en"].startswith("This log-in name or the password is wrong.")
    assert said["id"] != said["en"]
