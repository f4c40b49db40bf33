"""SALDO from phones through a real Kannel and back, against the same with an endpoint that answers a constant."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from kannel_boxes import Boxes
from ports import free_port
from smpp_carrier import Carrier

from benchmarks import months
from benchmarks.acknowledging import instants
from benchmarks.measuring import Result
from benchmarks.web import served
from lumbung.cli import kannel
from lumbung.law.month import Month
from lumbung.messaging.phones import phone_index
from lumbung.registry.actions import NewPerson, register_persons
from lumbung.sms.models import SmsRegistration

ROUNDS = 4
# Phones whose texts are under way to Kannel at once.
AT_ONCE = 50
# Texts a second at which nothing queues, and how many of them at most.
CALM, MOST_CALM = 20, 500
SECRET = "secret-of-the-benchmark"
SECONDS, LONGEST = 10, 600


@dataclass(frozen=True, slots=True)
class Side:
    """A carrier's phones, the Kannel that they reach, and when its endpoint acknowledged their texts."""

    carrier: Carrier
    boxes: Boxes
    log: Path

    def round_trips(self, phones: Sequence[str]) -> float:
        """Seconds from the first text until the last phone has its answer."""
        began, heard = time.perf_counter(), len(self.carrier.submitted)
        flood = self.carrier.begin_flood(list(phones), saldo, at_once=AT_ONCE)
        self.carrier.wait(lambda: len(self.carrier.submitted) >= heard + len(phones), LONGEST)
        assert flood.result(SECONDS) == [], "Kannel acknowledged every text"
        return time.perf_counter() - began

    def calm(self, phones: Sequence[str]) -> float:
        """The 99th percentile of the milliseconds from a phone's text until the endpoint has acknowledged it, at
        a pace at which nothing queues."""
        heard, sent = len(self.carrier.submitted), {}
        for phone in phones:
            sent[phone] = time.time()
            self.carrier.say(phone, saldo(phone))
            time.sleep(max(0.0, 1 / CALM - (time.time() - sent[phone])))
        self.carrier.wait(lambda: len(self.carrier.submitted) >= heard + len(phones), LONGEST)
        acknowledged = instants(self.log)
        taken = sorted(1000 * (acknowledged[phone] - instant) for phone, instant in sent.items())
        return taken[int(0.99 * (len(taken) - 1))]


def run(options: argparse.Namespace) -> Iterator[Result]:
    """Both Kannels stand at the same time; one at a time is texted, a quarter of the phones each turn."""
    calm = min(MOST_CALM, 2 + options.texts // 10)
    every = [f"+62812{at:08d}" for at in range(1 + options.texts + calm)]
    _make_members(every)
    first, phones, last = every[:1], every[1 : 1 + options.texts], every[1 + options.texts :]
    with ExitStack() as stack:
        folder = Path(os.environ["LUMBUNG_HOME"])
        ours, constant = stack.enter_context(_ours(folder)), stack.enter_context(_constant(folder))
        _ = ours.calm(first), constant.calm(first)  # warm-ups
        yield from _compared(ours, constant, phones)
        mine, theirs = ours.calm(last), constant.calm(last)
        _nothing_lost_or_twice(ours, every)
        words = f"{mine:,.1f} ms at {CALM} texts/s; other side {theirs:,.1f} ms"
        figures = {"p99_ms": mine, "other_p99_ms": theirs}
        yield Result("text_p99_to_durable_of_constant", mine / theirs, words, figures)


def _compared(ours: Side, constant: Side, phones: Sequence[str]) -> Iterator[Result]:
    size = -(-len(phones) // ROUNDS)
    taken = []
    for start in range(0, len(phones), size):
        part = phones[start : start + size]
        taken.append((len(part) / ours.round_trips(part), len(part) / constant.round_trips(part)))
    rate, other = (median(side) for side in zip(*taken, strict=True))
    words = f"{rate:,.0f} /s; other side {other:,.0f}; {len(phones):,} texts, none lost and none answered twice"
    figures = {"per_second": rate, "other_per_second": other, "texts": len(phones)}
    yield Result("saldo_of_constant", median(mine / theirs for mine, theirs in taken), words, figures)


def saldo(phone: str) -> str:
    """What the phone's holder texts."""
    return f"SALDO {int(phone[6:]):011d}"


def _make_members(phones: Sequence[str]) -> None:
    """A member with a balance for each phone, which is registered by DAFTAR."""
    months.post(months.Batch.of(0, len(phones)), Month(2025, 10), key="bench")
    now = datetime(2025, 11, 1, tzinfo=UTC)
    persons = [
        NewPerson(f"Contoh {at}", date(1990, 1, 1), (f"{at:011d}",), phone=phone)
        for at, phone in enumerate(phones)
    ]
    for start in range(0, len(persons), 5_000):
        register_persons(persons[start : start + 5_000])
    SmsRegistration.objects.bulk_create(
        SmsRegistration(member_number_id=f"{at:011d}", phone_index=phone_index(phone), registered_at=now)
        for at, phone in enumerate(phones)
    )


def _nothing_lost_or_twice(side: Side, phones: Sequence[str]) -> None:
    told = Counter(each.phone for each in side.carrier.submitted)
    assert set(told) == {phone.removeprefix("+") for phone in phones}, "every phone has an answer"
    assert set(told.values()) == {1}, "and only one"
    assert all("Rp" in each.body for each in side.carrier.submitted), "which tells a balance"


@contextmanager
def _ours(folder: Path) -> Iterator[Side]:
    """Our server and one worker of its queue, which answers by the same Kannel's sendsms."""
    with _side(folder, "ours", "benchmarks.wsgi_timed:application", {}) as side:
        yield side


@contextmanager
def _constant(folder: Path) -> Iterator[Side]:
    """The same Kannel, but that it sends on what it is answered."""
    changed = {"max-messages = 0": "max-messages = 1"}
    with _side(folder, "constant", "benchmarks.wsgi_constant:application", changed) as side:
        yield side


@contextmanager
def _side(folder: Path, name: str, application: str, changed: dict[str, str]) -> Iterator[Side]:
    with ExitStack() as stack:
        carrier = stack.enter_context(Carrier(free_port(), can_be_cut=False))
        port, log = free_port(), folder / f"{name}.acknowledged"
        boxes = Boxes(folder / name, f"http://127.0.0.1:{port}", SECRET, (carrier.port,), throughput=100_000)
        boxes.changed |= changed
        os.environ["BENCH_ACKNOWLEDGED"], os.environ["LUMBUNG_SMS_SECRET"] = str(log), SECRET
        os.environ["LUMBUNG_GATEWAYS"] = json.dumps([boxes.way()])
        if name == "ours":
            stack.enter_context(_worker(folder))
        stack.enter_context(boxes)
        stack.enter_context(served(application, port=port, workers=1, threads=kannel.AT_ONCE))
        carrier.wait_for_link()
        yield Side(carrier, boxes, log)


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--queues", "texts"]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    with open(folder / "worker.log", "w") as log:
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=30)
