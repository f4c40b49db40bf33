"""Keep the addresses of browsers, put pushes into the outbox, and hand them over without an open transaction."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lumbung.encryption import blind_index
from lumbung.messaging.models import OutboundPush, PushAddress
from lumbung.messaging.push import sending, vapid
from lumbung.messaging.transports import Refused

QUEUE = "push"
LOST_AFTER = timedelta(seconds=120)
GIVEN_UP_AFTER = timedelta(days=1)
KEPT = timedelta(days=30)
SWEEP_SIZE = 1000


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
def send_push(address: PushAddress, payload: str, *, now: datetime) -> OutboundPush:
    """Put a push into the outbox and have it delivered. `payload` tells nothing of the member."""
    push = OutboundPush.objects.create(address=address, payload=payload, queued_at=now)
    deliver_push.defer(push_id=push.pk)
    return push


@app.task(queue=QUEUE, retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def deliver_push(push_id: int) -> None:
    """Claim, send, note: as mail is delivered. Who is gone is forgotten, with all that is tied to the address."""
    push = _claim(push_id, timezone.now())
    if push is None:
        return
    try:
        sending.send(push, now=timezone.now())
    except sending.Gone:
        push.address.delete()
    except Refused:
        _note(push, OutboundPush.State.FAILED, timezone.now())
    except sending.NotNow:
        OutboundPush.objects.filter(pk=push.pk, claimed_at=push.claimed_at).update(
            state=OutboundPush.State.QUEUED, claimed_at=None
        )
        raise
    else:
        _note(push, OutboundPush.State.SENT, timezone.now())


@transaction.atomic
def _claim(push_id: int, now: datetime) -> OutboundPush | None:
    """The push, now claimed by the caller; None when it is another's, done, or its address is forgotten."""
    pushes = OutboundPush.objects.select_for_update(of=("self",)).select_related("address")
    push = pushes.filter(pk=push_id).first()
    if push is None:
        return None
    is_lost = push.claimed_at is not None and push.claimed_at <= now - LOST_AFTER
    is_lost = is_lost and push.state == OutboundPush.State.CLAIMED  # sent twice, it is shown once
    if push.state != OutboundPush.State.QUEUED and not is_lost:
        return None
    push.state, push.claimed_at = OutboundPush.State.CLAIMED, now
    push.save(update_fields=["state", "claimed_at"])
    return push


def _note(push: OutboundPush, state: OutboundPush.State, now: datetime) -> None:
    claimed = OutboundPush.objects.filter(pk=push.pk, state=OutboundPush.State.CLAIMED, claimed_at=push.claimed_at)
    claimed.update(state=state, noted_at=now)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE)
def resume_push(timestamp: int) -> None:
    """Once a minute: defer again what waits for longer than any job takes, since its job was lost."""
    resume_lost_push(now=timezone.now())


@transaction.atomic
def resume_lost_push(*, now: datetime) -> int:
    """Defer a job for each push that waits for too long. A job does nothing when it is done by then."""
    unsent = OutboundPush.objects.filter(
        Q(state=OutboundPush.State.QUEUED) | Q(state=OutboundPush.State.CLAIMED, claimed_at__lte=now - LOST_AFTER),
        queued_at__range=(now - GIVEN_UP_AFTER, now - LOST_AFTER),
    )
    jobs = [{"push_id": key} for key in unsent.order_by("queued_at").values_list("pk", flat=True)[:SWEEP_SIZE]]
    if jobs:
        deliver_push.batch_defer(*jobs)  # type: ignore[arg-type]
    return len(jobs)


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
