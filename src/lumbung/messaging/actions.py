"""Carry texts: take them in once, answer each at most once, and hand answers over without an open transaction."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue

from lumbung import prepared
from lumbung.messaging.mail import actions as mail_actions
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.messaging.phones import phone_index
from lumbung.messaging.push import actions as push_actions
from lumbung.messaging.transports import DEFAULT, TRANSPORTS, Refused

QUEUE = "texts"
send_mail, mail_nowhere = (
    mail_actions.send_mail,
    mail_actions.mail_nowhere,
)  # so that the doors find it here, and the queue its tasks
send_push = push_actions.send_push
# Who understands texts is above this package, so its task is named, not imported.
ANSWER_TASK = "lumbung.sms.actions.answer"
ANSWERING_TASK = "lumbung.sms.actions.answer_waiting"
# Shared by take-ins until they are committed; whoever is about to look which texts wait has it for a moment.
TAKE_IN_LOCK = 0x74657874_73696E
_TAKE_IN = "SELECT public.messaging_take_in(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
# A job lost with its process (kill -9) is deferred anew after this long; more than any job takes.
LOST_AFTER = timedelta(seconds=60)
# Nobody waits longer for an answer, and a text that fails each time must not be tried for ever.
GIVEN_UP_AFTER = timedelta(days=1)
# Texts of DAFTAR hold a NIK and a birth date. Kept for disputes, then forgotten.
WORDS_KEPT = timedelta(days=30)
SWEEP_SIZE = 1000


def take_in(
    *,
    gateway: str,
    gateway_id: str,
    sender: str,
    recipient: str,
    body: str,
    sent_at: datetime | None,
    now: datetime,
) -> bool:
    """Keep a text as it came and have it answered; the same gateway id again is the same text.

    `sender` is a phone in E.164 when it is a phone. Returns whether the text is new. One statement while a job
    that answers whatever waits stands ready in the queue; else the text brings one, in its own transaction. (A
    job for each text would cost ten times the text: each one's NOTIFY lets the others wait for its commit.)
    """
    facts = {
        "gateway": gateway,
        "gateway_id": gateway_id,
        "sender": sender,
        "sender_index": phone_index(sender),
        "recipient": recipient,
        "body": body,
        "sent_at": sent_at,
        "received_at": now,
    }
    is_new = _take_in_quickly(facts)
    return _take_in_with_job(facts) if is_new is None else is_new


def _take_in_quickly(facts: Mapping[str, Any]) -> bool | None:
    """Keep the text if a job stands ready that will look for it. None when there is none; then nothing is kept."""
    sealed = {field.name: field for field in InboundText._meta.concrete_fields if field.name in {"sender", "body"}}
    values = [
        sealed[name].get_db_prep_value(value, connection) if name in sealed else value
        for name, value in facts.items()
    ]
    [(is_new,)] = prepared.rows(_TAKE_IN, [ANSWERING_TASK, TAKE_IN_LOCK, *values])
    return None if is_new is None else bool(is_new)


@transaction.atomic
def _take_in_with_job(facts: Mapping[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [TAKE_IN_LOCK])
    _, is_new = InboundText.objects.get_or_create(
        gateway=facts["gateway"], gateway_id=facts["gateway_id"], defaults=facts
    )
    if is_new:
        # Somebody else may have queued it meanwhile; while we hold the lock it can't have begun to look.
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(ANSWERING_TASK, queue=QUEUE, queueing_lock=ANSWERING_TASK).defer()
    return is_new


def wait_for_take_ins() -> None:
    """Come after every take-in that is under way; what they keep is there to be read from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKE_IN_LOCK])


def answer_later(inbound_id: int) -> None:
    """Queue a job for one text alone, which tries again when it fails, unless there is one already."""
    active = ProcrastinateJob.objects.filter(
        status__in=["todo", "doing"], task_name=ANSWER_TASK, args__inbound_id=inbound_id
    )
    if not active.exists():
        app.configure_task(ANSWER_TASK, queue=QUEUE).defer(inbound_id=inbound_id)


@transaction.atomic
def send(*, to: str, body: str, now: datetime) -> OutboundText:
    """Put a text into the outbox and have it delivered. `to` is a phone in E.164."""
    text = _put_out(to=to, body=body, now=now)
    deliver.defer(outbox_id=text.pk)
    return text


@transaction.atomic
def send_nowhere(*, body: str, now: datetime) -> None:
    """Do all the work of `send` for a text to nobody, so that whoever asked can't tell by the time."""
    text = OutboundText.objects.create(
        to="",
        to_index=phone_index(""),
        body=body,
        transport=DEFAULT,
        state=OutboundText.State.FAILED,
        queued_at=now,
        claimed_at=now,
        noted_at=now,
    )
    deliver.defer(outbox_id=text.pk)


