"""The real command in processes of its own, on a fund that is the same each time, and what it leaves."""

import json
import os
import random
import subprocess
import sys
from datetime import date
from typing import Any

import psycopg
from credited import at, book, books, number
from django.db import connections

from lumbung.cli.roles import grant_database
from lumbung.development import actions
from lumbung.development.models import DevelopmentChunk, DevelopmentWorking
from lumbung.ledger import queries as ledger

ACCOUNTS, CHUNK = 4_000, 150
WORDS = ["development", "credit", "--year", "2024", "--rate", "5.60", "--decree", "Decree 12", "--json"]


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
    """The real command in a process of its own, which hears Ctrl-C even when the tests run in the background."""
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from lumbung.cli import main; main()"
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


def undisturbed(database: Any, chunk: int = CHUNK) -> tuple[object, ...]:
    """What an unbroken run leaves in a second database, a copy of this one, which is gone afterwards."""
    copy, settings = f"{database.name}_copy", connections.settings["default"]
    connections.close_all()
    with psycopg.connect(database.superuser_url, dbname="postgres", autocommit=True) as superuser:
        superuser.execute(
            f"CREATE DATABASE {copy} OWNER lumbung_owner TEMPLATE {database.name} STRATEGY FILE_COPY"
        )
        grant_database(superuser, copy)
        settings["NAME"] = copy
        try:
            run = actions.credit(year=2024, rate="5.60", decree="Decree 12", now=at(date(2025, 2, 1)), chunk=chunk)
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


def chunks_done() -> int:
    return DevelopmentChunk.objects.filter(done_at__isnull=False).count()


def chunks_cut() -> int:
    return DevelopmentChunk.objects.count()
