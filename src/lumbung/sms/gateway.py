"""Who may come in at the gateway's doors, and how they answer."""

import base64
import binascii
import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

GATEWAY = "kannel"


def refused(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request without the gateway's user and secret (HTTP Basic); None when it carries them.

    Raises Http404 while there is no secret: the door is closed then.
    """
    if not settings.LUMBUNG_SMS_SECRET:
        raise Http404
    if is_gateway(request.headers.get("Authorization", "")):
        return None
    answer = plain("The user or the password of the gateway is wrong.", 401)
    answer.headers["WWW-Authenticate"] = 'Basic realm="sms", charset="UTF-8"'
    return answer


def credentials(request: HttpRequest) -> tuple[str, bytes]:
    """The user and the password that the request carries (HTTP Basic), both empty when it carries none."""
    user, _, password = _basic(request.headers.get("Authorization", "")).partition(b":")
    return user.decode(errors="replace"), password


def plain(sentence: str, status: int) -> HttpResponse:
    """A sentence for the gateway's log, or nothing."""
    return HttpResponse(sentence and sentence + "\n", status=status, content_type="text/plain; charset=utf-8")


def is_gateway(authorization: str) -> bool:
    """Whether the header carries the gateway's user and secret, compared in constant time; never while there is
    no secret."""
    right = f"{GATEWAY}:{settings.LUMBUNG_SMS_SECRET}".encode()
    return hmac.compare_digest(_basic(authorization), right) and bool(settings.LUMBUNG_SMS_SECRET)


def _basic(authorization: str) -> bytes:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
