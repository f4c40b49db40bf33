"""Hand one push over to its push service: sealed for the browser (RFC 8291), and followed nowhere else."""

from datetime import datetime, timedelta

from lumbung.messaging.models import OutboundPush
from lumbung.messaging.push import addresses, vapid
from lumbung.messaging.transports import NotTaken, Refused

TIMEOUT_SECONDS = 10
# A phone that was off for longer has other means to learn of it.
KEPT_FOR = timedelta(days=3)
GONE = {404, 410}
LATER = {408, 425, 429}


class Gone(Refused):
    """Nobody is at this address any more, and never will be."""

    reason = "gone"


def send(push: OutboundPush, *, now: datetime) -> None:
    """Returns when the push service has it. Raises Gone, Refused (never), NotTaken."""
    import requests  # noqa: PLC0415 -- a second and a half, which only the queue spends

    if push.address is None:
        raise Gone  # forgotten since it was put out
    endpoint = push.address.endpoint
    if push.address.key != vapid.public_key() or not addresses.is_allowed(endpoint):
        raise Gone  # asked for under another key, or at a push service that is not named any more
    try:
        if not addresses.is_reachable(endpoint):
            raise Refused
        with (
            requests.Session() as session,
            session.post(
                endpoint,
                data=_sealed(push),
                headers={
                    **vapid.headers(endpoint, now=now),
                    "Content-Encoding": "aes128gcm",
                    "Content-Type": "application/octet-stream",
                    "TTL": str(int(KEPT_FOR.total_seconds())),
                    "Urgency": "normal",
                    "Topic": "lumbung",  # a newer one takes the place of one that still waits
                },
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,  # what it answers is not read: its number says all
            ) as answer,
        ):
            status = answer.status_code
    except OSError:
        raise NotTaken from None  # what is said may hold the address
    _judge(status)


def _sealed(push: OutboundPush) -> bytes:
    from pywebpush import WebPusher  # noqa: PLC0415

    assert push.address is not None, push
    keys = {"p256dh": push.address.p256dh, "auth": push.address.auth}
    sealed: bytes = WebPusher({"endpoint": push.address.endpoint, "keys": keys}).encode(push.payload.encode())[
        "body"
    ]
    return sealed


def _judge(status: int) -> None:
    if status in GONE:
        raise Gone
    if status in LATER or status >= 500:
        raise NotTaken
    if not 200 <= status < 300:
        raise Refused
