"""The gateways' door for delivery reports: our own reference and a state, so nothing in it is of anybody."""

import re
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lumbung.messaging.gateways import configured
from lumbung.messaging.gateways.brought import Brought
from lumbung.messaging.receipts import actions
from lumbung.sms.gateway import brought_by, plain, refused, user_of

if TYPE_CHECKING:
    from lumbung.messaging.gateways.aggregator import Receipts

log = structlog.get_logger(__name__)
_CARRIER = re.compile(r"[A-Za-z0-9._-]{1,32}")
# A word for a state that may stand in a log.
_WORD = re.compile(r"[A-Za-z0-9_ -]{1,32}")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Take in a receipt: from Kannel `?ref=…&st=%d&by=%i`, from an aggregator what LUMBUNG_GATEWAYS says.

    The same again, or a late one, changes nothing. 200 also for a text that we don't know and for what can't be
    read: it would be brought again for a day, and each time the same.
    """
    if configured.receipts_of(user_of(request)) is not None:
        return receive_from(request, user_of(request))
    if (answer := refused(request)) is not None:
        return answer
    try:
        reference, status = UUID(request.GET.get("ref", "")), int(request.GET.get("st", ""))
    except ValueError:
        log.warning("receipt_unreadable")
        return plain("", 200)
    by = request.GET.get("by", "")
    _note(reference, status, by=by if _CARRIER.fullmatch(by) else "")
    return plain("", 200)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def receive_from(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take in an aggregator's receipts in its own words, as LUMBUNG_GATEWAYS describes them. Closed (404) for who
    is no such gateway."""
    described = configured.receipts_of(gateway)
    found = brought_by(request, gateway, described)
    if isinstance(found, HttpResponse):
        return found
    brought, places = found
    for place in places:
        _take_report(described, brought, place, gateway)
    return plain("", 200)


def _take_report(described: "Receipts", brought: Brought, place: int, gateway: str) -> None:
    """Of a text that went by this aggregator alone: its secret says nothing about others' texts."""
    try:
        reference, word = described.read(brought, place)
    except ValueError:
        log.warning("receipt_unreadable", gateway=gateway)
        return
    if word not in described.statuses:
        shown = word if _WORD.fullmatch(word) else ""
        log.warning("receipt_state_unknown", gateway=gateway, state=shown)
        return
    _note(reference, described.statuses[word], gateway=gateway)


def _note(reference: UUID, status: int, *, gateway: str = "", by: str = "") -> None:
    if not actions.note_receipt(reference, status, now=timezone.now(), gateway=gateway, by=by):
        log.warning("receipt_unknown")
