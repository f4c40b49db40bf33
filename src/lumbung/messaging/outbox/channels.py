"""What is particular about a kind of message as a thing that goes out, and about a way out."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import Outbound

# When a row that falls back has failed, this task is deferred: above this package, so it is named, not imported.
FALL_BACK_TASK = "lumbung.accounts.telling.actions.fall_back"
FALL_BACK_QUEUE = "notices"


# Is told how it went with a row: what `Way.send` would have raised, or None.
Heard = Callable[[Any, Exception | None], None]


@dataclass(frozen=True, slots=True)
class Way:
    """One way out.

    `send` returns when the other side has it, raises Refused when it never will take it, NotTaken when it
    certainly has not this time, and anything else when nobody knows. `may_repeat`: the same reference sent twice
    comes to the same. `in_flight` are sent side by side, so `send` asks no database. `rate` is how many a second
    it takes, None for as many as there are. `breaks`: after failures in a row it is left alone for a while.
    `send_each` sends many side by side without a thread for each: it returns at once, takes them one after another
    as there is room and says of each how it went, all in one other thread.
    """

    name: str
    send: Callable[[Any], None]
    may_repeat: bool
    in_flight: int = 1
    rate: float | None = None
    breaks: bool = True
    send_each: Callable[[Iterable[Any], Heard], None] | None = None


def no_objection(rows: Sequence[Any], now: datetime) -> Mapping[int, str]:
    """What goes out without being looked at once more."""
    return {}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a way out said of a set: which rows the other side has, and which it never takes, with the reason of
    each by its key."""

    way: str
    taken: Sequence[Any]
    refused: Sequence[Any]
    reasons: Mapping[int, str]
    now: datetime


def as_said(answers: Answers) -> Collection[int]:
    """A refusal is one, and says nothing about who it was for."""
    return ()


def nothing_spared(way: Way, ways: Sequence[Way], now: datetime) -> Mapping[Lane, int]:
    """The way may be given all."""
    return {}


@dataclass(frozen=True, slots=True)
class Channel:
    """Texts, mails or pushes.

    `name` is what FALL_BACK_TASK is told. `task` delivers what is due. `ways` are the ways out, the one to prefer
    first. `vet` says of rows about to be claimed which may not go out, and why. `heard` hears what a way out said,
    and returns the keys of refused rows that may go out again all the same. `spare` says of one of the ways how
    many of which lanes it may be given at most, whatever room it has. A claim is lost with its process after
    `lost_after`, which is longer than handing over a set can take.
    """

    name: str
    model: type[Outbound]
    queue: str
    task: str
    ways: Callable[[], Sequence[Way]]
    vet: Callable[[Sequence[Any], datetime], Mapping[int, str]] = no_objection
    heard: Callable[[Answers], Collection[int]] = as_said
    spare: Callable[[Way, Sequence[Way], datetime], Mapping[Lane, int]] = nothing_spared
    beside: tuple[str, ...] = ()
    lost_after: timedelta = timedelta(seconds=60)
