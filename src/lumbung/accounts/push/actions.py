"""Turn pushes on and off for a device, send them, and end them with the log-in that they belong to."""

import base64
import json
from collections.abc import Collection
from datetime import datetime

from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from lumbung.accounts.models import PushSubscription, User
from lumbung.accounts.push.errors import BadKeys, ServiceNotKnown
from lumbung.messaging.models import PushAddress
from lumbung.messaging.push import actions as messaging
from lumbung.messaging.push import addresses

MOST_DEVICES = 10
UNCOMPRESSED, SECRET_BYTES = 4, 16  # how a point begins that names both of its numbers; bytes of the secret


@transaction.atomic
def turn_on(
    user: User,
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    device: str,
    session_key: str | None,
    user_agent: str,
    now: datetime,
) -> PushSubscription:
    """Bring this user's pushes to a browser from now on, and to no other user any more who used it before.

    Endpoint and keys are as the browser gave them. Raises ServiceNotKnown, BadKeys.
    """
    if not addresses.is_allowed(endpoint):
        raise ServiceNotKnown
    if not _is_point(_decoded(p256dh)) or len(_decoded(auth)) != SECRET_BYTES:
        raise BadKeys
    _forget(PushSubscription.objects.filter(device=device))
    address = messaging.keep_address(endpoint=endpoint, p256dh=p256dh, auth=auth)
    row, _ = PushSubscription.objects.update_or_create(
        address=address,
        defaults={
            "user": user,
            "session": UserSession.objects.filter(session_key=session_key or "").first(),
            "device": device,
            "user_agent": user_agent[:200],
            "made_at": now,
        },
    )
    _forget(PushSubscription.objects.filter(user=user).order_by("-made_at", "-pk")[MOST_DEVICES:])
    return row


def _decoded(text: str) -> bytes:
    """What the base64url holds; nothing when it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""


def _is_point(raw: bytes) -> bool:
    """Whether it is a public key: as long as one and none, it would fail in the queue each time it is used."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        return False
    return raw[0] == UNCOMPRESSED


@transaction.atomic
def turn_off(user: User, subscription_id: int) -> bool:
    """End pushes on one of the user's devices; false when there is none of this number, or it is another's."""
    return _forget(PushSubscription.objects.filter(user=user, pk=subscription_id)) > 0


@transaction.atomic
def notify(user: User, *, now: datetime) -> int:
    """Tell all devices of the user that there is news, and nothing of it. Returns how many."""
    return _send(PushSubscription.objects.filter(user=user).select_related("address"), "news", user, now)


@transaction.atomic
def send_test(user: User, *, device: str, now: datetime) -> int:
    """Send a test to this device, if it is on. Returns how many went out."""
    here = PushSubscription.objects.filter(user=user, device=device).select_related("address")
    return _send(here, "test", user, now)


def _send(rows: QuerySet[PushSubscription], say: str, user: User, now: datetime) -> int:
    payload = json.dumps({"say": say, "in": user.language})
    sent = [messaging.send_push(row.address, payload, now=now) for row in rows]
    return len(sent)


def follow_log_in(user: User, *, device: str, session_key: str | None) -> None:
    """The user has logged in anew with a device: it goes with this session now, and is nobody else's."""
    if not device:
        return
    there = PushSubscription.objects.filter(device=device)
    _forget(there.exclude(user=user))
    there.filter(user=user).update(session=UserSession.objects.filter(session_key=session_key or "").first())


@transaction.atomic
def end_with_device(user: User, *, device: str, session_key: str | None) -> None:
    """The user logs out here."""
    here = PushSubscription.objects.filter(user=user)
    _forget(here.filter(session__session_key=session_key or ""))
    if device:
        _forget(here.filter(device=device))


@transaction.atomic
def end_with_sessions(keys: Collection[str]) -> None:
    """These sessions were ended from elsewhere: a lost phone, or a changed password."""
    _forget(PushSubscription.objects.filter(session__session_key__in=keys))


@transaction.atomic
def end_others(user: User | None, session_key: str | None) -> None:
    """Whoever may know what let him in before is cut off, also where time was up already; None: all users."""
    theirs = PushSubscription.objects.all() if user is None else PushSubscription.objects.filter(user=user)
    _forget(theirs.exclude(session__session_key=session_key or ""))


def _forget(subscriptions: QuerySet[PushSubscription]) -> int:
    """Forget the addresses behind these, and with them all that is tied to them."""
    found = list(subscriptions.values_list("address_id", flat=True))
    if found:
        PushAddress.objects.filter(pk__in=found).delete()
    return len(found)


@app.periodic(cron="23 2 * * *")
@app.task(name="lumbung.accounts.push.actions.forget_unused", queueing_lock="lumbung.accounts.push.forget_unused")
def forget_unused(timestamp: int) -> None:
    """Each night: forget addresses whose member is gone."""
    PushAddress.objects.filter(subscription__isnull=True).delete()
