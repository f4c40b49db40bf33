"""Hand a set of claimed rows over, some side by side, with no transaction open. Asks no database."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import structlog

from lumbung.messaging.models import Outbound
from lumbung.messaging.outbox.channels import Way
from lumbung.messaging.transports import Later, NotTaken, Refused

log = structlog.get_logger(__name__)
# After so many failures in a row the rest of a set is not tried, nor what has not been begun after so long: with
# one time-out more that stays below what counts as lost (channels.Channel).
GIVEN_UP_AFTER = 3
SECONDS_FOR_A_SET = 20
# What has been begun by a way that sends each by a thread of its own is waited for no longer than this after that.
LONGEST_FOR_ONE = 30


class End(Enum):
    """How it went with one: the other side has it, never takes it, has not taken it, takes it later though others
    now, nobody knows, not begun."""

    TAKEN = "taken"
    REFUSED = "refused"
    NOT_TAKEN = "not taken"
    LATER = "later"
    UNKNOWN = "unknown"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row; `reason` when it was refused."""

    row: Outbound
    end: End
    reason: str = ""


# Waits for the end of a set that is on its way.
Begun = Callable[[], list[Outcome]]


class _Set:
    """One set on its way."""

    def __init__(self, way: Way, rows: Sequence[Outbound]) -> None:
        self.way, self.rows = way, rows
        self._ends_at = time.monotonic() + SECONDS_FOR_A_SET
        self._failures = 0
        self._outcomes: list[Outcome] = []
        self._lock, self._is_over = threading.Lock(), threading.Event()

    def each(self) -> Iterator[Outbound]:
        """Those to send, as long as it makes sense to send them."""
        for row in self.rows:
            if self._failures >= GIVEN_UP_AFTER or time.monotonic() > self._ends_at:
                self._keep(Outcome(row, End.NOT_BEGUN))
            else:
                yield row

    def send(self, row: Outbound) -> None:
        try:
            self.way.send(row)
        except Exception as failure:  # noqa: BLE001  (whatever it is, what stands behind is handed over)
            self.heard(row, failure)
        else:
            self.heard(row, None)

    def heard(self, row: Outbound, failure: Exception | None) -> None:
        """How it went with one: what `Way.send` raised, or None."""
        self._keep(self._outcome(row, failure))

    def _outcome(self, row: Outbound, failure: Exception | None) -> Outcome:
        match failure:
            case None:
                return Outcome(row, End.TAKEN)
            case Refused():
                return Outcome(row, End.REFUSED, failure.reason)
            case Later():
                return Outcome(row, End.LATER)
            case NotTaken():
                return Outcome(row, End.NOT_TAKEN)
        # Without the words of the failure: they may quote an address.
        log.warning("hand_over_unknown", id=row.pk, way=self.way.name, failure=type(failure).__name__)
        return Outcome(row, End.UNKNOWN)

    def _keep(self, outcome: Outcome) -> None:
        with self._lock:
            if outcome.end is not End.NOT_BEGUN:
                failed = outcome.end in {End.NOT_TAKEN, End.UNKNOWN}
                self._failures = self._failures + 1 if failed else 0
            self._outcomes.append(outcome)
            if len(self._outcomes) == len(self.rows):
                self._is_over.set()

    def wait(self) -> list[Outcome]:
        """How it went with each. Of what somebody else's thread has not said in good time, nobody knows."""
        limit = self._ends_at + LONGEST_FOR_ONE - time.monotonic()
        self._is_over.wait(None if self.way.send_each is None else max(0.0, limit))
        with self._lock:
            said = {outcome.row.pk for outcome in self._outcomes}
            unsaid = [Outcome(row, End.UNKNOWN) for row in self.rows if row.pk not in said]
            return [*self._outcomes, *unsaid]


def begin(way: Way, rows: Sequence[Outbound]) -> Begun:
    """Send all of them, `way.in_flight` at a time. They are on their way when it returns, unless they go one at a
    time; then they have gone. Never raises for what a way out does."""
    sending = _Set(way, rows)
    if way.in_flight == 1 or len(rows) == 1:
        _send_in_a_row(sending, sending.each())
    elif way.send_each is not None:
        way.send_each(sending.each(), sending.heard)
    else:
        each = _Shared(sending.each())
        for _ in range(min(way.in_flight, len(rows))):
            _threads(way.in_flight).submit(_send_in_a_row, sending, each)
    return sending.wait


def _send_in_a_row(sending: _Set, rows: Iterable[Outbound]) -> None:
    for row in rows:
        sending.send(row)


class _Shared:
    """Rows of which each of several threads takes the next one."""

    def __init__(self, rows: Iterator[Outbound]) -> None:
        self._rows, self._lock = rows, threading.Lock()

    def __iter__(self) -> Iterator[Outbound]:
        return self

    def __next__(self) -> Outbound:
        with self._lock:
            return next(self._rows)


def ended(way: Way, begun: Begun) -> list[Outcome]:
    """How it went with a set that was begun by this way, once all of it is over."""
    outcomes = begun()
    assert outcomes, way.name
    return outcomes


@lru_cache(maxsize=8)
def _threads(count: int) -> ThreadPoolExecutor:
    """Threads that stay, and with them their connections to the other side."""
    return ThreadPoolExecutor(max_workers=count, thread_name_prefix="hand-over")
