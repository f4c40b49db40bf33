"""The demo's children: found again after a crash, started again when they die, all ended in the end."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lumbung.cli import processes
from lumbung.cli.binaries import PostgresError

GRACE_SECONDS = 5.0
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 30.0


class Part(Protocol):
    """What a supervisor keeps running: a child, or the database server."""

    @property
    def running(self) -> bool: ...
    def start(self) -> None: ...


class Child:
    """One program, with its own process group, its log and a file that says which process it is."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], home: Path, *, shown: bool = False
    ) -> None:
        self.name = name
        self.command = command
        self.environment = {**environment, "LUMBUNG_HOME": str(home)}
        self.log = home / "log" / f"{name}.log"
        self.shown = shown
        self.process: subprocess.Popen[bytes] | None = None
        self._pid_file = home / "run" / f"{name}.pid"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_status(self) -> int | None:
        return self.process.poll() if self.process else None

    def start(self) -> None:
        """Start it, and end first what an earlier life of it left running."""
        self.kill()
        self.process = processes.spawn(self.command, environment=self.environment, log=self.log, shown=self.shown)
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.write_text(f"{self.process.pid} {processes.started_at(self.process.pid)}")

    def ask_to_stop(self) -> None:
        if self.process and self.running:
            self.process.terminate()

    def kill(self) -> None:
        """End what is left of its process group, at once."""
        if self.process:
            _kill_group(self.process.pid)
            self.process.wait()
            self.process = None
        self._pid_file.unlink(missing_ok=True)


def stop(children: Sequence[Child], seconds: float = GRACE_SECONDS) -> None:
    """Ask all of them, wait for so long, and kill those that did not go and whatever they left."""
    for child in children:
        child.ask_to_stop()
    processes.wait_until(lambda: not any(child.running for child in children), seconds)
    for child in children:
        child.kill()


@dataclass
class Keeper:
    """Starts a part again when it died, after a pause that doubles as long as it keeps dying."""

    name: str
    part: Part
    say: Callable[[str], None]
    _pause: float = field(default=0.0, init=False)
    _started: float = field(default_factory=time.monotonic, init=False)
    _not_before: float | None = field(default=None, init=False)

    def look(self) -> None:
        """Called again and again by the supervisor."""
        now = time.monotonic()
        if self.part.running:
            return
        if self._not_before is None:
            self._pause = (
                0.2 if now - self._started > _STEADY_SECONDS else min(self._pause * 2 or 0.2, _LONGEST_PAUSE)
            )
            self._not_before = now + self._pause
            self.say(f"The {self.name} ended unexpectedly; starting it again.")
        elif now >= self._not_before:
            self._not_before, self._started = None, now
            try:
                self.part.start()
            except PostgresError as wrong:
                self.say(str(wrong))


def stop_leftovers(home: Path) -> None:
    """End the children of an earlier supervisor that was killed. Only processes proved to be ours are touched."""
    for file in (home / "run").glob("*.pid"):
        group, _, started = file.read_text().partition(" ")
        members = list(_ours_in_group(home, int(group), started)) if group.isdigit() else []
        for sent, patience in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, 2.0)):
            for pid in members:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, sent)
            if processes.wait_until(lambda: not any(map(processes.alive, members)), patience):  # noqa: B023
                break
        file.unlink(missing_ok=True)


def _ours_in_group(home: Path, group: int, started: str) -> Iterator[int]:
    """A child that still is the one we noted, and on Linux those it started, known by the home they were given."""
    if started and processes.started_at(group) == started:
        yield group
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            pid = int(entry.name)
            mark = f"LUMBUNG_HOME={home}".encode()
            if pid != group and os.getpgid(pid) == group and mark in (entry / "environ").read_bytes().split(b"\0"):
                yield pid


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
