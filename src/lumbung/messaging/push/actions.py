"""Keep the addresses of browsers, put pushes into the outbox, and hand them over without an open transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.encryption import blind_index
from lumbung.messaging.models import OutboundPush, PushAddress
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.actions import Parcel, Terms
from lumbung.messaging.outbox.channels import Answers, Channel, Way
from lumbung.messaging.push import sending, vapid

QUEUE = "push"
KEPT = timedelta(days=30)


def endpoint_index(endpoint: str) -> bytes:
    """The blind index of a browser's address."""
    return blind_index(endpoint, context="push endpoint")


@transaction.atomic
def keep_address(*, endpoint: str, p256dh: str, auth: str) -> PushAddress:
    """Keep where a browser can be reached, with its keys; the same address again is the same row."""
    address, _ = PushAddress.objects.update_or_create(
        endpoint_index=endpoint_index(endpoint),
        defaults={"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "key": vapid.public_key()},
    )
    return address


@transaction.atomic
def send_push(
    address: PushAddress,
    payload: str,
    *,
    now: datetime,
    cause: str | None = None,
    not_before: datetime | None = None,
    falls_back: bool = False,
) -> OutboundPush:
    """Put a push into the outbox and have it delivered. `payload` tells nothing of the member.

    A second push with the same `cause` is the first one: nothing is sent twice.
    """
    terms = Terms(cause=cause, not_before=not_before, falls_back=falls_back)
    push: OutboundPush = outbox.put_out(PUSHES, terms, now=now, columns={"address": address, "payload": payload})
    return push


@dataclass(frozen=True, slots=True)
class Push:
    """One of many pushes. `payload` tells nothing of the member."""

    address: PushAddress
    payload: str
    terms: Terms


@transaction.atomic
def send_pushes(pushes: Sequence[Push], *, now: datetime) -> None:
    """The same for many pushes in a few statements; see outbox.put_out_all about their causes."""
    parcels = [Parcel(push.terms, {"address": push.address, "payload": push.payload}) for push in pushes]
    outbox.put_out_all(PUSHES, parcels, now=now)


def _forget_gone(answers: Answers) -> Collection[int]:
    """Who is gone is forgotten, with all that is tied to the address."""
    pushes, reasons = answers.refused, answers.reasons
    gone = [push.address_id for push in pushes if push.address_id and reasons[push.pk] == sending.Gone.reason]
    if gone:
        PushAddress.objects.filter(pk__in=gone).delete()
    return ()


def _ways() -> Sequence[Way]:
    """Each push service stands for itself: that one fails says nothing of the others. A push that comes twice is
    shown once, so it may be repeated."""
    return (Way("push", _send, may_repeat=True, in_flight=8, breaks=False),)


def _send(push: OutboundPush) -> None:
    assert push.claimed_at is not None, push
    sending.send(push, now=push.claimed_at)


PUSHES = Channel(
    name="push",
    model=OutboundPush,
    queue=QUEUE,
    task="lumbung.messaging.push.actions.deliver_pushes",
    ways=_ways,
    heard=_forget_gone,
    beside=("address",),
    lost_after=timedelta(seconds=120),
)


@app.task(queue=QUEUE, name=PUSHES.task)
def deliver_pushes() -> None:
    """The queue's door: hand over what is due."""
    outbox.deliver(PUSHES, clock=timezone.now, pause=sleep)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE)
def resume_push(timestamp: int) -> None:
    """Once a minute: look after what waits for longer than any job takes, since its job was lost."""
    outbox.resume(PUSHES, now=timezone.now())


@app.periodic(cron="21 2 * * *")
@app.task(queue=QUEUE)
def forget_push(timestamp: int) -> None:
    """Every night: forget old pushes."""
    forget_pushes(before=timezone.now() - KEPT)


@transaction.atomic
def forget_pushes(*, before: datetime) -> int:
    """Delete pushes that were queued before then. Returns how many."""
    count, _ = OutboundPush.objects.filter(queued_at__lt=before).delete()
    return count
