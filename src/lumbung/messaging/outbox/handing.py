"""Hand a set of claimed rows over, some side by side, with no transaction open. Asks no database."""

import threading
import time
from collections.abc import Callable, Sequence
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
    """One set on its way, looked at by several threads."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self._ends_at = time.monotonic() + SECONDS_FOR_A_SET
        self._failures = 0
        self._lock = threading.Lock()

    def send(self, row: Outbound) -> Outcome:
        if self._failures >= GIVEN_UP_AFTER or time.monotonic() > self._ends_at:
            return Outcome(row, End.NOT_BEGUN)
        outcome = self._try(row)
        failed = outcome.end in {End.NOT_TAKEN, End.UNKNOWN}
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
        return outcome

    def _try(self, row: Outbound) -> Outcome:
        try:
            self.way.send(row)
        except Refused as refusal:
            return Outcome(row, End.REFUSED, refusal.reason)
        except Later:
            return Outcome(row, End.LATER)
        except NotTaken:
            return Outcome(row, End.NOT_TAKEN)
        except Exception as failure:  # noqa: BLE001  (whatever it is, what stands behind is handed over)
            # Without the words of the failure: they may quote an address.
            log.warning("hand_over_unknown", id=row.pk, way=self.way.name, failure=type(failure).__name__)
            return Outcome(row, End.UNKNOWN)
        return Outcome(row, End.TAKEN)


def begin(way: Way, rows: Sequence[Outbound]) -> Begun:
    """Send all of them, `way.in_flight` at a time. They are on their way when it returns, unless they go one at a
    time; then they have gone. Never raises for what a way out does."""
    sending = _Set(way)
    if way.in_flight == 1 or len(rows) == 1:
        outcomes = [sending.send(row) for row in rows]
        return lambda: outcomes
    waiting = iter(rows)  # of which each thread takes the next one

    def in_a_row(_: int) -> list[Outcome]:
        return [sending.send(row) for row in waiting]

    parts = _threads(way.in_flight).map(in_a_row, range(min(way.in_flight, len(rows))))
    return lambda: [outcome for part in parts for outcome in part]


def ended(way: Way, begun: Begun) -> list[Outcome]:
    """How it went with a set that was begun by this way, once all of it is over."""
    outcomes = begun()
    assert outcomes, way.name
    return outcomes


@lru_cache(maxsize=8)
def _threads(count: int) -> ThreadPoolExecutor:
    """Threads that stay, and with them their connections to the other side."""
    return ThreadPoolExecutor(max_workers=count, thread_name_prefix="hand-over")
