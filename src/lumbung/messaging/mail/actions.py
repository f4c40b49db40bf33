"""Put a mail into the outbox, and hand it over without an open transaction."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lumbung.encryption import blind_index
from lumbung.messaging.mail.transports import TRANSPORTS, chosen
from lumbung.messaging.models import OutboundMail
from lumbung.messaging.transports import Refused

QUEUE = "mail"
LOST_AFTER = timedelta(seconds=120)
GIVEN_UP_AFTER = timedelta(days=1)
WORDS_KEPT = timedelta(days=30)
SWEEP_SIZE = 1000


def mail_index(address: str) -> bytes:
    """The blind index of a mail address among mails."""
    return blind_index(address.lower(), context="mail address")


@transaction.atomic
def send_mail(*, to: str, subject: str, body: str, now: datetime) -> OutboundMail:
    """Put a mail (plain text) into the outbox and have it delivered."""
    mail = OutboundMail.objects.create(
        to=to, to_index=mail_index(to), subject=subject, body=body, transport=chosen(), queued_at=now
    )
    deliver_mail.defer(mail_id=mail.pk)
    return mail


@transaction.atomic
def mail_nowhere(*, subject: str, body: str, now: datetime) -> None:
    """Do all the work of `send_mail` for a mail to nobody, as messaging.actions.send_nowhere does for a text."""
    mail = OutboundMail.objects.create(
        to="",
        to_index=mail_index(""),
        subject=subject,
        body=body,
        transport=chosen(),
        state=OutboundMail.State.FAILED,
        queued_at=now,
        claimed_at=now,
        noted_at=now,
    )
    deliver_mail.defer(mail_id=mail.pk)


@app.task(queue=QUEUE, retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def deliver_mail(mail_id: int) -> None:
    """Claim, send, note: as texts are delivered (messaging.actions.deliver). A failed try is claimed again."""
    mail = _claim(mail_id, timezone.now())
    if mail is None:
        return
    try:
        TRANSPORTS[mail.transport].send(mail)
    except Refused:
        _note(mail, OutboundMail.State.FAILED, timezone.now())
    except Exception:  # noqa: BLE001  (whatever it is, the mail is tried again)
        OutboundMail.objects.filter(pk=mail.pk, claimed_at=mail.claimed_at).update(
            state=OutboundMail.State.QUEUED, claimed_at=None
        )
        raise MailNotSent from None  # what a server says may hold the address
    else:
        _note(mail, OutboundMail.State.SENT, timezone.now())


class MailNotSent(Exception):
    """The mail server did not take a mail this time; it is tried again."""


@transaction.atomic
def _claim(mail_id: int, now: datetime) -> OutboundMail | None:
    mail = OutboundMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
    is_lost = mail.state == OutboundMail.State.CLAIMED and mail.claimed_at is not None
    is_lost = is_lost and mail.claimed_at <= now - LOST_AFTER and TRANSPORTS[mail.transport].may_repeat  # type: ignore[operator]
    if mail.state != OutboundMail.State.QUEUED and not is_lost:
        return None
    mail.state, mail.claimed_at = OutboundMail.State.CLAIMED, now
    mail.save(update_fields=["state", "claimed_at"])
    return mail


def _note(mail: OutboundMail, state: OutboundMail.State, now: datetime) -> None:
    claimed = OutboundMail.objects.filter(pk=mail.pk, state=OutboundMail.State.CLAIMED, claimed_at=mail.claimed_at)
    claimed.update(state=state, noted_at=now)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE)
def resume_mail(timestamp: int) -> None:
    """Once a minute: defer again what waits for longer than any job takes, since its job was lost."""
    resume_lost_mail(now=timezone.now())


@transaction.atomic
def resume_lost_mail(*, now: datetime) -> int:
    """Defer a job for each mail that waits for too long. A job does nothing when it is done by then."""
    unsent = OutboundMail.objects.filter(
        Q(state=OutboundMail.State.QUEUED) | Q(state=OutboundMail.State.CLAIMED, claimed_at__lte=now - LOST_AFTER),
        queued_at__range=(now - GIVEN_UP_AFTER, now - LOST_AFTER),
    )
    jobs = [{"mail_id": key} for key in unsent.order_by("queued_at").values_list("pk", flat=True)[:SWEEP_SIZE]]
    if jobs:
        deliver_mail.batch_defer(*jobs)  # type: ignore[arg-type]
    return len(jobs)


@app.periodic(cron="19 2 * * *")
@app.task(queue=QUEUE)
def forget_mail(timestamp: int) -> None:
    """Every night: forget the words of old mail."""
    forget_mail_words(before=timezone.now() - WORDS_KEPT)


@transaction.atomic
def forget_mail_words(*, before: datetime) -> int:
    """Empty subject and body of mail queued before then. That there was a mail stays known."""
    old = OutboundMail.objects.filter(queued_at__lt=before, body__isnull=False)
    return old.update(subject=None, body=None)
