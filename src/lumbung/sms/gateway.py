"""Who may come in at the gateways' doors, what they bring, and how the doors answer."""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from lumbung.messaging.gateways.brought import Brought, Proof, query_of

if TYPE_CHECKING:
    from lumbung.messaging.gateways.aggregator import Receipts
    from lumbung.messaging.gateways.inbound import Inbound

log = structlog.get_logger(__name__)
GATEWAY = "kannel"
# What an aggregator may bring in one request: so many bytes, and texts or reports.
LONGEST, MOST = 1_000_000, 1000


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


def user_of(request: HttpRequest) -> str:
    """The user whom the request names (HTTP Basic), whatever the password; empty when it names none."""
    return _basic(request.headers.get("Authorization", "")).partition(b":")[0].decode(errors="replace")


def _is_proven(request: HttpRequest, gateway: str, proof: Proof) -> bool:
    """Whether the request carries the aggregator's own secret where it said that it would, compared in constant
    time."""
    authorization = request.headers.get("Authorization", "")
    right = proof.secret.encode()
    if proof.place == "basic":
        given, right = _basic(authorization), f"{gateway}:{proof.secret}".encode()
    elif proof.place == "bearer":
        scheme, _, token = authorization.partition(" ")
        given = token.strip().encode() if scheme.lower() == "bearer" else b""
    elif proof.place == "header":
        given = request.headers.get(proof.name, "").encode()
    else:
        given = query_of(request.META.get("QUERY_STRING", "")).get(proof.name, "").encode(errors="replace")
    return hmac.compare_digest(given, right)


def _unproven(request: HttpRequest, proof: Proof) -> HttpResponse:
    """The answer to a request that does not carry it. What it brings is read all the same: else the connection may
    break off before the answer is heard, and nobody learns what is wrong."""
    body_of(request.META, LONGEST)
    answer = plain("The secret of the gateway is wrong.", 401 if proof.place in {"basic", "bearer"} else 403)
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = f'{proof.place.capitalize()} realm="sms"'
    return answer


def brought_by(
    request: HttpRequest, gateway: str, described: "Inbound | Receipts | None"
) -> tuple[Brought, Sequence[int]] | HttpResponse:
    """What an aggregator with its secret brings, and the places in it of the texts or reports. The answer to it
    when the secret is wrong, when it broke off or is more than we take at once: nothing is acknowledged which was
    not read. Raises Http404 for who is no such gateway."""
    if described is None:
        raise Http404
    if not _is_proven(request, gateway, described.proof):
        return _unproven(request, described.proof)
    body = body_of(request.META, LONGEST + 1)
    if body is None:
        return broke_off(gateway)
    brought = Brought.read(request.META.get("QUERY_STRING", ""), request.META.get("CONTENT_TYPE", ""), body)
    places = described.places(brought)
    if len(body) <= LONGEST and len(places) <= MOST:
        return brought, places
    log.warning("brought_too_much", gateway=gateway)
    return plain(f"At most {LONGEST} bytes and {MOST} texts or reports in one request.", 413)


def body_of(environ: Mapping[str, Any], most: int) -> bytes | None:
    """So many bytes of the body, or all of it; None when the connection broke off before they came, for the server
    hands on what it has. One without a length (in pieces, or by HTTP/2) is none that Django would read."""
    length, source = environ.get("CONTENT_LENGTH", ""), environ["wsgi.input"]
    if not length.isdecimal() or "HTTP_TRANSFER_ENCODING" in environ:
        return bytes(source.read(most))
    announced = min(int(length), most)
    body = bytes(source.read(announced))
    return body if len(body) == announced else None


def broke_off(gateway: str) -> HttpResponse:
    """The answer to a request of which a part is missing: half a text may be another command."""
    log.warning("brought_in_part", gateway=gateway)
    return plain("The request broke off before its end.", 400)


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
