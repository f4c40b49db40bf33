"""Who refuses texts: everything, or phones of which nobody knows yet whether they are to blame."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import RefusedPhone, Refusing


@dataclass(frozen=True, slots=True)
class Place:
    """A lane of a gateway; `by` is empty for its own answers, else the carrier behind it that receipts name."""

    gateway: str
    by: str
    lane: int

    @property
    def columns(self) -> dict[str, Any]:
        return {"gateway": self.gateway, "by": self.by, "lane": self.lane}


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many phones were refused in a row there. `since` is set when it refuses whatever it is given: when the
    first text was handed over that it refused so."""

    gateway: str
    by: str
    lane: str
    phones: int
    since: datetime | None


def refusals() -> Sequence[Refusals]:
    """All places where a refusal waits for its judgement, or that refuse everything."""
    counted = RefusedPhone.objects.order_by().values_list("gateway", "by", "lane").annotate(Count("pk"))
    phones = {Place(gateway, by, lane): count for gateway, by, lane, count in counted}
    ill = Refusing.objects.filter(since__isnull=False).values_list("gateway", "by", "lane", "since")
    since = {Place(gateway, by, lane): at for gateway, by, lane, at in ill}
    places = sorted({*phones, *since}, key=lambda place: (place.gateway, place.by, place.lane))
    return [
        Refusals(place.gateway, place.by, Lane(place.lane).name.lower(), phones.get(place, 0), since.get(place))
        for place in places
    ]
