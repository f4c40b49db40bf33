"""`lumbung demo`: the whole platform with an invented fund, run and kept running in the foreground."""

import contextlib
import fcntl
import http.client
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import click

from lumbung.cli import children, home, processes, steps, welcome
from lumbung.cli.children import Child, Keeper
from lumbung.cli.postgres import EmbeddedPostgres, PostgresError, prepare
from lumbung.cli.roles import APPLICATION, OWNER

DATABASE = "lumbung"
FEWEST_MEMBERS = 20  # so that each employer has some
WORKER_OPTIONS = ("--delete-jobs", "successful")  # the minute's own jobs would pile up for ever
_START_SECONDS = 90
# Everything the demo makes in its home, and so all that a reset may delete.
_FOLDERS = ("demo", "log", "run")
_FILES = ("demo.env", "demo.lock")


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent a signal: leave by way of every `finally`."""


@click.command()
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help="Delete the demo's data instead, to begin anew.")
@click.option(
    "--members",
    type=click.IntRange(FEWEST_MEMBERS, 1_000_000),
    envvar="LUMBUNG_DEMO_MEMBERS",
    default=1000,
    show_default=True,
    help="At the first start.",
)
@click.option(
    "--months",
    type=click.IntRange(1, 120),
    envvar="LUMBUNG_DEMO_MONTHS",
    default=36,
    show_default=True,
    help="At the first start.",
)
def command(*, port: int, reset: bool, members: int, months: int) -> None:
    """Run the whole platform with an invented fund, in the foreground."""
    folder = home.home_folder()
    try:
        with _locked(folder):
            children.stop_leftovers(folder)
            if reset:
                _reset(folder)
                click.echo(f"Deleted the demo's data in {folder}. `make demo` begins anew.")
                return
            _refuse_taken_port(port)
            status = Demo(folder, port, members, months).run()
    except (PostgresError, PermissionError, steps.StepFailed) as wrong:
        raise click.ClickException(str(wrong)) from None
    sys.exit(status)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[IO[str]]:
    """One demo in a home at a time; the lock goes with the process, however that ends."""
    home.make_home(folder)
    with open(folder / "demo.lock", "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            address = home.read_environment(folder).get("LUMBUNG_PUBLIC_URL", "")
            raise click.ClickException(
                f"The demo is already running, on {address} with its data in {folder}. "
                "Stop it first, with Ctrl-C where it runs."
            ) from None
        yield lock


def _refuse_taken_port(port: int) -> None:
    if not processes.is_free(port):
        raise click.ClickException(
            f"Port {port} is taken by another program. Stop that, or choose another: make demo PORT={port + 1}"
        )


def _reset(folder: Path) -> None:
    EmbeddedPostgres(folder / "postgres").remove()
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # somebody else's files lie there
        folder.rmdir()


class Demo:
    """The supervisor: starts everything in order, keeps it running, and stops everything."""

    def __init__(self, folder: Path, port: int, members: int, months: int) -> None:
        self.folder = folder
        self.port = port
        self.size = {"LUMBUNG_DEMO_MEMBERS": str(members), "LUMBUNG_DEMO_MONTHS": str(months)}
        self.steps = steps.Steps()
        self.postgres = EmbeddedPostgres(folder / "postgres", log=folder / "log" / "postgres.log")
        self.postgres.tick = self.tick
        self.environment: dict[str, str] = {}
        self.children: list[Child] = []
        self.signals = 0

    def run(self) -> int:
        """The exit status: 0 when the demo was up and was told to stop, else 130."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        status = 130
        try:
            self._start()
            status = 0
            self._keep_running()
        except Stopped:
            self.steps.say("Stopping …")
        finally:
            children.stop(self.children)
            self.postgres.stop()
        self.steps.say("Stopped; nothing is left running. `make demo` goes on with the same data.")
        return status

    def tick(self) -> None:
        """Called while waiting for anything: keeps the bars moving, and leaves when a signal came."""
        self.steps.refresh()
        if self.signals:
            raise Stopped

    def _on_signal(self, number: int, frame: object) -> None:
        self.signals += 1

    def _start(self) -> None:
        with self.steps.step("Starting the database"):
            self.environment = self._make_environment()
            self.postgres.start()
            owner, app = (_password(self.environment[name]) for name in ("DATABASE_OWNER_URL", "DATABASE_URL"))
            prepare(self.postgres.superuser_url, owner, app, DATABASE)
        with self.steps.step("Bringing the tables up to date"):
            self._run_once("migrate", ["db", "migrate"], owner=True)
        if not (self.folder / "demo" / "complete").exists():
            self._run_once("fund", ["demo-fund"], shown=True)
        self._note_books_since()
        with self.steps.step("Starting the web server and the queue"):
            self.web = self._child("web", _web_command(self.port))
            self.queue = self._child(
                "queue", [sys.executable, "-m", "django", "procrastinate", "worker", *WORKER_OPTIONS]
            )
            self._wait_for_page()
        self.steps.say(welcome.text(self.folder, self.environment))

    def _note_books_since(self) -> None:
        """The demo's books begin with its plan: what came before is not asked for."""
        from lumbung.cli import demofund

        since = demofund.books_since(self.folder)
        if since is not None and self.environment.get("LUMBUNG_BOOKS_SINCE") != since:
            self.environment["LUMBUNG_BOOKS_SINCE"] = since
            home.write_environment(self.folder, self.environment)

    def _keep_running(self) -> None:
        keepers = [
            Keeper("database", self.postgres, self.steps.say),
            Keeper("web server", self.web, self.steps.say),
            Keeper("queue", self.queue, self.steps.say),
        ]
        while True:
            for keeper in keepers:
                keeper.look()
            self.tick()
            time.sleep(0.1)

    def _make_environment(self) -> dict[str, str]:
        """Keys and passwords are made once; the addresses may change from one start to the next."""
        kept = home.read_environment(self.folder)
        if not kept and self.postgres.data.exists():
            raise PostgresError(
                f"{home.environment_file(self.folder)} is lost, and with it the keys of the data that lies there. "
                "`make demo-reset` begins anew."
            )
        # A demo of an older version has no keys for papers or pushes yet; all others are those of its data.
        values = {**home.newer_secrets(), **kept} if kept else home.new_secrets()
        for name, role in (("DATABASE_URL", APPLICATION), ("DATABASE_OWNER_URL", OWNER)):
            password = _password(kept[name]) if name in kept else secrets.token_urlsafe(24)
            values[name] = self.postgres.url(role, password, DATABASE)
        values |= {"LUMBUNG_DEMO": "1", "LUMBUNG_PUBLIC_URL": f"http://localhost:{self.port}"}
        home.write_environment(self.folder, values)
        return values

    def _child_environment(self, *, owner: bool = False) -> dict[str, str]:
        """What a child may know; the owner's address is for the migrations only."""
        values = {
            **os.environ,
            **self.environment,
            **self.size,
            "DJANGO_SETTINGS_MODULE": "lumbung.config.settings",
        }
        if not owner:
            del values["DATABASE_OWNER_URL"]
        return values

    def _child(self, name: str, command: list[str]) -> Child:
        child = Child(name, command, self._child_environment(), self.folder)
        self.children.append(child)
        child.start()
        return child

    def _run_once(self, name: str, arguments: list[str], *, owner: bool = False, shown: bool = False) -> None:
        """Run one of our own commands to its end, in a process that only has the rights it needs."""
        command = [sys.executable, "-c", "from lumbung.cli.demo import inside; inside()", *arguments]
        child = Child(name, command, self._child_environment(owner=owner), self.folder, shown=shown)
        self.children.append(child)
        child.start()
        processes.wait_until(lambda: not child.running, float("inf"), self.tick)
        if child.exit_status:
            raise steps.StepFailed(child.log)
        child.kill()
        self.children.remove(child)

    def _wait_for_page(self) -> None:
        """Until the home page answers; a server that can't start says why in its log."""

        def settled() -> bool:
            return not self.web.running or self._page_status() > 0

        processes.wait_until(settled, _START_SECONDS, self.tick)
        closed = home.maintenance_file().exists()
        if closed:
            self.steps.say("The doors are closed for maintenance: `lumbung maintenance off` opens them.")
        status = self._page_status()
        if status not in range(200, 400) and not (closed and status == 503):
            raise steps.StepFailed(self.web.log)

    def _page_status(self) -> int:
        """The status of the home page, 0 while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def _password(url: str) -> str:
    return urlsplit(url).password or ""


def _web_command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "16", "--backpressure", "64", "--respawn-failed-workers",
        "--workers-kill-timeout", "3", "--log-level", "error",
        "lumbung.config.wsgi:application",
    ]  # fmt: skip


def inside() -> None:
    """What a child of the demo runs: the invented fund, or an ordinary command."""
    if sys.argv[1:] != ["demo-fund"]:
        from lumbung.cli import main

        main()
        return
    from lumbung.cli import demofund, django

    django.setup()
    now, today = django.read_clock()
    with steps.reporting() as report:
        demofund.build(
            home.home_folder(),
            members=int(os.environ["LUMBUNG_DEMO_MEMBERS"]),
            months=int(os.environ["LUMBUNG_DEMO_MONTHS"]),
            now=now,
            today=today,
            report=report,
        )
