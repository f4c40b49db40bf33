"""The gateway's door: a text is kept and acknowledged at once; its answer goes through the outbox."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lumbung.sms import handover
from lumbung.sms.gateway import plain, refused


@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take in a text from Kannel's `post-url` (channels.md 1.3).

    200 and an empty body, which with `omit-empty` is no reply; the same again for an id that came before. Closed
    while there is no secret. Whatever else the gateway gets wrong, the text is kept as far as it can be read: it
    would hand a refused one over again for a day, and each time the same. Most texts are kept before they come
    here (`config.shortcut`).
    """
    if (answer := refused(request)) is not None:
        return answer
    handover.take_in(request.META, request.read(handover.BODY_BYTES_MAX), now=timezone.now())
    return plain("", 200)
