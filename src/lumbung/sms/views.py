"""The gateway's door: a text is kept and acknowledged at once; its answer goes through the outbox."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lumbung.messaging import actions
from lumbung.sms.gateway import GATEWAY, plain, refused
from lumbung.sms.senders import phone_of

BODY_BYTES_MAX = 10_000
BODY_CHARACTERS_MAX = 2_000
ID_MAX = 100
SENDER_MAX = 40
RECIPIENT_MAX = 20


class BadHandover(Exception):
    """The gateway's request lacks something or is too big. The reason, in English and without any value of the
    text, is for the gateway's log."""


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take in a text from Kannel's `post-url` (channels.md 1.3).

    200 and an empty body, which with `omit-empty` is no reply; the same again for an id that came before. Closed
    while there is no secret.
    """
    if (answer := refused(request)) is not None:
        return answer
    try:
        _take_in(request, now=timezone.now())
    except BadHandover as wrong:
        return plain(str(wrong), 400)
    return plain("", 200)


def _take_in(request: HttpRequest, *, now: datetime) -> None:
    """Check what the gateway hands over, and keep it. Raises BadHandover."""
    query = QueryDict(request.META.get("QUERY_STRING", ""), encoding="utf-8")  # Django would take the body's
    sender = _field(request.headers.get("X-Kannel-From", ""), "The header X-Kannel-From", SENDER_MAX)
    gateway_id = _field(query.get("id", ""), "The id (?id=%I)", ID_MAX)
    recipient = request.headers.get("X-Kannel-To", "").strip()
    if len(recipient) > RECIPIENT_MAX or not (recipient.isascii() and recipient.isprintable()):
        raise BadHandover(f"The header X-Kannel-To is not plain or longer than {RECIPIENT_MAX}.")
    actions.take_in(
        gateway=GATEWAY,
        gateway_id=gateway_id,
        sender=phone_of(sender) or sender,
        recipient=recipient,
        body=_words(request),
        sent_at=_instant(query.get("ts", "")),
        now=now,
    )


def _field(value: str, name: str, longest: int) -> str:
    """A short plain value that must be there. Raises BadHandover, without the value."""
    value = value.strip()
    if not value:
        raise BadHandover(f"{name} is missing.")
    if len(value) > longest or not (value.isascii() and value.isprintable()):
        raise BadHandover(f"{name} is not plain or longer than {longest} characters.")
    return value


def _words(request: HttpRequest) -> str:
    """The text in its declared character set (UTF-8 if none); what is not in it is replaced, never refused.

    Raises BadHandover when it is too long; its declared length is looked at before it is read.
    """
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > BODY_BYTES_MAX:
        raise BadHandover(f"The text is longer than {BODY_BYTES_MAX} bytes.")
    raw = request.body
    try:
        words = raw.decode((request.content_params or {}).get("charset", "utf-8"), errors="replace")
    except (LookupError, ValueError):
        words = raw.decode(errors="replace")
    if len(words) > BODY_CHARACTERS_MAX:
        raise BadHandover(f"The text is longer than {BODY_CHARACTERS_MAX} characters.")
    return words


def _instant(seconds: str) -> datetime | None:
    """The instant of %T, seconds since 1970; None when it is missing or nonsense, which harms nothing."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
