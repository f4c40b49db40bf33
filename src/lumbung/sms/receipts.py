"""The gateway's door for delivery reports: our own reference and a number, so nothing in it is of anybody."""

from uuid import UUID

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lumbung.messaging.receipts import actions
from lumbung.sms.gateway import plain, refused

log = structlog.get_logger(__name__)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Take in a receipt from Kannel's `dlr-url`: `?ref=…&st=%d`. The same again, or a late one, changes nothing.

    200 also for a text that we don't know and for what can't be read: Kannel would bring it again for a day, and
    each time the same.
    """
    if (answer := refused(request)) is not None:
        return answer
    try:
        reference, status = UUID(request.GET.get("ref", "")), int(request.GET.get("st", ""))
    except ValueError:
        log.warning("receipt_unreadable")
        return plain("", 200)
    if not actions.note_receipt(reference, status, now=timezone.now()):
        log.warning("receipt_unknown")
    return plain("", 200)
