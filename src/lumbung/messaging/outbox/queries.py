"""How the outbox fares, in numbers that are of nobody: what waits and how long, what ended, and the gateways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from lumbung.messaging.gateways.actions import is_closed
from lumbung.messaging.gateways.configured import ways
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import Gateway, InboundText, Outbound, OutboundMail, OutboundPush, OutboundText
from lumbung.messaging.refusing.queries import Refusals, refusals

KINDS: dict[str, type[Outbound]] = {"sms": OutboundText, "mail": OutboundMail, "push": OutboundPush}


@dataclass(frozen=True, slots=True)
class Depth:
    """What waits in one lane: to be sent at all, now due, claimed; and for how many seconds the oldest is due."""

    kind: str
    lane: str
    waiting: int
    due: int
    claimed: int
    oldest_seconds: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How many ended so since an instant; `reason` is why they failed."""

    kind: str
    lane: str
    state: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Health:
    """How a gateway fares: `state` is open, closed (left alone until then) or trying (the next text is a try)."""

    name: str
    state: str
    failures: int
    closed_until: datetime | None
    took_at: datetime | None
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it at one instant. `inbound_seconds` is how long the oldest text waits to be understood."""

    depths: Sequence[Depth]
    ended: Sequence[Ended]
    gateways: Sequence[Health]
    refusals: Sequence[Refusals]
    inbound: int
    inbound_seconds: int


def standing(*, now: datetime, since: datetime) -> Standing:
    """How all of it stands now, with what ended since then."""
    waiting = InboundText.objects.filter(state=InboundText.State.WAITING)
    inbound = waiting.aggregate(count=Count("pk"), first=Min("received_at"))
    return Standing(
        depths=[depth for kind in KINDS for depth in _depths(kind, now)],
        ended=[each for kind in KINDS for each in _ended(kind, since)],
        gateways=_gateways(now),
        refusals=refusals(),
        inbound=inbound["count"],
        inbound_seconds=_seconds(inbound["first"], now),
    )


def _seconds(since: datetime | None, now: datetime) -> int:
    return 0 if since is None else max(0, int((now - since).total_seconds()))


def _depths(kind: str, now: datetime) -> list[Depth]:
    queued = Q(state=Outbound.State.QUEUED)
    due = queued & Q(not_before__lte=now)
    open_ = KINDS[kind]._default_manager.filter(state__in=[Outbound.State.QUEUED, Outbound.State.CLAIMED])
    rows = (
        open_.order_by()
        .values("lane")
        .annotate(
            waiting=Count("pk", filter=queued),
            due=Count("pk", filter=due),
            claimed=Count("pk", filter=~queued),
            first=Min("not_before", filter=due),
        )
    )
    found: dict[int, dict[str, Any]] = {row["lane"]: dict(row) for row in rows}
    empty: dict[str, Any] = {"waiting": 0, "due": 0, "claimed": 0, "first": None}
    return [
        Depth(kind, lane.name.lower(), row["waiting"], row["due"], row["claimed"], _seconds(row["first"], now))
        for lane in Lane
        for row in [found.get(lane, empty)]
    ]


def _ended(kind: str, since: datetime) -> list[Ended]:
    """By when it was put out: what is older ended earlier or waits still."""
    rows = KINDS[kind]._default_manager.filter(
        queued_at__gte=since, state__in=[Outbound.State.SENT, Outbound.State.FAILED]
    )
    counted = rows.order_by("lane", "state", "reason").values_list("lane", "state", "reason").annotate(Count("pk"))
    return [
        Ended(kind, Lane(lane).name.lower(), state, reason, count)
        for lane, state, reason, count in counted.exclude(reason="nobody")
    ]


def _gateways(now: datetime) -> list[Health]:
    names = [way.name for way in ways()]
    rows = Gateway.objects.in_bulk()
    names += sorted(set(rows) - set(names))
    return [_health(rows.get(name) or Gateway(name=name), now) for name in names]


def _health(row: Gateway, now: datetime) -> Health:
    state = "open" if row.closed_until is None else "closed" if is_closed(row, now) else "trying"
    return Health(row.name, state, row.failures, row.closed_until, row.took_at, row.failed_at)
