"""A session may do what its app asked for and no more; while an account only shows, nothing changes."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from app_phone import ROOT, App, app_of
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from door_users import PASSWORD, Users
from test_app_api import stored
from test_doors import addresses
from test_read_only import everything_kept

from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import AccessEvent, ReadOnly
from lumbung.api.app.read_only import STILL_DONE
from lumbung.api.app.scopes import SCOPES

PERIOD = {"last": "2025-11-30"}
# Each address that a scope opens: what is asked, with which body, and the scope.
NEEDS = {
    ("get", ""): "account",
    ("get", "/balance"): "balance",
    ("get", "/history"): "history",
    ("get", "/history/months"): "history",
    ("get", "/card"): "card",
    ("post", "/card"): "card",
    ("get", "/card/pdf"): "card",
    ("get", "/card/png"): "card",
    ("post", "/statement"): "statement",
    ("get", "/notices"): "notices",
    ("get", "/notices/1"): "notices",
    ("post", "/notices/1/read"): "notices",
    ("post", "/notices/read"): "notices",
}
LOG_IN = {f"{ROOT}{path}" for path in ("/log-in", "/log-in/second-step", "/log-out")}


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> None:
    cache.clear()


def with_scopes(*scopes: str) -> App:
    app = App()
    answer = app.post("/log-in", {"login": "sari", "password": PASSWORD, "scopes": list(scopes)})
    assert answer.status_code == 200, answer.content
    return app


def ask(app: App, method: str, path: str):
    return app.send(method, path, PERIOD if path == "/statement" else None)


def test_every_address_has_its_scope_in_this_table_and_in_the_description():
    there = set(addresses(get_resolver("lumbung.config.urls.app").url_patterns))
    assert there == {f"{ROOT}{path}" for _, path in NEEDS} | LOG_IN
    described = Client().get("/api/v1/openapi.json").json()
    found = {
        (method, path.removeprefix(ROOT).replace("{notice_id}", "1")): operation["security"]
        for path, operations in described["paths"].items()
        if path.startswith(ROOT) and path not in LOG_IN
        for method, operation in operations.items()
    }
    assert found == {asked: [{"MemberSession": [scope]}] for asked, scope in NEEDS.items()}
    words = described["components"]["securitySchemes"]["MemberSession"]["description"]
    assert all(f"`{scope}`" in words for scope in SCOPES)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_session_with_one_scope_opens_what_needs_it_and_nothing_else(paid: Users, scope: str):
    app = with_scopes(scope)
    before = everything_kept()
    for (method, path), needed in NEEDS.items():
        if needed == scope:
            continue
        answer = ask(app, method, path)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_needed"), path
        assert answer["Content-Type"] == "application/problem+json"
        assert needed in answer.json()["detail"]
    assert everything_kept() == before
    for (method, path), needed in NEEDS.items():
        if needed == scope:
            assert ask(app, method, path).status_code != 403, path


def test_who_asks_for_none_by_name_gets_all(paid: Users):
    assert app_of("sari").get().json()["scopes"] == list(SCOPES)
    both = with_scopes("notices", "account", "account")
    assert both.get().json()["scopes"] == ["account", "notices"]


@pytest.mark.parametrize(
    "scopes", [[], ["admin"], ["account", "admin"], "account", {"account": 1}, 7, False, [None]]
)
def test_scopes_that_are_none_of_ours_are_refused_and_not_repeated(users: Users, scopes: object):
    before = AccessEvent.objects.count()
    answer = App().post("/log-in", {"login": "sari", "password": PASSWORD, "scopes": scopes})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [each["where"] for each in answer.json()["errors"]] == [["body", "scopes"]]
    assert "admin" not in answer.content.decode()
    assert AccessEvent.objects.count() == before


def test_scopes_outlast_the_second_step(paid: Users):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(paid.member, secret)
    app = App()
    assert app.post("/log-in", {"login": "sari", "password": PASSWORD, "scopes": ["account"]}).status_code == 401
    code = totp.format_hotp_value(totp.hotp_value(secret, list(totp.yield_hotp_counters_from_time())[1]))
    again = {"code": code, "scopes": ["balance"]}
    assert app.post("/log-in/second-step", again).status_code == 200, "what was asked for first counts"
    assert app.get().json()["scopes"] == ["account"]
    assert app.get("/balance").status_code == 403


def test_a_session_in_which_no_scope_stands_may_nothing(paid: Users):
    app = app_of("sari")
    session = stored(app.token)
    del session["scopes"]
    session.save()
    assert {ask(app, *asked).status_code for asked in NEEDS} == {403}


def test_while_the_account_only_shows_nothing_that_is_sent_changes_anything(paid: Users):
    app, now = app_of("sari"), timezone.now()
    message = inbox.tell(paid.member, "account_made", now=now, at=now)
    assert message is not None
    until = now + timedelta(days=6)
    time = ReadOnly.objects.create(user=paid.member, cause="recovered", since=now, until=until)
    before = everything_kept()
    for asked in ("/notices/read", f"/notices/{message.pk}/read"):
        answer = app.send("post", asked)
        assert (answer.status_code, answer.json()["code"]) == (403, "only_shows")
    still = {f"/{route}" for route in STILL_DONE}
    assert still == {f"{ROOT}/card", f"{ROOT}/statement"}, "whoever opens one more says so here"
    for path in addresses(get_resolver("lumbung.config.urls.app").url_patterns):
        for method in ("post", "put", "patch", "delete"):
            if path not in still | LOG_IN:
                assert app.send(method, path.removeprefix(ROOT), PERIOD).status_code in {403, 405}, path
    assert everything_kept() == before
    for path in ("", "/balance", "/history", "/history/months", "/notices"):
        assert app.get(path).status_code == 200
    assert app.send("delete", "/log-out").status_code == 204, "leaving stays possible"
    ReadOnly.objects.filter(pk=time.pk).update(lifted_at=now)
    assert app_of("sari").send("post", "/notices/read").json() == {"unread": 0}
