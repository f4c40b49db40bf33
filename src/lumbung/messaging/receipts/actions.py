"""Keep the network's receipts: each only raises what is known of a text, in whatever order they come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lumbung.messaging.models import OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.phones import actions as phones
from lumbung.messaging.refusing import actions as refusing
from lumbung.messaging.texting import TEXTS

Receipt = OutboundText.Receipt
# The statuses of Kannel (`%d` of its dlr-url), and why a text has failed by one. 4, still waiting, is no end.
DELIVERED, UNDELIVERED, WAITING, ACCEPTED, REFUSED = 1, 2, 4, 8, 16
MEANINGS = {
    DELIVERED: (Receipt.DELIVERED, ""),
    UNDELIVERED: (Receipt.UNDELIVERED, "undelivered"),
    ACCEPTED: (Receipt.ACCEPTED, ""),
    REFUSED: (Receipt.UNDELIVERED, "refused"),
}
RANKS = {Receipt.NONE: 0, Receipt.ACCEPTED: 1, Receipt.UNDELIVERED: 2, Receipt.DELIVERED: 3}


@transaction.atomic
def note_receipt(reference: UUID, status: int, *, now: datetime, gateway: str = "", by: str = "") -> bool:
    """Keep what the network says of the text with our reference, if it went by that gateway when one is named.
    False when we know none that ever went out so. `by` is the carrier behind the gateway, if the receipt says.

    A receipt also ends the doubt about a text whose sending died before it was noted.
    """
    text = OutboundText.objects.select_for_update(of=("self",)).filter(reference=reference, attempts__gt=0).first()
    if text is None or gateway not in {"", text.gateway}:
        return False
    if status not in MEANINGS:
        return True
    receipt, reason = MEANINGS[status]
    if RANKS[receipt] <= RANKS[Receipt(text.receipt)]:
        return True
    if reason:
        _did_not_arrive(text, receipt, reason, now)
    else:
        _went_out(text, receipt, now)
    if status in {REFUSED, DELIVERED}:  # all else may be said of a text that is refused later
        refusing.note_receipt(text, by, is_refused=status == REFUSED, now=now)
    if status == DELIVERED:
        phones.note_delivered(bytes(text.to_index))
    return True


def _did_not_arrive(text: OutboundText, receipt: str, reason: str, now: datetime) -> None:
    if not outbox.fail(TEXTS, [text.pk], reason, now=now, receipt=receipt):  # it had failed before
        OutboundText.objects.filter(pk=text.pk).update(receipt=receipt)


def _went_out(text: OutboundText, receipt: str, now: datetime) -> None:
    facts: dict[str, Any] = {"receipt": receipt}
    if text.state in {OutboundText.State.QUEUED, OutboundText.State.CLAIMED}:
        ended = {"state": OutboundText.State.SENT, "claimed_at": text.claimed_at or now, "noted_at": now}
        facts |= ended | {"gateway": text.gateway or "receipt"}
    OutboundText.objects.filter(pk=text.pk).update(**facts)
