"""What a gateway hands over, in Kannel's way or as an aggregator is described, kept as far as it can be read."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import structlog
from django.utils.http import parse_header_parameters

from lumbung.encryption import blind_index
from lumbung.messaging import actions
from lumbung.sms.gateway import GATEWAY
from lumbung.sms.senders import phone_of

if TYPE_CHECKING:
    from lumbung.messaging.gateways.brought import Brought
    from lumbung.messaging.gateways.inbound import Given, Inbound

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
    words = _words(raw, environ.get("CONTENT_TYPE", ""))
    _keep(GATEWAY, given, words, sent_at=_instant(query.get("ts", "")), now=now)


def take_in_described(
    described: "Inbound", brought: "Brought", place: int, *, gateway: str, now: datetime
) -> None:
    """Keep the text that stands at a place of what an aggregator brought. Other events are passed over.

    One whose words are not where they should be is kept whole, as of a sender that is never answered: nobody knows
    what was asked.
    """
    if not described.is_text(brought, place):
        log.info("handover_no_text", gateway=gateway)
        return
    text = described.read(brought, place)
    given = {
        "id": (text.id or "").strip() or _own_id(text),
        "sender": UNREADABLE if text.words is None else (text.sender or "").strip(),
        "recipient": (text.recipient or "").strip(),
    }
    sought = {"id": described.id and not text.id, "sender": text.sender is None, "words": text.words is None}
    # Half a character, which JSON can name, is none in any encoding.
    words = (text.whole if text.words is None else text.words).encode(errors="replace").decode()
    missing = [part for part, is_missing in sought.items() if is_missing]
    _keep(gateway, given, words[:BODY_CHARACTERS_MAX], sent_at=text.sent_at, now=now, missing=missing)


def _keep(
    gateway: str,
    given: Mapping[str, str],
    words: str,
    *,
    sent_at: datetime | None,
    now: datetime,
    missing: Sequence[str] = (),
) -> None:
    kept = {
        "id": _name(given["id"]),
        "sender": _plain(given["sender"], SENDER_MAX),
        "recipient": _plain(given["recipient"], RECIPIENT_MAX),
    }
    if odd := [*missing, *(part for part, value in kept.items() if value != given[part])]:
        log.warning("handover_odd", parts=odd, gateway=gateway)
    actions.take_in(
        gateway=gateway,
        gateway_id=kept["id"],
        sender=phone_of(kept["sender"]) or kept["sender"],
        recipient=kept["recipient"],
        body=words,
        sent_at=sent_at,
        now=now,
    )


def _own_id(text: "Given") -> str:
    """An id for a text that comes without: the same words of the same phone at the same instant are one text,
    handed over again. A blind index, for it is made of personal data. Without an instant nobody knows."""
    if not text.at:
        return f"none:{uuid.uuid4()}"
    parts = json.dumps([text.sender, text.recipient, text.whole if text.words is None else text.words, text.at])
    return f"said:{blind_index(parts, context='text said').hex()}"


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
    except (LookupError, ValueError, TypeError):
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
