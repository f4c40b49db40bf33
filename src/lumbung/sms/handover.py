"""What a gateway hands over, read from the request as the server gives it (WSGI), and kept as it can be read."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import structlog
from django.utils.http import parse_header_parameters

from lumbung.messaging import actions
from lumbung.sms.gateway import GATEWAY
from lumbung.sms.senders import phone_of

log = structlog.get_logger(__name__)
BODY_BYTES_MAX = 10_000
BODY_CHARACTERS_MAX = 2_000
ID_MAX = 100
SENDER_MAX = 40
RECIPIENT_MAX = 20
# Stands for what can't be kept of a sender or a number; no phone has it, so such a sender is never answered.
UNREADABLE = "?"


def take_in(environ: Mapping[str, Any], raw: bytes, *, now: datetime) -> None:
    """Keep the text of a request of Kannel's (channels.md 1.3), of whose body `raw` are the first BODY_BYTES_MAX
    bytes. What is odd about it is logged, without a value."""
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    given = {
        "id": query.get("id", ""),
        "sender": environ.get("HTTP_X_KANNEL_FROM", "").strip(),
        "recipient": environ.get("HTTP_X_KANNEL_TO", "").strip(),
    }
    kept = {
        "id": _name(given["id"]),
        "sender": _plain(given["sender"], SENDER_MAX),
        "recipient": _plain(given["recipient"], RECIPIENT_MAX),
    }
    if odd := [part for part, value in kept.items() if value != given[part]]:
        log.warning("handover_odd", parts=odd)
    actions.take_in(
        gateway=GATEWAY,
        gateway_id=kept["id"],
        sender=phone_of(kept["sender"]) or kept["sender"],
        recipient=kept["recipient"],
        body=_words(raw, environ.get("CONTENT_TYPE", "")),
        sent_at=_instant(query.get("ts", "")),
        now=now,
    )


def _name(given: str) -> str:
    """The gateway's id for a text; a digest of one that can't be kept, and one of our own when there is none."""
    if not given.strip():
        return f"none:{uuid.uuid4()}"
    if given == _plain(given, ID_MAX):
        return given
    return f"sha256:{sha256(given.encode(errors='replace')).hexdigest()}"


def _plain(value: str, longest: int) -> str:
    """The value, with UNREADABLE for each sign that is not plain, and at the end when it is too long."""
    shown = value
    if not (value.isascii() and value.isprintable()):
        shown = "".join(sign if sign.isascii() and sign.isprintable() else UNREADABLE for sign in value)
    return shown if len(shown) <= longest else shown[: longest - 1] + UNREADABLE


def _words(raw: bytes, content_type: str) -> str:
    """The text in its declared character set (UTF-8 if none); what is not in it is replaced, and what is longer
    than any text is cut off."""
    try:
        words = raw.decode(_charset(content_type), errors="replace")
    except (LookupError, ValueError):
        words = raw.decode(errors="replace")
    return words[:BODY_CHARACTERS_MAX]


@lru_cache(maxsize=32)
def _charset(content_type: str) -> str:
    return parse_header_parameters(content_type)[1].get("charset", "utf-8")


def _instant(seconds: str) -> datetime | None:
    """The instant of %T, seconds since 1970; None when it is missing or nonsense, which harms nothing."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
