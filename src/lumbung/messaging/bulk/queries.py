"""How far the texts of one cause got."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText
from lumbung.messaging.phones.queries import bars

State, Receipt = OutboundText.State, OutboundText.Receipt
_INDEX_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Counted:
    """Texts that wait in the outbox, that the network has, of these those that arrived for certain, and those that
    were not or never will be sent."""

    waiting: int
    sent: int
    arrived: int
    failed: int


def cause_of(cause: str, index: bytes) -> str:
    """The name of one phone's text among all of a cause; the phone can't be read from it without the key."""
    return f"{cause}:{index.hex()[:_INDEX_DIGITS]}"


def of(cause: str) -> QuerySet[OutboundText]:
    """All texts of a cause."""
    return OutboundText.objects.filter(cause__startswith=f"{cause}:")


def known(causes: Collection[str]) -> set[str]:
    """Those of the names that have a text already."""
    found = OutboundText.objects.filter(cause__in=list(causes)).values_list("cause", flat=True)
    return {cause for cause in found if cause is not None}


def barred(indexes: Collection[bytes]) -> set[bytes]:
    """The phones that get no broadcast: stopped by their holder, or unreachable."""
    return set(bars(list(indexes)))


def counted(cause: str) -> Counted:
    """How far they got, in one statement."""
    found = of(cause).aggregate(
        waiting=Count("pk", filter=Q(state__in=[State.QUEUED, State.CLAIMED])),
        sent=Count("pk", filter=Q(state=State.SENT)),
        arrived=Count("pk", filter=Q(receipt=Receipt.DELIVERED)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )
    return Counted(**found)


def due(*, now: datetime) -> int:
    """How many texts of the last lane could go now and wait for their turn."""
    waiting = OutboundText.objects.filter(lane=Lane.BROADCAST, state=State.QUEUED, not_before__lte=now)
    return waiting.count()
