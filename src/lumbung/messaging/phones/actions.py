"""Keep what keeps texts from a phone: stopped by its holder, or refused by the network for good too often."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from lumbung.messaging.models import PhoneHold, RefusedPhone

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
    note_all_reached([index])


@transaction.atomic
def note_all_reached(indexes: Sequence[bytes]) -> None:
    """The same of many phones."""
    forget_refusals(indexes)
    held = PhoneHold.objects.filter(index__among=indexes).exclude(refusals=0, unreachable_since=None)
    locked(held).update(refusals=0, unreachable_since=None)


@transaction.atomic
def note_delivered(index: bytes) -> None:
    """Something arrived, so refusals are counted from the beginning. Who has the phone now it does not say."""
    forget_refusals([index])
    PhoneHold.objects.filter(index=index, unreachable_since__isnull=True).exclude(refusals=0).update(refusals=0)


@transaction.atomic
def forget_refusals(indexes: Sequence[bytes]) -> None:
    """Those of the phones that nobody is to blame for yet: they won't be."""
    if RefusedPhone.objects.exists():  # seldom: then the long list is not even sent
        locked(RefusedPhone.objects.filter(index__in=indexes)).delete()


def locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, locked in an order that all keep to who lock several."""
    found = list(rows.select_for_update().order_by("index", "pk").values_list("pk", flat=True))
    return rows.model._default_manager.filter(pk__in=found) if found else rows.none()


@transaction.atomic
def note_refused(indexes: Collection[bytes], *, now: datetime) -> None:
    """The network will take nothing for these phones. After REFUSED_MOST in a row one counts as unreachable."""
    for index in sorted(indexes):
        PhoneHold.objects.get_or_create(index=index)
        PhoneHold.objects.filter(index=index).update(refusals=F("refusals") + 1)
        often = PhoneHold.objects.filter(index=index, refusals__gte=REFUSED_MOST, unreachable_since__isnull=True)
        often.update(unreachable_since=now)
