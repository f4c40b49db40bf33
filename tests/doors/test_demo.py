"""`lumbung demo` in earnest, with a small fund: it comes up, survives kills, goes on, stops and is reset."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from ports import free_port

from lumbung.cli import processes
from lumbung.cli.home import read_environment

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc; run the tests on Linux"),
]
# In the run's own folder: in memory where that is large enough, and gone with it.
PLACE = os.environ["LUMBUNG_TEST_FOLDER"]
COMMAND = [sys.executable, "-c", "from lumbung.cli import main; main()", "demo"]
# Enough months for every deed of the demo: a late payment with its fine, corrections, a year's result.
MONTHS = 16
BOOKED = """
    SELECT count(*), sum(contribution), sum(pension), sum(contribution_total), sum(development),
           count(DISTINCT entry_id)
    FROM ledger_memberline
"""
KINDS = """
    SELECT kind, count(*) FROM ledger_entry GROUP BY kind UNION ALL
    SELECT kind, count(*) FROM billing_bill WHERE state = 'settled' GROUP BY kind
"""


class RunningDemo:
    """A `lumbung demo` that a test started."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        environment = {
            **os.environ,
            "LUMBUNG_HOME": str(home),
            "PORT": str(port),
            "LUMBUNG_DEMO_MEMBERS": "20",
            "LUMBUNG_DEMO_MONTHS": str(MONTHS),
            "COLUMNS": "200",
        }
        self.output = home.with_name("output")
        with open(self.output, "w") as output:
            self.process = subprocess.Popen(COMMAND, env=environment, stdout=output, stderr=output)

    def wait_for(self, words: str, seconds: float = 120) -> str:
        processes.wait_until(lambda: words in self.said or self.process.poll() is not None, seconds)
        assert words in self.said, self.said
        return self.said

    @property
    def said(self) -> str:
        return self.output.read_text()

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"http://localhost:{self.port}/", timeout=5).status == 200
        return False

    def pids(self) -> set[int]:
        """Whatever the demo started that is still there."""
        mark = f"LUMBUNG_HOME={self.home}".encode()
        found = set(processes.working_in(self.home / "postgres" / "data"))
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.add(int(entry.name))
        return {pid for pid in found - {self.process.pid} if processes.alive(pid)}

    def pid(self, name: str) -> int:
        """The process of the web server, of the queue, or of the database."""
        if name == "postgres":
            return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        return int((self.home / "run" / f"{name}.pid").read_text().split()[0])

    def stop(self, number: int = signal.SIGINT) -> None:
        """Ask it to stop, by Ctrl-C or another signal; nothing of it may be left."""
        self.process.send_signal(number)
        assert self.process.wait(timeout=60) == 0, self.said
        assert self.pids() == set()


@pytest.fixture(scope="module")
def built_home() -> Iterator[Path]:
    """A home whose fund was built once, for all tests of this file."""
    folder = Path(tempfile.mkdtemp(prefix="lumbung-demo-", dir=PLACE))
    folder.chmod(0o711)
    demo = RunningDemo(folder / "home", free_port())
    try:
        demo.wait_for("Lumbung is running")
        (folder / "booked").write_text(json.dumps(booked(folder / "home")))
    finally:
        demo.stop()
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture
def start() -> Iterator[Callable[[Path], RunningDemo]]:
    """Starts demos and sees to it that none outlives the test."""
    started = []

    def start_one(home: Path, port: int | None = None) -> RunningDemo:
        started.append(RunningDemo(home, port or free_port()))
        return started[-1]

    yield start_one
    for demo in started:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.process.wait(timeout=60)


def booked(home: Path) -> list[int]:
    with psycopg.connect(read_environment(home)["DATABASE_URL"]) as connection:
        return [int(figure) for figure in connection.execute(BOOKED).fetchone()]


@pytest.fixture(scope="class")
def running(built_home: Path) -> Iterator[RunningDemo]:
    """One demo for tests that leave it as it was; a log-out ends it like Ctrl-C."""
    demo = RunningDemo(built_home, free_port())
    try:
        demo.wait_for("Lumbung is running")
        yield demo
    finally:
        demo.stop(signal.SIGHUP)


