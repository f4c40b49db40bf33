"""The gateway's door: a text is kept and acknowledged at once; its answer goes through the outbox."""

import uuid
from datetime import UTC, datetime
from hashlib import sha256

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lumbung.messaging import actions
from lumbung.sms.gateway import GATEWAY, plain, refused
from lumbung.sms.senders import phone_of

log = structlog.get_logger(__name__)
BODY_BYTES_MAX = 10_000
BODY_CHARACTERS_MAX = 2_000
ID_MAX = 100
SENDER_MAX = 40
RECIPIENT_MAX = 20
# Stands for what can't be kept of a sender or a number; no phone has it, so such a sender is never answered.
UNREADABLE = "?"


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take in a text from Kannel's `post-url` (channels.md 1.3).

    200 and an empty body, which with `omit-empty` is no reply; the same again for an id that came before. Closed
    while there is no secret. Whatever else the gateway gets wrong, the text is kept as far as it can be read: it
    would hand a refused one over again for a day, and each time the same.
    """
    if (answer := refused(request)) is not None:
        return answer
    _take_in(request, now=timezone.now())
    return plain("", 200)


def _take_in(request: HttpRequest, *, now: datetime) -> None:
    """Keep what the gateway hands over. What is odd about it is logged, without a value."""
    query = QueryDict(request.META.get("QUERY_STRING", ""), encoding="utf-8")  # Django would take the body's
    given = {
        "id": query.get("id", ""),
        "sender": request.headers.get("X-Kannel-From", "").strip(),
        "recipient": request.headers.get("X-Kannel-To", "").strip(),
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
        body=_words(request),
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
    shown = "".join(sign if sign.isascii() and sign.isprintable() else UNREADABLE for sign in value)
    return shown if len(shown) <= longest else shown[: longest - 1] + UNREADABLE


def _words(request: HttpRequest) -> str:
    """The text in its declared character set (UTF-8 if none); what is not in it is replaced, and what is longer
    than any text is cut off, without being read."""
    raw = request.read(BODY_BYTES_MAX)
    try:
        words = raw.decode((request.content_params or {}).get("charset", "utf-8"), errors="replace")
    except (LookupError, ValueError):
        words = raw.decode(errors="replace")
    return words[:BODY_CHARACTERS_MAX]


def _instant(seconds: str) -> datetime | None:
    """The instant of %T, seconds since 1970; None when it is missing or nonsense, which harms nothing."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
