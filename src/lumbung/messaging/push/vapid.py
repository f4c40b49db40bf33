"""Who sends a push, shown to the push service (VAPID, RFC 8292): our key, and what is signed by it."""

import base64
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

GOOD_FOR = timedelta(hours=12)
KEY_BYTES = 32


def is_set() -> bool:
    """Whether this installation sends pushes at all."""
    return bool(settings.LUMBUNG_PUSH_KEY)


def public_key() -> str:
    """What a browser ties its address to, as base64url of the point."""
    return _public(settings.LUMBUNG_PUSH_KEY)


@lru_cache(maxsize=4)
def _public(key: str) -> str:
    try:
        number = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except ValueError:
        number = b""
    if len(number) != KEY_BYTES:
        raise ImproperlyConfigured("LUMBUNG_PUSH_KEY is no key. Make one with `lumbung push new-keys`.")
    private = ec.derive_private_key(int.from_bytes(number), ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def headers(endpoint: str, *, now: datetime) -> dict[str, str]:
    """The header that shows the push service of this address who sends."""
    from py_vapid import Vapid02  # noqa: PLC0415 -- with pywebpush, in the queue only

    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "sub": settings.LUMBUNG_PUSH_CONTACT,
        "exp": int((now + GOOD_FOR).timestamp()),
    }
    signed: dict[str, str] = Vapid02.from_string(settings.LUMBUNG_PUSH_KEY).sign(claims)
    return signed
