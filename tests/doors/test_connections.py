"""Kept database connections: one that was ended is noticed, one that stands is not asked each time."""

import gc
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from lumbung.config.postgresql import base


@pytest.fixture
def kept(clone: Any) -> Iterator[Any]:
    """Django's connection as at the beginning of a request, after one that the server was asked in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    begin_request()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    begin_request()
    yield clone
    connection.close()


def begin_request() -> None:
    connection.close_if_unusable_or_obsolete()
    connection.health_check_done = False


def session() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What Django's own question was answered, each time that it was put."""
    found: list[bool] = []
    own = base.base.DatabaseWrapper.is_usable

    def is_usable(wrapper: Any) -> bool:
        found.append(own(wrapper))
        return found[-1]

    monkeypatch.setattr(base.base.DatabaseWrapper, "is_usable", is_usable)
    return found


def test_a_session_that_stands_is_used_again_without_a_question(kept: Any, monkeypatch: pytest.MonkeyPatch):
    found = asked(monkeypatch)
    first = session()
    for _ in range(3):
        begin_request()
        assert session() == first
    assert found == []


def test_it_is_asked_again_after_a_while(kept: Any, monkeypatch: pytest.MonkeyPatch):
    found = asked(monkeypatch)
    monkeypatch.setattr(base, "ASKED_EVERY", 0)
    first = session()
    assert session() == first
    assert found == [True]


def test_a_session_that_the_server_ended_is_replaced(kept: Any, monkeypatch: pytest.MonkeyPatch):
    found = asked(monkeypatch)
    first = session()
    with psycopg.connect(kept.superuser_url, autocommit=True) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    begin_request()
    assert session() != first
    assert found == [False]


def test_a_session_ends_with_the_thread_that_opened_it(kept: Any) -> None:
    opened: list[Any] = []

    def serve() -> None:
        session()
        opened.append(connection.connection)

    thread = threading.Thread(target=serve)
    gc.disable()  # what lies in a cycle may lie there for hours
    try:
        thread.start()
        thread.join()
        assert [driver.closed for driver in opened] == [True]
    finally:
        gc.enable()
    assert connection.connection is not opened[0]
    assert session()
