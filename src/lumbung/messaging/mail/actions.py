"""Put a mail into the outbox, and hand it over without an open transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import sleep

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from lumbung.encryption import blind_index
from lumbung.messaging.lanes import Lane
from lumbung.messaging.mail.transports import ways
from lumbung.messaging.models import OutboundMail
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.actions import Parcel, Terms
from lumbung.messaging.outbox.channels import Channel

QUEUE = "mail"
WORDS_KEPT = timedelta(days=30)
MAILS = Channel(
    name="mail",
    model=OutboundMail,
    queue=QUEUE,
    task="lumbung.messaging.mail.actions.deliver_mails",
    ways=ways,
    lost_after=timedelta(seconds=120),
)


def mail_index(address: str) -> bytes:
    """The blind index of a mail address among mails."""
    return blind_index(address.lower(), context="mail address")


@transaction.atomic
def send_mail(  # noqa: PLR0913  (what is said, and the terms on which it goes out)
    *,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    language: str = settings.LANGUAGE_CODE,
    lane: Lane = Lane.NOTICE,
    cause: str | None = None,
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
    falls_back: bool = False,
) -> OutboundMail:
    """Put a mail into the outbox and have it delivered. `body` is plain text in this language, of which a page is
    drawn when the mail is sent.

    A second mail with the same `cause` is the first one: nothing is sent twice.
    """
    terms = Terms(lane, cause, not_before, expires_at, falls_back)
    columns = Mail(to, subject, body, language, terms).columns()
    mail: OutboundMail = outbox.put_out(MAILS, terms, now=now, columns=columns)
    return mail


@dataclass(frozen=True, slots=True)
class Mail:
    """One of many mails; `body` is plain text in this language. `stops_at` is the address that stops mails of its
    kind, if its reader may choose them away."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    language: str
    terms: Terms
    stops_at: str | None = None

    def columns(self) -> dict[str, object]:
        return {
            "to": self.to,
            "to_index": mail_index(self.to),
            "subject": self.subject,
            "body": self.body,
            "language": self.language,
            "stops_at": self.stops_at,
        }


@transaction.atomic
def send_mails(mails: Sequence[Mail], *, now: datetime) -> None:
    """The same for many mails in a few statements; see outbox.put_out_all about their causes."""
    outbox.put_out_all(MAILS, [Parcel(mail.terms, mail.columns()) for mail in mails], now=now)


@transaction.atomic
def mail_nowhere(*, subject: str, body: str, now: datetime) -> None:
    """Do all the work of `send_mail` for a mail to nobody, as messaging.actions.send_nowhere does for a text."""
    place = {"to": "", "to_index": mail_index("")}
    outbox.put_out(
        MAILS, Terms(Lane.CODE), now=now, why_not="nobody", columns={"subject": subject, "body": body, **place}
    )


@app.task(queue=QUEUE, name=MAILS.task)
def deliver_mails() -> None:
    """The queue's door: hand over what is due."""
    outbox.deliver(MAILS, clock=timezone.now, pause=sleep)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE)
def resume_mail(timestamp: int) -> None:
    """Once a minute: look after what waits for longer than any job takes, since its job was lost."""
    outbox.resume(MAILS, now=timezone.now())


@app.periodic(cron="19 2 * * *")
@app.task(queue=QUEUE)
def forget_mail(timestamp: int) -> None:
    """Every night: forget the words of old mail."""
    outbox.forget_words(MAILS, ["stops_at", "subject", "body"], before=timezone.now() - WORDS_KEPT)
