"""A member's app reads the inbox as the page shows it, page by page, and notes what was read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from app_phone import App, app_of
from django.core.cache import cache
from django.test import Client
from door_users import Users

from lumbung.accounts.inbox import actions
from lumbung.accounts.models import Message, User
from lumbung.api.v1 import notices as schema

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_limits_left_over(db: None) -> None:
    cache.clear()


@pytest.fixture
def app(users: Users) -> App:
    """Sari's, whose inbox holds five messages, and Joko's one."""
    for step in range(5):
        when = NOW + timedelta(minutes=step)
        actions.tell(users.member, "password_reset", now=when, at=when)
    actions.tell(users.other_member, "password_reset", now=NOW, at=NOW)
    return app_of("sari")


def test_the_inbox_comes_page_by_page_with_what_is_new(app: App):
    seen, cursor = [], ""
    while cursor is not None:
        facts = app.get(f"/notices?limit=2&cursor={cursor}").json()
        schema.Notices.model_validate(facts)
        assert facts["unread"] == 5
        seen += facts["notices"]
        cursor = facts["next_cursor"]
    assert len(seen) == len({each["id"] for each in seen}) == 5
    assert [each["made_at"] for each in seen] == sorted((each["made_at"] for each in seen), reverse=True)
    assert all(each["is_new"] for each in seen)


def test_a_message_says_what_the_page_says_in_either_language(
    app: App, users: Users, enter: Callable[[User], Client]
):
    newest = app.get("/notices?limit=1").json()["notices"][0]
    told = {}
    for language in ("id", "en"):
        headers = {"Accept-Language": language}
        told[language] = app.get(f"/notices/{newest['id']}", headers=headers).json()
        page = unescape(enter(users.member).get(f"/inbox/{newest['id']}/", headers=headers).content.decode())
        assert told[language]["title"] in page
        assert told[language]["text"] in page
    assert told["id"]["title"] != told["en"]["title"]


def test_looking_reads_nothing_and_saying_so_does_once(app: App, users: Users):
    first = app.get("/notices").json()["notices"][0]["id"]
    app.get(f"/notices/{first}")
    assert Message.objects.filter(user=users.member, read_at__isnull=False).count() == 0
    for _ in range(2):
        assert app.send("post", f"/notices/{first}/read").json() == {"unread": 4}
    assert app.get(f"/notices/{first}").json()["is_new"] is False
    assert app.get("/notices").json()["unread"] == 4
    assert app.send("post", "/notices/read").json() == {"unread": 0}
    users.member.refresh_from_db()
    assert users.member.unread == 0
    assert Message.objects.filter(user=users.other_member, read_at__isnull=True).count() == 1


def test_what_did_not_change_is_not_sent_again(app: App):
    for path in ("/notices", f"/notices/{app.get('/notices').json()['notices'][0]['id']}"):
        answer = app.get(path)
        assert (answer["Cache-Control"], answer.status_code) == ("no-store", 200)
        assert app.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    app.send("post", "/notices/read")
    assert app.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_a_message_of_somebody_else_is_not_there(app: App, users: Users):
    theirs = users.other_member.messages.get().pk
    answers = [
        app.send(method, f"/notices/{pk}{more}")
        for pk in (theirs, 900_000_001, 2**64, 0)
        for method, more in (("get", ""), ("post", "/read"))
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert users.other_member.messages.get().read_at is None


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=bTE", "limit=0", "limit=61", "limit=x", "cursor=" + "a" * 25]
)
def test_a_page_that_is_none_is_a_problem(app: App, query: str):
    answer = app.get(f"/notices?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