class TestRunning:
    def test_it_says_where_to_look(self, running: RunningDemo) -> None:
        said = running.said
        assert running.answers()
        for kind in ("member", "employer", "officer", "program"):
            assert f"\n  {kind} " in said
        assert 'sms say --from 081200000001 "DAFTAR 123456789012 01-01-1990 3171010101010001"' in said
        assert 'sms say --from 081200000001 "SALDO 123456789012"' in said
        assert read_environment(running.home)["LUMBUNG_SMS_SECRET"] in said
        assert running.pids()

    def test_the_fund_holds_every_kind_of_deed(self, running: RunningDemo) -> None:
        with psycopg.connect(read_environment(running.home)["DATABASE_URL"]) as connection:
            counted = dict(connection.execute(KINDS).fetchall())
        assert counted.keys() == {
            *("contribution", "correction", "development", "fine", "receipt", "reversal"),
            *("construction", "late_fine", "migrant", "self_employed"),
        }
        assert (counted["late_fine"], counted["construction"], counted["receipt"]) == (2, 1, MONTHS)
        check = subprocess.run(
            [*COMMAND[:-1], "ledger", "check"],
            env={**os.environ, "LUMBUNG_HOME": str(running.home), "DATABASE_URL": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert check.stdout.strip().endswith(" 0 faults"), check.stdout + check.stderr

    def test_no_second_one_and_no_reset_meanwhile(self, running: RunningDemo) -> None:
        environment = {**os.environ, "LUMBUNG_HOME": str(running.home)}
        for arguments in ([], ["--reset"]):
            second = subprocess.run(
                [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
            )
            assert second.returncode == 1
            assert f"already running, on http://localhost:{running.port}" in second.stderr
        assert running.answers()


def test_each_killed_process_comes_back(built_home: Path, start: Callable[..., RunningDemo]) -> None:
    demo = start(built_home)
    demo.wait_for("Lumbung is running")
    before = booked(built_home)
    assert before[0] > 0
    for name in ("web", "queue", "postgres"):
        killed = demo.pid(name)
        os.kill(killed, signal.SIGKILL)
        assert processes.wait_until(lambda: not processes.alive(killed), 60)  # noqa: B023
        assert processes.wait_until(lambda: _is_back(demo, name, killed), 60), name  # noqa: B023
        assert processes.wait_until(demo.answers, 60), name
    web = demo.pid("web")
    workers = [pid for pid in demo.pids() if os.getpgid(pid) == web and pid != web]
    assert workers, "granian serves from processes of their own"
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert processes.wait_until(lambda: not any(map(processes.alive, workers)), 60)
    assert processes.wait_until(demo.answers, 60)
    assert booked(built_home) == before
    demo.stop(signal.SIGTERM)


def _is_back(demo: RunningDemo, name: str, killed: int) -> bool:
    try:
        return demo.pid(name) != killed and processes.alive(demo.pid(name))
    except (FileNotFoundError, IndexError):
        return False


def test_nothing_outlives_a_killed_supervisor_and_the_next_goes_on(
    built_home: Path, start: Callable[..., RunningDemo]
) -> None:
    demo = start(built_home)
    demo.wait_for("Lumbung is running")
    before = booked(built_home)
    demo.process.kill()
    demo.process.wait()
    again = start(built_home, demo.port)
    said = again.wait_for("Lumbung is running")
    assert "Feeding" not in said, "the fund is not built again"
    assert booked(built_home) == before
    again.stop()
    assert not (built_home / "postgres" / "data" / "postmaster.pid").exists()
    assert list((built_home / "run").iterdir()) == []


def test_a_fund_whose_building_was_killed_is_completed(
    built_home: Path, start: Callable[..., RunningDemo]
) -> None:
    home = built_home.with_name("interrupted") / "home"
    home.parent.mkdir(mode=0o711)
    for bank_files in (3, 11):
        demo = start(home)
        demo.wait_for("Feeding payroll and bank files: 0 of")
        fed = home / "demo" / "bank"
        assert processes.wait_until(lambda: len(list(fed.glob("*.csv"))) >= bank_files, 180)  # noqa: B023
        demo.process.kill()
        demo.process.wait()
        assert processes.wait_until(lambda: demo.pids() == set(), 60), "the kernel ends what the supervisor left"  # noqa: B023
    demo = start(home)
    demo.wait_for("Lumbung is running")
    assert booked(home) == json.loads(built_home.with_name("booked").read_text())
    demo.stop()


def test_a_taken_port_is_said_before_anything_is_made() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "LUMBUNG_HOME": f"{folder}/home", "PORT": port}
        refused = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
        assert refused.returncode == 1
        assert f"Port {port} is taken" in refused.stderr
        assert "make demo PORT=" in refused.stderr
        assert not (Path(folder) / "home" / "postgres").exists()


def test_a_reset_deletes_the_demos_own_things_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in ("postgres/data", "postgres/run", "demo", "log", "run", "mine"):
        (home / name).mkdir(parents=True)
    (home / "demo.env").write_text("A=b\n")
    (home / "mine" / "letter.txt").write_text("Dear …")
    environment = {**os.environ, "LUMBUNG_HOME": str(home)}
    done = subprocess.run([*COMMAND, "--reset"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in home.iterdir()] == ["mine"]
    assert (home / "mine" / "letter.txt").read_text() == "Dear …"


def test_lost_keys_are_told_from_a_first_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "postgres" / "data").mkdir(parents=True)
    environment = {**os.environ, "LUMBUNG_HOME": str(home), "PORT": str(free_port())}
    refused = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "demo.env is lost" in refused.stderr
