"""Two runners, a user who breaks off, and contributions that go on while the result is credited."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from credited import at, book, lines_of, number
from django.db import connection, connections
from running import ACCOUNTS, WORDS, chunks_cut, chunks_done, command, finished, fund, outcome, undisturbed

from lumbung.development import actions, bookkeeping, queries
from lumbung.development.models import DevelopmentRun
from lumbung.ledger import actions as books
from lumbung.ledger import queries as ledger
from waiting import wait_until_blocked

pytestmark = pytest.mark.usefixtures("clone")


def test_two_runners_at_once_share_the_work(database: Any) -> None:
    fund()
    expected = undisturbed(database)
    told = [finished(process) for process in [command(*WORDS), command(*WORDS)]]
    assert [run["state"] for run in told] == ["finished"] * 2
    assert outcome() == expected


def test_a_run_that_is_broken_off_by_hand_ends_with_its_chunk_and_goes_on(database: Any) -> None:
    fund()
    many = 10  # accounts in a chunk: hundreds of chunks, so that the run is far from its end when it is broken off
    expected = undisturbed(database, chunk=many)
    process = command(*WORDS, chunk=many)
    while process.poll() is None and chunks_done() < 3:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"Traceback" not in err
    assert 3 <= chunks_done() < chunks_cut()
    finished(command(*WORDS))
    assert outcome() == expected


@contextmanager
def paying() -> Iterator[list[str]]:
    """Somebody who books contributions all the time: late ones, back-dated ones, and those of new members."""
    stop, keys = threading.Event(), list[str]()

    def pay() -> None:
        chance = random.Random(5)
        try:
            while not stop.is_set():
                now = datetime.now(UTC)
                who = [number(chance.randrange(ACCOUNTS * 2)) for _ in range(chance.randint(1, 40))]
                day = chance.choice([date(2025, 1, 9), date(2024, 12, 20), date(2023, 3, 3)])
                key = f"during:{len(keys)}"
                book(key, dict.fromkeys(who, chance.randint(1, 10**6)), day=day, booked=now.date(), now=now)
                keys.append(key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        paid = pool.submit(pay)
        try:
            yield keys
        finally:
            stop.set()
            paid.result()


def wait_for_more(keys: list[str]) -> None:
    """Wait until some more are booked, however busy the machine: two of three are of a year that is credited."""
    enough = len(keys) + 20
    for _ in range(6_000):
        if len(keys) >= enough:
            return
        time.sleep(0.01)
    raise AssertionError("nobody pays any more")


def test_contributions_go_on_during_a_run_and_are_made_good_afterwards() -> None:
    fund()
    with paying() as keys:
        told = finished(command(*WORDS, chunk=400))
        wait_for_more(keys)
        run = DevelopmentRun.objects.get()
        assert (run.state, queries.proof(run).faults) == ("finished", ())
        assert actions.adjust(now=datetime.now(UTC)), "some were booked after their account's working"
    assert len(keys) > 5
    assert told["accounts"] > ACCOUNTS + 50, "those who came during the run have a working"  # type: ignore[operator]
    actions.adjust(now=datetime.now(UTC))
    assert queries.waiting(2024, "5.60") == 0
    for place in range(0, ACCOUNTS * 2, 97):
        basis = bookkeeping.basis(lines_of(number(place)), 2024)
        assert basis.credited == bookkeeping.entitled(basis, "5.60")
    assert ledger.check().faults == ()


def test_a_run_is_proved_though_its_year_of_the_books_is_closed_meanwhile(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof waits for the swap of the months; a state fixed before it would not hold the run's lines."""
    book("old", {number(1): 10_000_000}, day=date(2022, 5, 1), booked=date(2022, 5, 2))
    terms = {"year": 2022, "rate": "5.60", "decree": "Decree 12", "now": at(date(2023, 2, 1))}

    def broken_off(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(actions, "_finish", broken_off)
        with pytest.raises(KeyboardInterrupt):
            actions.credit(**terms)
    book("next", {number(2): 1000}, day=date(2025, 1, 5), booked=date(2025, 1, 6))
    books.seal()
    sessions: list[int] = []

    def go_on() -> actions.Credited:
        try:
            connection.ensure_connection()
            sessions.append(connection.connection.info.backend_pid)
            return actions.credit(**terms)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(database.owner_url) as closing:
            assert closing.execute("SELECT months FROM ledger_close_year(2023)").fetchone() == (1,)
            going_on = pool.submit(go_on)
            wait_until_blocked(database.superuser_url, sessions)
        assert going_on.result(60).summary.run.is_finished
    assert ledger.check().faults == ()