def _put_out(*, to: str, body: str, now: datetime, in_reply_to: InboundText | None = None) -> OutboundText:
    return OutboundText.objects.create(
        to=to,
        to_index=phone_index(to),
        body=body,
        in_reply_to=in_reply_to,
        transport=DEFAULT,
        queued_at=now,
    )


@transaction.atomic
def close(
    text: InboundText, *, outcome: str, answer: str | None, repeats: InboundText | None, now: datetime
) -> OutboundText | None:
    """Note what was made of a text that the caller has locked, and put its one answer, if any, into the outbox.

    The caller delivers the answer once all is committed; if it dies before, `resume` has it delivered.
    """
    assert text.state == InboundText.State.WAITING, text
    text.state = InboundText.State.SILENT if answer is None else InboundText.State.ANSWERED
    text.outcome, text.repeats, text.closed_at = outcome, repeats, now
    text.save(update_fields=["state", "outcome", "repeats", "closed_at"])
    if answer is None:
        return None
    return _put_out(to=text.sender, body=answer, now=now, in_reply_to=text)


@app.task(queue=QUEUE, retry=RetryStrategy(max_attempts=5, exponential_wait=2))
def deliver(outbox_id: int) -> None:
    """Hand a text over: claim it, send it, note how it went. The claim is committed before anything is sent, so
    a text whose delivery died in between may have gone out, and only a transport that may repeat repeats it."""
    text = _claim(outbox_id, timezone.now())
    if text is not None:
        try:
            TRANSPORTS[text.transport].send(text)
        except Refused:
            _note(text, OutboundText.State.FAILED, timezone.now())
        else:
            _note(text, OutboundText.State.SENT, timezone.now())


@transaction.atomic
def _claim(outbox_id: int, now: datetime) -> OutboundText | None:
    """The text, now claimed by the caller; None when it is another's, or done."""
    text = OutboundText.objects.select_for_update(of=("self",)).get(pk=outbox_id)
    lost = (
        text.state == OutboundText.State.CLAIMED
        and text.claimed_at is not None
        and text.claimed_at <= now - LOST_AFTER
        and TRANSPORTS[text.transport].may_repeat
    )
    if text.state != OutboundText.State.QUEUED and not lost:
        return None
    text.state, text.claimed_at = OutboundText.State.CLAIMED, now
    text.save(update_fields=["state", "claimed_at"])
    return text


def _note(text: OutboundText, state: OutboundText.State, now: datetime) -> None:
    """Only the claim that was sent is noted."""
    claimed = OutboundText.objects.filter(pk=text.pk, state=OutboundText.State.CLAIMED, claimed_at=text.claimed_at)
    claimed.update(state=state, noted_at=now)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE)
def resume(timestamp: int) -> None:
    """Once a minute: defer again what waits for longer than any job takes, since its job was lost."""
    resume_lost(now=timezone.now())


@transaction.atomic
def resume_lost(*, now: datetime) -> int:
    """Defer a job for each text that waits in or out for too long. The jobs do nothing when it is done by then."""
    window = (now - GIVEN_UP_AFTER, now - LOST_AFTER)
    repeating = [name for name, transport in TRANSPORTS.items() if transport.may_repeat]
    waiting = InboundText.objects.filter(state=InboundText.State.WAITING, received_at__range=window)
    unsent = OutboundText.objects.filter(
        Q(state=OutboundText.State.QUEUED)
        | Q(state=OutboundText.State.CLAIMED, claimed_at__lte=now - LOST_AFTER, transport__in=repeating),
        queued_at__range=window,
    )
    inbound = _jobs("inbound_id", waiting.order_by("received_at"))
    outbound = _jobs("outbox_id", unsent.order_by("queued_at"))
    if inbound:
        app.configure_task(ANSWER_TASK, queue=QUEUE).batch_defer(*inbound)
    if outbound:
        deliver.batch_defer(*outbound)
    return len(inbound) + len(outbound)


def _jobs(argument: str, rows: QuerySet[Any]) -> list[dict[str, JSONValue]]:
    """The arguments of one job a row, for the first SWEEP_SIZE rows."""
    return [{argument: key} for key in rows.values_list("pk", flat=True)[:SWEEP_SIZE]]


@app.periodic(cron="17 2 * * *")
@app.task(queue=QUEUE)
def forget(timestamp: int) -> None:
    """Every night: forget the words of old texts."""
    forget_words(before=timezone.now() - WORDS_KEPT)


@transaction.atomic
def forget_words(*, before: datetime) -> int:
    """Empty the words of texts that came or were queued before then. That there was a text stays known."""
    inbound = InboundText.objects.filter(received_at__lt=before, body__isnull=False)
    outbound = OutboundText.objects.filter(queued_at__lt=before, body__isnull=False)
    return inbound.update(body=None) + outbound.update(body=None)
