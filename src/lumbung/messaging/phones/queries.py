"""Whether a phone may be sent a text now."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count

from lumbung.messaging.lanes import MOST_AN_HOUR, STOPPABLE, Lane
from lumbung.messaging.models import OutboundText, PhoneHold


def bar(index: bytes, lane: Lane) -> str:
    """Why texts of the lane don't go to the phone at all: stopped, unreachable, or "" when they do."""
    return bars([index]).get(index, "") if lane in STOPPABLE else ""


def bars(indexes: Collection[bytes]) -> Mapping[bytes, str]:
    """Which of the phones get no notices and no broadcasts, and why: stopped, unreachable."""
    held = PhoneHold.objects.filter(index__among=indexes)
    words = {bytes(hold.index): _word(hold) for hold in held}
    return {index: word for index, word in words.items() if word}


def _word(hold: PhoneHold) -> str:
    if hold.stopped_at is not None:
        return "stopped"
    return "unreachable" if hold.unreachable_since is not None else ""


def objections(texts: Sequence[OutboundText], now: datetime) -> Mapping[int, str]:
    """The keys of texts about to go out that may not, and why: stopped, unreachable, too many an hour (limit)."""
    stoppable = [bytes(text.to_index) for text in texts if text.lane in STOPPABLE]
    held = bars(stoppable) if stoppable else {}
    taken = _last_hour({bytes(text.to_index) for text in texts}, now)
    found = {}
    for text in texts:
        place = bytes(text.to_index), text.lane
        why = held.get(place[0], "") if text.lane in STOPPABLE else ""
        if not why and taken[place] >= MOST_AN_HOUR[Lane(text.lane)]:
            why = "limit"
        if why:
            found[text.pk] = why
        else:
            taken[place] += 1
    return found


def _last_hour(indexes: set[bytes], now: datetime) -> Counter[tuple[bytes, int]]:
    """How many texts each phone was sent in the last hour, by lane."""
    sent = OutboundText.objects.filter(to_index__among=indexes, claimed_at__gt=now - timedelta(hours=1))
    rows = sent.order_by().values_list("to_index", "lane").annotate(count=Count("pk"))
    return Counter({(bytes(index), lane): count for index, lane, count in rows})
