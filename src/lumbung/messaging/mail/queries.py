"""Read the outbox of mail, for the demo's mailbox."""

from dataclasses import dataclass
from datetime import datetime

from lumbung.messaging.mail.actions import mail_index
from lumbung.messaging.models import OutboundMail


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """A mail as its mailbox shows it."""

    subject: str
    body: str
    at: datetime


def mailbox(address: str, *, limit: int = 20) -> list[Letter]:
    """The latest mails that reached the address and whose words are not forgotten, the newest first."""
    kept = OutboundMail.objects.filter(subject__isnull=False)
    sent = kept.filter(to_index=mail_index(address), state=OutboundMail.State.SENT)
    return [
        Letter(mail.subject or "", mail.body or "", mail.queued_at)
        for mail in sent.order_by("-queued_at", "-pk")[:limit]
    ]


def mails_to(address: str, since: datetime) -> int:
    """How many mails were put out to the address since then."""
    return OutboundMail.objects.filter(to_index=mail_index(address), queued_at__gt=since).count()
