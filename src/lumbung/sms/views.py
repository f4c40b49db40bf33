"""The gateways' door: a text is kept and acknowledged at once; its answer goes through the outbox."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from lumbung.messaging.gateways import configured
from lumbung.sms import handover
from lumbung.sms.gateway import GATEWAY, body_of, broke_off, brought_by, plain, refused


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take in a text from Kannel's `post-url` (channels.md 1.3).

    200 and an empty body, which with `omit-empty` is no reply; the same again for an id that came before. Closed
    while there is no secret. One that broke off is refused, and comes again. Whatever else the gateway gets wrong,
    the text is kept as far as it can be read: it would hand a refused one over again for a day, and each time the
    same. Most texts are kept before they come here (`config.shortcut`).
    """
    if (answer := refused(request)) is not None:
        return answer
    if (raw := body_of(request.META, handover.BODY_BYTES_MAX)) is None:
        return broke_off(GATEWAY)
    handover.take_in(request.META, raw, now=timezone.now())
    return plain("", 200)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def receive_from(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take in texts from an aggregator in its own words, as LUMBUNG_GATEWAYS describes them, and tell it what it
    wants to hear.

    The same again for texts that came before. Closed (404) for who is no such gateway. Whatever is odd about a
    text, it is kept as far as it can be read, as at Kannel's door.
    """
    described = configured.inbound_of(gateway)
    found = brought_by(request, gateway, described)
    if isinstance(found, HttpResponse):
        return found
    brought, places = found
    for place in places:
        handover.take_in_described(described, brought, place, gateway=gateway, now=timezone.now())
    told = described.acknowledgement
    return HttpResponse(told.body, status=told.status, content_type=told.content_type)
