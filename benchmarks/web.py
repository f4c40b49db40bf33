"""The doors for machines under load: a text taken in, a balance for a program, against the least one can do."""

import argparse
import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import psycopg

from benchmarks import load, months
from benchmarks.load import NUMBER, UNIQUE, Target
from benchmarks.measuring import Result
from lumbung.accounts.actions import make_program
from lumbung.law.month import Month

MEMBERS = 2_000
APPLICATIONS = {
    "ours": "lumbung.config.wsgi:application",
    "plain": "benchmarks.wsgi_plain:application",
    "django": "benchmarks.wsgi_django:application",
}
WORKERS, BLOCKING_THREADS = 2, 4
PLAIN = """
    CREATE SCHEMA plain;
    CREATE TABLE plain.text (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gateway_id text NOT NULL UNIQUE, body bytea NOT NULL);
    GRANT USAGE ON SCHEMA plain TO lumbung_app;
    GRANT SELECT, INSERT ON plain.text TO lumbung_app;
"""
WORDS = "SALDO 123456789012"


def run(options: argparse.Namespace) -> Iterator[Result]:
    """All three servers stand at the same time, with the same settings; one at a time is asked."""
    months.post(months.Batch.of(0, MEMBERS), Month(2025, 10), key="bench")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(PLAIN)
    with ExitStack() as servers:
        ports = {name: servers.enter_context(served(application)) for name, application in APPLICATIONS.items()}
        texts = {
            "ours": Target(
                ports["ours"], "POST", f"/sms/inbound?id={UNIQUE}&ts=1764547200", MEMBERS, WORDS, _gateway()
            ),
            **{
                side: Target(ports[side], "POST", f"/text?id={UNIQUE}", MEMBERS, WORDS)
                for side in ("plain", "django")
            },
        }
        yield from _compared(options, texts, {"sms_of_constant": "plain", "sms_of_constant_in_django": "django"})
        reads = {
            "ours": _balance(ports["ours"]),
            **{side: Target(ports[side], "GET", f"/read/{NUMBER}", MEMBERS) for side in ("plain", "django")},
        }
        yield from _compared(options, reads, {"api_of_raw_read": "django", "api_of_bare_wsgi": "plain"})


def _compared(options: argparse.Namespace, targets: dict[str, Target], names: dict[str, str]) -> Iterator[Result]:
    if not set(names) & set(options.names):
        return
    rates: dict[str, list[float]] = {side: [] for side in targets}
    for number in range(options.rounds + 1):
        for side, target in targets.items():
            found = load.rate(target, options.seconds, f"{side}-{next(iter(names))}-{number}")
            if number:
                rates[side].append(found)
    mine = median(rates["ours"])
    for name, side in names.items():
        ratio = median(our / their for our, their in zip(rates["ours"], rates[side], strict=True))
        theirs = median(rates[side])
        told = f"{load.generator(options.seconds)}, {load.CONNECTIONS} connections"
        words = f"{mine:,.0f} /s; other side {theirs:,.0f} ({told})"
        yield Result(name, ratio, words, {"per_second": mine, "other_per_second": theirs})


def _gateway() -> dict[str, str]:
    """What Kannel sends along."""
    pair = f"kannel:{os.environ['LUMBUNG_SMS_SECRET']}".encode()
    return {
        "Authorization": f"Basic {base64.b64encode(pair).decode()}",
        "Content-Type": "text/plain; charset=UTF-8",
        "X-Kannel-From": "+6281200000001",
        "X-Kannel-To": "2757",
    }


def _balance(port: int) -> Target:
    """A program of the fund's own fetches a token once and asks with it."""
    program = make_program("bench", scopes=("balance",))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    facts = {"grant_type": "client_credentials", "client_id": program.client_id, "client_secret": program.secret}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/api/token", urlencode(facts), headers)
    token = json.loads(connection.getresponse().read())["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return Target(port, "POST", "/api/v1/balance", MEMBERS, f'{{"member_number": "{NUMBER}"}}', headers)


@contextmanager
def served(
    application: str, *, port: int = 0, workers: int = WORKERS, threads: int = BLOCKING_THREADS
) -> Iterator[int]:
    """An application on granian, on this or a free port of loopback; ended afterwards."""
    if not port:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--backpressure", "64",
        "--log-level", "error", application,
    ]  # fmt: skip
    log = Path(os.environ["LUMBUNG_HOME"]) / "granian.log"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    with open(log, "a") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(port, server, log)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"granian ended:\n{log.read_text()}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/read/00000000000")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise SystemExit("granian did not answer within a minute")
