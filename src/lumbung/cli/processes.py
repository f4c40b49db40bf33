"""Child processes: started apart from the terminal, told apart from strangers, and never left behind."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_LONGEST_LOG = 10_000_000  # bytes; at the next start it makes room


@dataclass(frozen=True, slots=True)
class Account:
    """The system account a child runs as."""

    name: str
    uid: int
    gid: int


def spawn(
    command: Sequence[str | os.PathLike[str]],
    *,
    environment: Mapping[str, str],
    log: Path,
    account: Account | None = None,
    folder: Path | None = None,
    orphaned: signal.Signals = signal.SIGTERM,
    shown: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (Ctrl-C reaches only the supervisor), its output added to `log`.

    With `shown` only its errors are logged, and its output is ours.

    On Linux the kernel sends it `orphaned` when the thread that called this dies: call it from the main thread.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LONGEST_LOG:
        log.replace(log.with_name(log.name + ".old"))
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=None if shown else output,
            stderr=output,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            preexec_fn=_dies_with_parent(orphaned),  # noqa: PLW1509  (called from the main thread)
            **as_account(account),
        )


def as_account(account: Account | None) -> dict[str, object]:
    """The keyword arguments that make subprocess run a command as another account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _dies_with_parent(orphaned: signal.Signals) -> Callable[[], None] | None:
    """What the child does before exec, after it changed its user (which would clear the wish)."""
    if not LINUX:
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def wish() -> None:
        prctl(_PR_SET_PDEATHSIG, int(orphaned), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return wish


def alive(pid: int) -> bool:
    """Whether a process with this id runs (an unreaped one counts as ended)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not (LINUX and _state(pid) in {"Z", "X", ""})


def started_at(pid: int) -> str:
    """A mark that tells a process from a later one that got the same id; empty when there is none."""
    if LINUX:
        fields = _stat(pid)
        return fields[19] if fields else ""
    return _ps(pid, "lstart=")


def command_line(pid: int) -> str:
    """What a process was started as, empty when there is none."""
    if LINUX:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        return ""
    return _ps(pid, "command=")


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder this is (Linux only, elsewhere none are found)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if Path(os.readlink(entry / "cwd")) == folder:
                found.append(int(entry.name))
    return found


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def no_tick() -> None:
    """What happens between two looks at a condition, when nothing should."""


def wait_until(condition: Callable[[], bool], seconds: float, tick: Callable[[], None] = no_tick) -> bool:
    """Whether the condition came true within so many seconds; `tick` is called between and may raise."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        tick()
        time.sleep(0.03)
    return True


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, to show why a child failed."""
    try:
        with open(log, "rb") as file:
            file.seek(max(0, log.stat().st_size - 20_000))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def _state(pid: int) -> str:
    fields = _stat(pid)
    return fields[0] if fields else ""


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; the second, the name, may hold blanks and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _ps(pid: int, field: str) -> str:
    done = subprocess.run(["ps", "-o", field, "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()
