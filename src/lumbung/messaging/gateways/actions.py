"""How ways out fare, known to all workers by the database: left alone after failures, paced by their rate."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import Gateway
from lumbung.messaging.outbox.channels import Way

# So many failures in a row close a way, for a while that doubles with each further one.
CLOSES_AFTER = 3
CLOSED_AT_FIRST, CLOSED_AT_MOST = timedelta(seconds=15), timedelta(minutes=5)
# A try after that while is one message alone; whoever tries has this long until the next one may.
A_TRY_TAKES = timedelta(seconds=30)
# A way's texts a second are never spent further ahead than so many times what it may save up.
SPENT_AHEAD = 60
# Of a way that takes so many a second, how far ahead of its pace each lane may go, as a part of what may be saved
# up: a broadcast always leaves room that a code finds at once.
AHEAD = {Lane.CODE: 1.0, Lane.ANSWER: 0.5, Lane.NOTICE: 0.0, Lane.BROADCAST: -0.5}


def opening(ways: Sequence[Way], now: datetime) -> datetime | None:
    """When the first of the ways is open again; None when one is open now."""
    closed = {way.name: gateway.closed_until for way, gateway in _known(ways) if is_closed(gateway, now)}
    if any(way.name not in closed for way in ways):
        return None
    return min(until for until in closed.values() if until is not None)


def is_closed(gateway: Gateway, now: datetime) -> bool:
    """Whether the way is left alone now. For longer than it ever is: that was noted by a clock that was wrong."""
    return gateway.closed_until is not None and now < gateway.closed_until <= now + CLOSED_AT_MOST


def _known(ways: Sequence[Way]) -> list[tuple[Way, Gateway]]:
    rows = Gateway.objects.in_bulk([way.name for way in ways])
    return [(way, rows[way.name]) for way in ways if way.name in rows]


def room(way: Way, *, now: datetime) -> Mapping[Lane, int] | None:
    """How many of each lane the way may be given now; None while it is closed. In the caller's transaction.

    A way that is tried after it was closed may be given one. The counts are of one pot: who takes two codes has
    two fewer for answers (`spend`).
    """
    unlimited = dict.fromkeys(Lane, 1_000_000)
    if not way.breaks and way.rate is None:
        return unlimited
    gateway = Gateway.objects.filter(name=way.name).first()
    if gateway is None:
        if way.rate is None:
            return unlimited
        gateway, _ = Gateway.objects.get_or_create(name=way.name)
    if way.breaks and gateway.closed_until is not None:
        return _try_one(way, now)
    return unlimited if way.rate is None else _paced(way, now)


def _try_one(way: Way, now: datetime) -> Mapping[Lane, int] | None:
    """One message, for the one worker that comes first after the while is over."""
    is_open = Q(closed_until__lte=now) | Q(closed_until__gt=now + CLOSED_AT_MOST)
    ours = Gateway.objects.filter(is_open, name=way.name).update(closed_until=now + A_TRY_TAKES)
    return dict.fromkeys(Lane, 1) if ours else None


def _paced(way: Way, now: datetime) -> Mapping[Lane, int]:
    assert way.rate is not None, way
    gateway = Gateway.objects.select_for_update().get(name=way.name)
    saved = _saved(way)
    spare = now - _paid(gateway, saved, now)
    return {lane: max(0, int((spare + saved * AHEAD[lane]).total_seconds() * way.rate)) for lane in Lane}


def _saved(way: Way) -> timedelta:
    """How much of its pace an idle way saves up: a second's worth, and two texts at least."""
    assert way.rate is not None, way
    return timedelta(seconds=max(1.0, 2 / way.rate))


def _paid(gateway: Gateway, saved: timedelta, now: datetime) -> datetime:
    """Until when the way's texts a second are spent. Far ahead, it was noted by a clock that was wrong."""
    earliest = now - saved
    spent = gateway.paid_until
    return earliest if spent is None or spent > now + SPENT_AHEAD * saved else max(spent, earliest)


def spend(way: Way, count: int, *, now: datetime) -> None:
    """Note that so many of the way's texts a second are used up. The caller holds its row since `room`."""
    if way.rate is None or count == 0:
        return
    gateway = Gateway.objects.get(name=way.name)
    spent = _paid(gateway, _saved(way), now)
    Gateway.objects.filter(name=way.name).update(paid_until=spent + timedelta(seconds=count / way.rate))


def note_answered(way: Way, *, took: bool, now: datetime) -> None:
    """The way works, whether it took something or refused all: whatever it failed before is forgotten."""
    facts = {"failures": 0, "closed_until": None, **({"took_at": now} if took else {})}
    if way.breaks and not Gateway.objects.filter(name=way.name).update(**facts):
        Gateway.objects.update_or_create(name=way.name, defaults=facts)


def note_failed(way: Way, *, at_once: int, has_others: bool, now: datetime) -> None:
    """A set failed, so many of it at once. From CLOSES_AFTER in a row on the way is left alone a while, and from
    the first on when there are others, which are asked at once then."""
    if not way.breaks:
        return
    Gateway.objects.get_or_create(name=way.name)
    gateway = Gateway.objects.select_for_update().get(name=way.name)
    failures = max(gateway.failures + 1, CLOSES_AFTER if has_others else min(at_once, CLOSES_AFTER))
    closed_until = gateway.closed_until
    if failures >= CLOSES_AFTER:
        closed_until = now + min(CLOSED_AT_FIRST * 2 ** min(failures - CLOSES_AFTER, 10), CLOSED_AT_MOST)
    Gateway.objects.filter(name=way.name).update(failures=failures, closed_until=closed_until, failed_at=now)
