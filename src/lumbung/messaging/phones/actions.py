"""Keep what keeps texts from a phone: stopped by its holder, or refused by the network for good too often."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from lumbung.messaging.models import OutboundText, PhoneHold

# One refusal may be an operator's mistake.
REFUSED_MOST = 3


def hold(index: bytes, *, now: datetime) -> None:
    """The phone's holder wants no notices and no broadcasts any more. Twice is once."""
    PhoneHold.objects.get_or_create(index=index)
    PhoneHold.objects.filter(index=index, stopped_at__isnull=True).update(stopped_at=now)


def release(index: bytes) -> None:
    """The phone's holder wants them again."""
    PhoneHold.objects.filter(index=index).update(stopped_at=None)


def note_reached(index: bytes) -> None:
    """The phone is its holder's and works: it texted us, or a code that went there was typed."""
    PhoneHold.objects.filter(index=index).exclude(refusals=0, unreachable_since=None).update(
        refusals=0, unreachable_since=None
    )


def note_all_reached(indexes: Sequence[bytes]) -> None:
    """The same of many phones."""
    PhoneHold.objects.filter(index__among=indexes).exclude(refusals=0, unreachable_since=None).update(
        refusals=0, unreachable_since=None
    )


def note_delivered(index: bytes) -> None:
    """Something arrived, so refusals are counted from the beginning. Who has the phone now it does not say."""
    PhoneHold.objects.filter(index=index, unreachable_since__isnull=True).exclude(refusals=0).update(refusals=0)


@transaction.atomic
def note_refused(index: bytes, *, now: datetime) -> None:
    """The network will take nothing for this phone. After REFUSED_MOST in a row it counts as unreachable."""
    PhoneHold.objects.get_or_create(index=index)
    PhoneHold.objects.filter(index=index).update(refusals=F("refusals") + 1)
    refused = PhoneHold.objects.filter(index=index, refusals__gte=REFUSED_MOST, unreachable_since__isnull=True)
    refused.update(unreachable_since=now)


def note_refusals(texts: Sequence[OutboundText], reasons: Mapping[int, str], now: datetime) -> None:
    """Of texts that a gateway refused, note the phones that it refused."""
    for text in texts:
        if reasons[text.pk] == "refused":
            note_refused(bytes(text.to_index), now=now)
