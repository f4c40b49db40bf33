"""Put many texts out at once, each phone once for its cause, and take back what has not gone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from lumbung.messaging.bulk import queries
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.actions import Terms
from lumbung.messaging.phones import phone_index
from lumbung.messaging.texting import TEXTS

LANE = Lane.BROADCAST


@dataclass(frozen=True, slots=True)
class BulkText:
    """A text to a phone in E.164; `not_before` when its reader wants quiet until then, and `expires_at`."""

    to: str = field(repr=False)
    body: str
    expires_at: datetime
    not_before: datetime | None = None


@transaction.atomic
def put_out(cause: str, texts: Sequence[BulkText], *, now: datetime) -> int:
    """Put these out in the last lane, and return how many: none to a phone that had one for this cause, nor to one
    that wants or gets none. A number of statements that does not grow with them."""
    by_index = {phone_index(text.to): text for text in texts}
    named = {queries.cause_of(cause, index): index for index in by_index}
    not_to = {named[each] for each in queries.known(named)} | queries.barred(by_index)
    rows = [
        _row(queries.cause_of(cause, index), index, text, now)
        for index, text in by_index.items()
        if index not in not_to
    ]
    OutboundText.objects.bulk_create(rows, batch_size=500)
    if rows:
        outbox.wake(TEXTS, LANE)
    return len(rows)


def _row(cause: str, index: bytes, text: BulkText, now: datetime) -> OutboundText:
    terms = Terms(LANE, cause, text.not_before, text.expires_at)
    return OutboundText(to=text.to, to_index=index, body=text.body, **terms.columns(now))


@transaction.atomic
def withdraw(cause: str, *, now: datetime) -> int:
    """End what waits of this cause: it is not sent. How many there were."""
    waiting = queries.of(cause).filter(state=OutboundText.State.QUEUED).values_list("pk", flat=True)
    return outbox.fail(TEXTS, waiting, "withdrawn", now=now)
