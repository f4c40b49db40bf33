"""A machine that fails a command: a full disk, a database that goes away, words in no known writing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError

from lumbung.cli import main
from lumbung.contributions.models import Return
from lumbung.ledger import actions as ledger
from lumbung.registry import actions as registry

COMMAND = [sys.executable, "-c", "from lumbung.cli import main; main()"]
SECRET = "Failing row contains (10000000001, 123456789)"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def program(*words: str | bytes, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], stderr=subprocess.PIPE, text=True, check=False, env=dict(os.environ), **options
    )


def failing(error: type[Exception], cause: psycopg.Error) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise error(SECRET) from cause

    return fail


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (psycopg.errors.DeadlockDetected(), "Run it again"),
        (psycopg.errors.SerializationFailure(), "Run it again"),
        (psycopg.errors.DiskFull(), "disk of the database is full"),
        (psycopg.errors.TooManyConnections(), "connections"),
        (psycopg.errors.AdminShutdown(), "stopped answering"),
        (psycopg.OperationalError(), "stopped answering"),
        (psycopg.errors.QueryCanceled(), "told to stop"),
        (psycopg.errors.ReadOnlySqlTransaction(), "read-only"),
        (psycopg.errors.UndefinedTable(), "lumbung db migrate"),
        (psycopg.errors.CheckViolation(), "refused this (23514)"),
        (psycopg.DataError(), "refused this (DataError)"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_the_database_fails_at_is_a_sentence_without_its_rows(
    db: None, monkeypatch: pytest.MonkeyPatch, cause: psycopg.Error, says: str
) -> None:
    error = OperationalError if isinstance(cause, psycopg.OperationalError) else DatabaseError
    monkeypatch.setattr(ledger, "seal", failing(error, cause))
    failed = run("ledger", "seal")
    assert failed.exit_code == 1
    assert failed.stderr.startswith("Error: ")
    assert says in failed.stderr
    assert "nothing is half done" in failed.stderr
    assert "10000000001" not in failed.output
    assert "Traceback" not in failed.output


def test_a_wrong_setting_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def unset() -> None:
        raise ImproperlyConfigured("LUMBUNG_FIELD_KEYS is not set.")

    monkeypatch.setattr(ledger, "seal", unset)
    assert run("ledger", "seal").stderr == "Error: LUMBUNG_FIELD_KEYS is not set.\n"


def test_a_mistake_of_ours_falls_over(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken() -> None:
        raise AssertionError("never")

    monkeypatch.setattr(ledger, "seal", mistaken)
    assert isinstance(run("ledger", "seal").exception, AssertionError)


def test_a_connection_that_is_ended_in_the_midst_is_told(clone: Any) -> None:
    """The command waits for a lock; there its session is ended, as when the server is stopped."""
    with psycopg.connect(clone.superuser_url) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute("LOCK TABLE ledger_entry")
        waiting = pool.submit(program, "ledger", "reverse", "1", "--reason", "x", stdout=subprocess.PIPE)
        with psycopg.connect(clone.superuser_url, autocommit=True) as superuser:
            (pid,) = _waiting_session(superuser)
            superuser.execute("SELECT pg_terminate_backend(%s)", [pid])
        done = waiting.result(60)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database stopped answering")
    assert done.stderr.count("\n") == 1


def _waiting_session(superuser: psycopg.Connection) -> tuple[int, ...]:
    for _ in range(600):
        found = superuser.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'lumbung_app'"
            " AND wait_event_type = 'Lock'"
        ).fetchall()
        if found:
            return tuple(pid for (pid,) in found)
        superuser.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the command never waited")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full; run the tests on Linux")
@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "check", "--json"),
        ("ledger", "export", "--format", "hledger"),
        ("law", "parameters"),
    ],
    ids=" ".join,
)
def test_where_the_answer_goes_may_be_full(database: Any, words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = program(*words, stdout=full)
    assert done.returncode == 1, done.stderr
    assert "can't be read or written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_an_export_into_a_full_folder_leaves_the_old_file(database: Any, tmp_path: Path) -> None:
    """As root a folder is never closed, so the disk's end is played by a limit on the size of files."""
    kept = tmp_path / "journal"
    kept.write_text("the old one")
    limited = ["sh", "-c", 'ulimit -f 0; trap "" XFSZ; exec "$@"', "sh", *COMMAND]
    done = subprocess.run(
        [*limited, "ledger", "export", "--format", "hledger", "--output", str(kept)],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 1
    assert "can't be written: File too large. Nothing was changed." in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"journal": "the old one"}


@pytest.mark.parametrize(
    "words",
    [
        ("balance", "\udcff"),
        ("bill", "void", "\udcff"),
        ("bill", "list", "--member", "\udcff"),
        ("ledger", "pseudonym", "\udcff"),
        ("return", "history", "\udcff"),
    ],
    ids=lambda words: f"{words[0]} {words[1]}",
)
def test_words_that_are_not_utf_8_are_refused(db: None, words: tuple[str, ...]) -> None:
    """A byte that is no text comes to a program as half a character."""
    refused = run(*words)
    assert refused.exit_code == 1
    assert refused.stderr == "Error: A word of this command is not UTF-8. Write it anew.\n"


def test_a_file_whose_name_is_not_utf_8_is_taken_in(db: None, tmp_path: Path) -> None:
    """As Windows programs leave them on a disk that came from elsewhere."""
    employer = registry.register_employer(
        full_number="00000007-000", name="PT Contoh", risk_class="II", size="large"
    )
    registry.register_persons([registry.NewPerson("Budi Uji", date(1990, 1, 1), ("10000000001",))])
    registry.start_employments(employer, [registry.NewEmployment("10000000001", date(2020, 1, 1))])
    path = os.path.join(os.fsencode(tmp_path), b"upah-\xfc.csv")
    with open(path, "wb") as file:
        file.write(b"KPJ,Nama,Upah\n10000000001,Budi Uji,5000000\n")
    taken = run(
        "return", "take-in", os.fsdecode(path), "--employer", "00000007-000", "--month", "2025-10", "--json"
    )
    assert taken.exit_code == 0, taken.output
    assert Return.objects.get().file_name == "upah-?.csv"


def test_what_is_noted_never_stands_among_the_data_of_an_answer(clone: Any) -> None:
    code = "import structlog, django; django.setup(); structlog.get_logger('x').warning('noted', returned=7)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lumbung.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert json.loads(done.stderr) | {"timestamp": ""} == {
        "event": "noted", "returned": 7, "level": "warning", "timestamp": "",
    }  # fmt: skip
