"""PostgreSQL of our own: found, made, started and stopped by the command in the foreground."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote, urlencode

from lumbung.cli import home, processes
from lumbung.cli.binaries import (
    Binaries,
    PostgresError,
    copy_installation,
    find_binaries,
    runs_as,
)
from lumbung.cli.roles import prepare

__all__ = ["Binaries", "EmbeddedPostgres", "PostgresError", "find_binaries", "prepare"]

SUPERUSER = "postgres"
_SOCKET_NAME = "/.s.PGSQL.5432"
_SOCKET_LIMIT = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "wal_compression": "on",
    "max_wal_size": "4GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a statement may hold personal values
    "log_error_verbosity": "terse",  # and so may an error's detail line
    "log_parameter_max_length_on_error": "0",
}
# Without autovacuum, so that no plan hangs on the moment at which it came by.
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class EmbeddedPostgres:
    """One database server on a socket of its own, living in `folder`, running while this process does.

    `durable=False` turns fsync and autovacuum off: for tests only. `tick` is called while waiting for a start and
    may raise to break it off. Every failure is a PostgresError that says what to do.
    """

    def __init__(self, folder: Path, *, durable: bool = True, log: Path | None = None) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = log or self.folder / "postgres.log"
        self.durable = durable
        self.tick = processes.no_tick
        self.process: subprocess.Popen[bytes] | None = None
        self.binaries: Binaries | None = None

    def start(self, *, seconds: float = 300) -> None:
        """Make the data folder if there is none, start the server and return when it takes connections.

        After kill -9 the server first replays its journal, which is why the wait is long.
        """
        home.make_home(self.folder)
        account = self._account()
        self.binaries = self._usable_binaries(account)
        self._password()
        self._stop_leftovers()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(account)
        self._make_socket_folder(account)
        self.process = processes.spawn(
            self._server_command(),
            environment=_environment(),
            log=self.log,
            account=account,
            folder=self.data,
            orphaned=signal.SIGINT,
        )
        if not processes.wait_until(lambda: self.ready or not self.running, seconds, self.tick) or not self.ready:
            self.stop(seconds=5)
            raise PostgresError(
                f"PostgreSQL did not start. The end of {self.log}:\n{processes.last_lines(self.log)}"
            )

    def stop(self, *, seconds: float = 30) -> None:
        """End the server: open sessions are broken off, everything committed is on the disk (a fast shutdown)."""
        if self.process is None:
            return
        for sent, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if self.running:
                self.process.send_signal(sent)
                processes.wait_until(lambda: not self.running, patience)
        self.process = None
        self._stop_leftovers()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def ready(self) -> bool:
        """Whether the server that this object started takes connections, by its own pid file."""
        lines = self._pid_file()
        return self.running and len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7] == "ready"  # type: ignore[union-attr]

    @property
    def superuser_url(self) -> str:
        return self.url(SUPERUSER, self._password(), "postgres")

    def url(self, user: str, password: str, dbname: str) -> str:
        """The address of one of its databases, in libpq's form."""
        host = urlencode({"host": str(self.socket_folder)}, safe="/")
        return f"postgresql://{quote(user)}:{quote(password, safe='')}@/{quote(dbname)}?{host}"

    @property
    def socket_folder(self) -> Path:
        """`run` inside the folder; when that is too long for a socket, a short one kept in the file `socket`."""
        inside = self.folder / "run"
        if len(os.fsencode(inside)) + len(_SOCKET_NAME) <= _SOCKET_LIMIT:
            return inside
        remembered = self.folder / "socket"
        if not remembered.exists():
            home.make_home(self.folder)
            home.write_private(remembered, tempfile.mkdtemp(prefix="lumbung-", dir="/tmp"))
        return Path(remembered.read_text())

    def remove(self) -> None:
        """Delete the stopped server's folder and what belongs to it elsewhere."""
        assert not self.running
        if self.folder.exists():
            self._stop_leftovers()
            shutil.rmtree(self.socket_folder, ignore_errors=True)
            shutil.rmtree(self.folder)

    def _account(self) -> processes.Account | None:
        """Who the server runs as: ourselves, or as root the owner of the data, else postgres, else nobody."""
        if os.geteuid() != 0:
            return None
        if self.data.exists() and (owner := self.data.stat().st_uid) != 0:
            entry = pwd.getpwuid(owner)
            return processes.Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return processes.Account(name, entry.pw_uid, entry.pw_gid)
        raise PostgresError(
            "PostgreSQL can't run as root, and there is no user postgres or nobody. Run as another user."
        )

    def _usable_binaries(self, account: processes.Account | None) -> Binaries:
        """Programs of the data's own major version that the server's account may run."""
        found = find_binaries(self._major(), data=self.data)
        if account is None:
            return found
        if not runs_as(account, ["test", "-x", self.folder]):
            raise PostgresError(
                f"{self.folder} is closed to the user {account.name}, as whom PostgreSQL runs when root "
                "starts it. Set LUMBUNG_HOME to a folder others may pass through, for example /var/lib/lumbung."
            )
        if runs_as(account, [found.program("postgres"), "--version"]):
            return found
        copied = copy_installation(found, self.folder / f"postgresql-{found.version}")
        if not runs_as(account, [copied.program("postgres"), "--version"]):
            raise PostgresError(
                f"The user {account.name} can't run {found.folder}/postgres; set PG_BIN to one it can."
            )
        return copied

    def _major(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None

    def _password(self) -> str:
        """The superuser's password, made up before there is a server to use it."""
        kept = self.folder / "superuser"
        if not kept.exists():
            if self.data.exists():
                raise PostgresError(f"{kept} is lost, and with it the password of the data in {self.data}.")
            home.make_home(self.folder)
            home.write_private(kept, secrets.token_urlsafe(24))
        return kept.read_text()

    def _initialise(self, account: processes.Account | None) -> None:
        """Make the data in a folder beside and rename it last: what a kill left half-made is made again."""
        scratch = self.folder / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        _make_private(scratch, account)
        shown = self.folder / "password.new"
        home.write_private(shown, self._password())
        if account:
            os.chown(shown, account.uid, account.gid)
        done = self._initdb(scratch, account, shown, ["--locale=C.UTF-8"])
        if done.returncode and "locale" in done.stderr:
            done = self._initdb(scratch, account, shown, self._fallback_locale())
        shown.unlink()
        if done.returncode:
            raise PostgresError(f"PostgreSQL's data could not be made in {scratch}:\n{done.stderr.strip()}")
        scratch.rename(self.data)

    def _initdb(
        self, target: Path, account: processes.Account | None, password: Path, locale: list[str]
    ) -> subprocess.CompletedProcess[str]:
        assert self.binaries
        command: list[str | Path] = [
            self.binaries.program("initdb"), "--pgdata", target, "--username", SUPERUSER, "--pwfile", password,
            "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", *locale,
        ]  # fmt: skip
        if not self.durable:
            command.append("--no-sync")
        started = subprocess.Popen(  # type: ignore[call-overload]
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=target, env=_environment(),
            start_new_session=True, **processes.as_account(account),
        )  # fmt: skip
        with started:
            try:
                processes.wait_until(lambda: started.poll() is not None, float("inf"), self.tick)
            except BaseException:
                started.kill()
                raise
            output, errors = started.communicate()
        return subprocess.CompletedProcess(command, started.returncode, output, errors)

    def _fallback_locale(self) -> list[str]:
        """Systems without C.UTF-8 (older macOS): PostgreSQL's own from 17 on, else plain C."""
        assert self.binaries
        if self.binaries.major >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C"]

    def _make_socket_folder(self, account: processes.Account | None) -> None:
        folder = self.socket_folder
        if folder.is_symlink() or (folder.exists() and folder.stat().st_uid not in _owners(account)):
            raise PostgresError(
                f"{folder} belongs to somebody else; remove {self.folder / 'socket'} and start again."
            )
        _make_private(folder, account)

    def _server_command(self) -> list[str | Path]:
        assert self.binaries
        settings = {**_SETTINGS, "unix_socket_directories": str(self.socket_folder)}
        if not self.durable:
            settings.update(_NOT_DURABLE)
        command: list[str | Path] = [self.binaries.program("postgres"), "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _pid_file(self) -> list[str]:
        try:
            return [line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()]
        except (FileNotFoundError, PermissionError):
            return []

    def _stop_leftovers(self) -> None:
        """End a server that a killed run left on this data; forget a pid that is now somebody else's."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].isdigit() else 0
        if pid > 0 and processes.alive(pid):
            if str(self.data) not in processes.command_line(pid):
                (self.data / "postmaster.pid").unlink()
            else:
                os.kill(pid, signal.SIGINT)
                if not processes.wait_until(lambda: not processes.alive(pid), 30):
                    os.kill(pid, signal.SIGKILL)
                    processes.wait_until(lambda: not processes.alive(pid), 5)
        self._stop_orphaned_backends()

    def _stop_orphaned_backends(self) -> None:
        """Backends notice at once that their server was killed, unless a long statement keeps them busy."""
        mine = os.getpid()

        def left() -> list[int]:
            return [pid for pid in processes.working_in(self.data) if pid != mine and _is_backend(pid)]

        if not processes.wait_until(lambda: not left(), 3):
            for pid in left():
                os.kill(pid, signal.SIGKILL)
            processes.wait_until(lambda: not left(), 3)


def _is_backend(pid: int) -> bool:
    return "postgres" in processes.command_line(pid)


def _owners(account: processes.Account | None) -> set[int]:
    return {os.geteuid(), account.uid if account else os.geteuid()}


def _make_private(folder: Path, account: processes.Account | None) -> None:
    """A folder of ours that only the server's account (and root) may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def _environment() -> dict[str, str]:
    """What the server's programs see of ours: none of our secrets, and no locale that macOS would trip over."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
