"""Kannel under test: both boxes with the configuration that we write, on loopback, in a folder of their own."""

import http.client
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ports import free_port

from lumbung.cli import carriers, kannel, processes

ROOT = Path(__file__).resolve().parent.parent.parent
# As the units of systemd start them.
MASKED = ROOT / "deploy/kannel/masked"
SECONDS = 60.0
IN_FLIGHT = 16
# What is waited for outside tests is hurried: the same roads, sooner.
HURRIED = {
    f"sms-resend-freq = {kannel.RESEND_AFTER}": "sms-resend-freq = 1",
    f"http-queue-delay = {kannel.AGAIN_AFTER}": "http-queue-delay = 1",
    "reconnect-delay = 5": "reconnect-delay = 1",
}


def wait_until(is_so: Callable[[], object], seconds: float = SECONDS, *, why: Callable[[], object] = str) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} s: {why()}"
        time.sleep(0.02)


@dataclass
class Boxes:
    """Bearerbox and smsbox, started by `with` and gone after it, whatever happened.

    They hand texts to `endpoint`. `links` are the ports of carriers that listen on loopback by then; they are
    named `telco1`, `telco2` …
    """

    folder: Path
    endpoint: str
    secret: str
    links: tuple[int, ...]
    throughput: float = 1000.0
    ports: tuple[int, int, int] = field(default_factory=lambda: (free_port(), free_port(), free_port()))
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=lambda: dict(HURRIED))

    def way(self, port: int = 0) -> dict[str, object]:
        """This Kannel in LUMBUNG_GATEWAYS, reached at this port if another one stands before it."""
        url = f"http://127.0.0.1:{port or self.ports[0]}{kannel.SENDSMS}"
        return {
            "name": "kannel", "transport": "kannel", "url": url,
            "username": "lumbung", "password": "kata-sandi", "from": "2757", "receipts": self.endpoint,
            "in_flight": IN_FLIGHT,
        }  # fmt: skip

    @property
    def gateway(self) -> kannel.Gateway:
        return kannel.Gateway(
            number="2757",
            endpoint=self.endpoint,
            secret=self.secret,
            sendsms_url=f"http://127.0.0.1:{self.ports[0]}{kannel.SENDSMS}",
            user="lumbung",
            password="kata-sandi",
            carriers=tuple(
                carriers.Carrier(
                    name=f"telco{place}", host="127.0.0.1", port=port, user="fund01", password="smpppw",
                    throughput=self.throughput, window=50,
                )
                for place, port in enumerate(self.links, 1)
            ),
            folder=self.folder,
            admin_port=self.ports[1],
            box_port=self.ports[2],
        )  # fmt: skip

    def __enter__(self) -> Self:
        for name in ("log", "store", "dlr"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        text = kannel.configuration(self.gateway)
        for usual, other in self.changed.items():
            assert usual in text, usual
            text = text.replace(usual, other)
        (self.folder / "kannel.conf").write_text(text)
        try:
            self.start("bearerbox")
            self.start("smsbox")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        for name in ("smsbox", "bearerbox"):
            if name in self.running:
                self.end(name)

    def start(self, name: str) -> None:
        """Start a box; returns when it is ready for its work."""
        command = [MASKED, f"/usr/sbin/{name}", "-v", "3", "kannel.conf"]
        log = self.folder / "log" / f"{name}.log"
        box = processes.spawn(
            command, environment=dict(os.environ), log=log, folder=self.folder, orphaned=signal.SIGKILL
        )
        self.running[name] = box
        port = self.ports[2] if name == "bearerbox" else self.ports[0]
        wait_until(lambda: box.poll() is not None or listens(port), why=log.read_text)
        assert box.poll() is None, log.read_text()
        if name == "smsbox":
            wait_until(lambda: "smsbox:" in self.status(), why=self.status)

    def end(self, name: str, by: signal.Signals = signal.SIGKILL) -> None:
        """End a box by this signal, and what it left: the filter of its log, and an smsbox's own successor."""
        box = self.running.pop(name)
        box.send_signal(by)
        try:
            box.wait(SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(box.pid, signal.SIGKILL)

    def start_anew(self, name: str, by: signal.Signals = signal.SIGKILL) -> None:
        """End a box and have it back, as systemd would; the smsbox comes back with its bearerbox."""
        self.end(name, by)
        if name == "bearerbox":
            if "smsbox" in self.running:
                self.end("smsbox")
            self.start("bearerbox")
        self.start("smsbox")

    def status(self) -> str:
        """Kannel's own page of its queues and links."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[1], timeout=SECONDS)
        try:
            connection.request("GET", f"/status.txt?password={self.gateway.password_for('status')}")
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def in_spool(self) -> int:
        """How many texts Kannel has taken and not passed on."""
        found = re.search(r"store size (\d+)", self.status())
        assert found is not None, self.status()
        return int(found[1])

    def logs(self) -> str:
        """All that both boxes wrote down of what they did."""
        return "".join(log.read_text(errors="replace") for log in sorted((self.folder / "log").iterdir()))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
