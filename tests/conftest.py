"""The database, the keys and the programs that tests run against."""

import atexit
import fcntl
import gc
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from longest import LONGEST
from lumbung.cli.home import new_secrets
from lumbung.cli.postgres import EmbeddedPostgres
from lumbung.cli.roles import APPLICATION, OWNER, grant_database, prepare

# One server a run: the controller (or the only process) chooses the folder and the passwords, xdist's workers
# inherit them through the environment, and each worker has a database of its own cloned from one template.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
DATABASE = f"lumbung_{WORKER or 'main'}"
TEMPLATE = "lumbung_template"
ROOM = 3 * 2**30  # bytes that the server's files may come to
# Python looks for rings of garbage after this many new objects, not after 700: among all that eight thousand tests
# and their libraries keep in memory.
RINGS = 20_000
WHOLE_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _quickest_place() -> str:
    """Where files cost least: in memory where that is large enough, else on the disk.

    A database is a copy of 850 files, which takes a quarter of the processor's time there.
    """
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and not os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return str(memory) if shutil.disk_usage(memory).free >= ROOM else "/tmp"
    return "/tmp"


def _sweep(place: str) -> None:
    """Delete what killed runs of ours left: in memory it would lie until the machine is started anew."""
    for held in Path(place).glob("lumbung-test-*/held"):
        with suppress(OSError), open(held, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(held.parent, ignore_errors=True)


def _hold(path: Path) -> None:
    """Show that this run goes on, for as long as its process lives."""
    file = open(path, "w")  # noqa: SIM115 - closed when the process ends
    fcntl.flock(file, fcntl.LOCK_EX)
    atexit.register(file.close)


def _choose_environment() -> None:
    """What settings and command-line tools started by tests read; set before anything imports the settings."""
    place = _quickest_place()
    _sweep(place)
    folder = tempfile.mkdtemp(prefix="lumbung-test-", dir=place)
    _hold(Path(folder) / "held")
    os.chmod(folder, 0o711)
    os.environ.update(new_secrets())
    for name in ("LUMBUNG_DEMO", "LUMBUNG_PUBLIC_URL", "DATABASE_OWNER_URL", "PORT", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    os.environ["LUMBUNG_TEST_FOLDER"] = folder
    os.environ["LUMBUNG_TEST_PASSWORD"] = secrets.token_urlsafe(16)
    os.environ["LUMBUNG_HOME"] = f"{folder}/home"


def _is_pure(arguments: list[str]) -> bool:
    """Whether only pure packages are tested, as by `pytest tests/law`: they need neither Django nor a server."""
    paths = [Path(word.partition("::")[0]).resolve() for word in arguments if not word.startswith("-")]
    tests = [path for path in paths if path.exists() and path.is_relative_to(Path(__file__).parent)]
    pure = [Path(__file__).parent / name for name in ("law", "files")]
    return bool(tests) and all(any(map(path.is_relative_to, pure)) for path in tests)


def _set_up_django() -> None:
    """Before the conftest files of the folders below, which import models."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lumbung.config.settings"
    import django
    from django.conf import settings

    if settings.configured and settings.DATABASES["default"]["NAME"] != DATABASE:
        pytest.exit("Unset DJANGO_SETTINGS_MODULE: pytest-django read the settings of another database.", 1)
    django.setup()


gc.set_threshold(RINGS, 20, 20)
if not WORKER:
    _choose_environment()
    os.environ["LUMBUNG_TEST_PURE"] = "yes" if _is_pure(sys.argv[1:]) else ""
FOLDER = Path(os.environ["LUMBUNG_TEST_FOLDER"])
PASSWORD = os.environ["LUMBUNG_TEST_PASSWORD"]
SERVER = EmbeddedPostgres(FOLDER / "postgres", durable=False)
os.environ["DATABASE_URL"] = SERVER.url(APPLICATION, PASSWORD, DATABASE)
if not os.environ["LUMBUNG_TEST_PURE"]:
    _set_up_django()


@atexit.register
def _clean_up() -> None:
    """The last one out leaves nothing running and nothing behind."""
    if not WORKER:
        SERVER.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Under xdist the controller starts the server, since a worker may end before the others."""
    if WORKER or os.environ["LUMBUNG_TEST_PURE"] or not getattr(config.option, "numprocesses", None):
        return
    # A worker that found the settings' name in its environment would read them before this file.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    SERVER.start()


def pytest_collection_finish() -> None:
    """What is there now stays until the end: the search for garbage need not go through it each time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Django's way of testing commits empties tables by TRUNCATE, which the ledger refuses: `clone` is ours."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        flushes = mark and (mark.kwargs.get("transaction") or (mark.args and mark.args[0]))
        if flushes or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid}: tests that commit use the fixture `clone`, never a flush.")
    # By file (make's --dist loadfile), not by group: with pytest 9.2 xdist's loadgroup silently groups nothing.
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Long files first, so that at the end no processor waits for the last of them."""
    if item.path.stem in LONGEST:
        return LONGEST.index(item.path.stem)
    return len(LONGEST) + (item.get_closest_marker("servers") is None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test that was skipped is a test that failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if WORKER or reporter is None or os.environ.get("CI", "") in {"", "0", "false"}:
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line("")
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            reporter.write_line(f"skipped, which fails in CI: {report.nodeid}: {reason}", red=True)


@dataclass(frozen=True, slots=True)
class Database:
    """One database of the test server, and its addresses for psycopg."""

    name: str

    @property
    def superuser_url(self) -> str:
        return _renamed(SERVER.superuser_url, self.name)

    @property
    def owner_url(self) -> str:
        return SERVER.url(OWNER, PASSWORD, self.name)

    @property
    def app_url(self) -> str:
        return SERVER.url(APPLICATION, PASSWORD, self.name)


def _renamed(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def postgres_server() -> EmbeddedPostgres:
    """The run's PostgreSQL, with its template database migrated once, as owner."""
    with open(FOLDER / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not WORKER and not SERVER.running:
            SERVER.start()
        done = FOLDER / "template.done"
        if not done.exists():
            prepare(SERVER.superuser_url, PASSWORD, PASSWORD, TEMPLATE)
            _build(Database(TEMPLATE))
            with psycopg.connect(SERVER.superuser_url, autocommit=True) as connection:
                connection.execute(
                    f"ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false"
                )  # a session would block cloning
            done.touch()
    return SERVER


def _build(template: Database) -> None:
    """Migrate the template, or on a machine that has done just these migrations before, load what they made.

    In CI it is always migrated.
    """
    kept = Path(sys.prefix) / f"template-{_digest()}.sql"
    if os.environ.get("CI", "") not in {"", "0", "false"} or shutil.which("pg_dump") is None:
        _migrate(template.owner_url)
    elif kept.exists():
        # Into an empty database: default rights that were there before would be given to all that is loaded.
        with psycopg.connect(SERVER.superuser_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {template.name}")
            connection.execute(f"CREATE DATABASE {template.name} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0")
            grant_database(connection, template.name)
        load = ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={kept}"]
        subprocess.run([*load, template.superuser_url], check=True, stdout=subprocess.DEVNULL)
    else:
        _migrate(template.owner_url)
        part = kept.with_suffix(f".{os.getpid()}")
        subprocess.run(["pg_dump", f"--file={part}", template.superuser_url], check=True)
        part.replace(kept)


def _digest() -> str:
    """Another text for other migrations, another server or other libraries, which have migrations too."""
    root = Path(__file__).parent.parent
    files = [*root.glob("src/lumbung/**/migrations/*.py"), *root.glob("src/lumbung/**/*.sql")]
    files += [root / "src/lumbung/cli/roles.py", root / "requirements/run.lock"]
    with psycopg.connect(SERVER.superuser_url) as connection:
        version = connection.info.parameter_status("server_version") or ""
    told = [version.encode(), *(file.read_bytes() for file in sorted(files))]
    return hashlib.sha256(b"\0".join(told)).hexdigest()[:16]


def _migrate(owner_url: str) -> None:
    command = [sys.executable, "-c", "from lumbung.cli import main; main()", "db", "migrate"]
    environment = {**os.environ, "DATABASE_OWNER_URL": owner_url}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the migrations failed:\n{done.stdout}\n{done.stderr}"


@contextmanager
def _cloned(name: str) -> Iterator[Database]:
    """A copy of the migrated template, as empty as on the first day, gone afterwards."""
    with psycopg.connect(SERVER.superuser_url, autocommit=True) as connection:
        # A copy of files: a third of what the copy through the journal costs, which would spare a checkpoint.
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(statement.format(*map(sql.Identifier, (name, OWNER, TEMPLATE))))
        grant_database(connection, name)
        yield Database(name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: EmbeddedPostgres) -> Iterator[None]:
    """pytest-django's `db` fixture works in this worker's own database, with the application's rights only."""
    from django.db import connections

    with _cloned(DATABASE):
        yield
        connections.close_all()


@contextmanager
def _in_a_clone(blocker: object, name: str) -> Iterator[Database]:
    """A fresh database that Django and commands started meanwhile use."""
    from django.db import connections

    with _cloned(f"{DATABASE}_{name}") as database, pytest.MonkeyPatch.context() as patch:
        connections.close_all()
        patch.setitem(connections.settings["default"], "NAME", database.name)
        patch.setenv("DATABASE_URL", database.app_url)
        with blocker.unblock():  # type: ignore[attr-defined]
            yield database
            connections.close_all()


@pytest.fixture
def clone(
    request: pytest.FixtureRequest, postgres_server: EmbeddedPostgres, django_db_blocker: object
) -> Iterator[Database]:
    """A fresh database for one test that really commits; Django and commands started by the test use it too.

    In tests with a browser it always has the same name: the server that they share finds it there.
    """
    assert not {"db", "django_db_setup"} & set(request.fixturenames), "a test uses `clone` or `db`, not both"
    name = "site" if {"chromium", "whole_chromium"} & set(request.fixturenames) else secrets.token_hex(4)
    with _in_a_clone(django_db_blocker, name) as database:
        yield database


@pytest.fixture(scope="module")
def file_clone(postgres_server: EmbeddedPostgres, django_db_blocker: object) -> Iterator[Database]:
    """The same for all tests of a file together, which share servers that stand over it."""
    with _in_a_clone(django_db_blocker, secrets.token_hex(4)) as database:
        yield database


@pytest.fixture(scope="module")
def site_clone(postgres_server: EmbeddedPostgres, django_db_blocker: object) -> Iterator[Database]:
    """The same for all tests of a file that only look, in the browser they share, at what took long to make."""
    with _in_a_clone(django_db_blocker, "site") as database:
        yield database


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """The present test's database: its clone when it has one, else its worker's."""
    if "clone" in request.fixturenames:
        return request.getfixturevalue("clone")  # type: ignore[no-any-return]
    request.getfixturevalue("django_db_setup")
    return Database(DATABASE)


@pytest.fixture
def superuser_url(database: Database) -> str:
    return database.superuser_url


@pytest.fixture
def owner_url(database: Database) -> str:
    return database.owner_url


@pytest.fixture
def app_url(database: Database) -> str:
    return database.app_url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; playwright drives it by `executable_path` and `chromium_arguments`.

    The shell without windows is the same browser for a third of the processor's time; else the whole of it.
    """
    return _program("chromium-headless-shell", *WHOLE_BROWSERS, package="chromium")


@pytest.fixture(scope="session")
def whole_chromium() -> str:
    """The browser with all that belongs to it, such as installing an app."""
    return _program(*WHOLE_BROWSERS, package="chromium")


@pytest.fixture(scope="session")
def chromium_arguments() -> list[str]:
    """Nothing but the test's own traffic; root has no sandbox."""
    quiet = (
        "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    )
    return [*quiet.split(), "--disable-sync", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@pytest.fixture(scope="session")
def hledger() -> str:
    return _program("hledger", package="hledger")


@pytest.fixture(scope="session")
def soffice() -> str:
    return _program("soffice", package="libreoffice-calc-nogui")


@pytest.fixture(scope="session")
def kannel() -> str:
    """The box that speaks with carriers; its other box comes with it."""
    return _program("bearerbox", package="kannel")


def _program(*names: str, package: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.skip(f"{names[0]} is missing; install it: apt-get install --no-install-recommends {package}")
