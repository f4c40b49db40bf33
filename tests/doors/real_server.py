"""The real server and its queue as processes over the test's database, to be killed and started anew."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kannel_boxes import wait_until
from ports import free_port

from lumbung.cli import processes

# One line a request, with its address: how the test knows what was taken in, without asking the database.
_LOG_LINE = "%(status)d %(path)s?%(query_string)s"


@dataclass
class RealServer:
    """Granian and the queue's worker, started by `with`, over the database of DATABASE_URL."""

    folder: Path
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.begin("web")
        self.begin("queue")
        return self

    def __exit__(self, *failure: object) -> None:
        for name in list(self.running):
            self.kill(name)

    def begin(self, name: str) -> None:
        """Start the server (`web`) or the worker (`queue`), and don't wait until it is ready."""
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "lumbung.config.settings", "LUMBUNG_DOORS": "sms", **self.more,
        }  # fmt: skip
        self.running[name] = processes.spawn(
            self._command(name),
            environment=environment,
            log=self.folder / f"{name}.log",
            folder=self.folder,
            orphaned=signal.SIGKILL,
        )

    def wait_for_web(self) -> None:
        web = self.running["web"]
        wait_until(lambda: web.poll() is not None or self._answers())
        assert web.poll() is None, (self.folder / "web.log").read_text()

    def _answers(self) -> bool:
        """Whether it serves. Granian opens its port and closes it once more before it does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", "/sms/metrics")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def kill(self, name: str) -> None:
        """As a machine that fails: at once, with all that belongs to it."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)

    def taken(self) -> Iterator[str]:
        """The gateway's ids of the texts that were acknowledged to it, one for each time."""
        for line in (self.folder / "web.log").read_text(errors="replace").splitlines():
            if found := re.search(r"\b200 /sms/inbound\?id=([0-9a-f-]+)", line):
                yield found[1]

    def _command(self, name: str) -> list[str]:
        if name == "queue":
            return [sys.executable, "-m", "django", "procrastinate", "worker"]
        return [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "--backpressure", "64",
            "--log-level", "info", "--access-log", "--access-log-fmt", _LOG_LINE,
            "lumbung.config.wsgi:application",
        ]  # fmt: skip
