"""kill -9 at random points, run again: the same books, line by line, as of a run that nobody disturbed."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from books import at, book, books, lines_of, number
from django.db import connections

from lumbung.cli.roles import grant_database
from lumbung.development import actions, bookkeeping, queries
from lumbung.development.models import DevelopmentChunk, DevelopmentRun, DevelopmentWorking
from lumbung.ledger import queries as ledger

ACCOUNTS, CHUNK = 4_000, 150
WORDS = ["development", "credit", "--year", "2024", "--rate", "5.60", "--decree", "Decree 12", "--json"]
pytestmark = pytest.mark.usefixtures("clone")


def fund(accounts: int = ACCOUNTS) -> None:
    """The same accounts and lines each time: an opening, a few months, some withdrawals, some late money."""
    chance = random.Random(20240229)
    numbers = [number(place) for place in range(accounts)]
    book("opening", {n: chance.randint(1, 20_000_000) for n in numbers[::2]}, day=date(2023, 6, 1),
         booked=date(2023, 6, 2))  # fmt: skip
    for month in range(1, 13, 3):
        shares = {n: chance.randint(1, 900_000) for n in chance.sample(numbers, accounts * 2 // 3)}
        book(f"m{month}", shares, day=date(2024, month, 15), booked=date(2024, month, 18))
    gone = [n for n in numbers[:200:4] if ledger.balance(n, None).old_age_balance >= 1]
    book("out", dict.fromkeys(gone, -1), day=date(2024, 11, 1), booked=date(2024, 11, 2))
    book("new", {number(accounts + place): 1000 for place in range(50)}, day=date(2025, 1, 7),
         booked=date(2025, 1, 8))  # fmt: skip


def command(*words: str, chunk: int = CHUNK) -> subprocess.Popen[bytes]:
    """The real command in a process of its own."""
    code = "from lumbung.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words, "--chunk", str(chunk)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ.copy(),
    )


def finished(process: subprocess.Popen[bytes]) -> dict[str, object]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    return json.loads(out)  # type: ignore[no-any-return]


def workings() -> list[tuple[object, ...]]:
    columns = ("run__number", "position", "opening", "moved", "weighted", "entitled", "credited", "skipped")
    return list(DevelopmentWorking.objects.order_by("pk").values_list("year", "member_number", *columns))


def undisturbed(database: Any) -> tuple[object, ...]:
    """What an unbroken run leaves in a second database, a copy of this one, which is gone afterwards."""
    copy, settings = f"{database.name}_copy", connections.settings["default"]
    connections.close_all()
    with psycopg.connect(database.superuser_url, dbname="postgres", autocommit=True) as superuser:
        superuser.execute(f"CREATE DATABASE {copy} OWNER lumbung_owner TEMPLATE {database.name}")
        grant_database(superuser, copy)
        settings["NAME"] = copy
        try:
            run = actions.credit(year=2024, rate="5.60", decree="Decree 12", now=at(date(2025, 2, 1)), chunk=CHUNK)
            assert run.summary.credited > ACCOUNTS * 0.7
            return outcome()
        finally:
            connections.close_all()
            settings["NAME"] = database.name
            superuser.execute(f"DROP DATABASE {copy} WITH (FORCE)")


def outcome() -> tuple[object, ...]:
    """The books line by line, the workings and the control accounts, when the ledger has no fault."""
    assert ledger.check().faults == ()
    return books(), workings(), ledger.control_totals()


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_points_and_run_again_the_books_are_the_same(seed: int, database: Any) -> None:
    fund()
    expected = undisturbed(database)
    chance = random.Random(seed)
    kills = broken_off = 0
    while kills < 7:
        process = command(*WORDS)
        wait_until_at_work(process, chance)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if process.returncode != -signal.SIGKILL:
            break
        kills += 1
        broken_off += 0 < chunks_done() < chunks_cut()
    told = finished(command(*WORDS))
    assert kills >= 3
    assert broken_off >= 2, "some of the kills must hit the midst of a run"
    assert told["state"] == "finished"
    assert outcome() == expected
    assert finished(command(*WORDS))["is_new"] is False


def wait_until_at_work(process: subprocess.Popen[bytes], chance: random.Random) -> None:
    """Wait for the run to be there, for some chunks more than there were, or for no time in particular."""
    if chance.random() < 0.3:
        time.sleep(chance.random() * 2)
        return
    goal = chunks_done() + chance.randint(0, 5)
    while process.poll() is None and (chunks_done() < goal or not chunks_cut()):
        time.sleep(0.002)
    time.sleep(chance.random() * 0.03)


def chunks_done() -> int:
    return DevelopmentChunk.objects.filter(done_at__isnull=False).count()


def chunks_cut() -> int:
    return DevelopmentChunk.objects.count()


def test_two_runners_at_once_share_the_work(database: Any) -> None:
    fund()
    expected = undisturbed(database)
    told = [finished(process) for process in [command(*WORDS), command(*WORDS)]]
    assert [run["state"] for run in told] == ["finished"] * 2
    assert outcome() == expected


def test_a_run_that_is_broken_off_by_hand_ends_with_its_chunk_and_goes_on(database: Any) -> None:
    fund()
    expected = undisturbed(database)
    process = command(*WORDS)
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


def test_contributions_go_on_during_a_run_and_are_made_good_afterwards() -> None:
    fund()
    with paying() as keys:
        told = finished(command(*WORDS, chunk=400))
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
