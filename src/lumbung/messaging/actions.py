"""Carry texts: take them in once, answer each at most once, and hand answers over without an open transaction."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import sleep
from typing import Any, cast

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from lumbung import prepared
from lumbung.encryption import EncryptedText
from lumbung.grouping import Grouping
from lumbung.messaging.lanes import PRIORITY, STOPPABLE, Lane
from lumbung.messaging.mail import actions as mail_actions
from lumbung.messaging.models import InboundText, OutboundText
from lumbung.messaging.outbox import actions as outbox
from lumbung.messaging.outbox.actions import Parcel, Terms
from lumbung.messaging.phones import actions as phones
from lumbung.messaging.phones import phone_index
from lumbung.messaging.phones.queries import bar, bars
from lumbung.messaging.push import actions as push_actions
from lumbung.messaging.refusing import actions as refusing
from lumbung.messaging.texting import TEXTS

send_mail, mail_nowhere = (
    mail_actions.send_mail,
    mail_actions.mail_nowhere,
)  # so that the doors find it here, and the queue its tasks
send_push = push_actions.send_push
QUEUE = TEXTS.queue
# Who understands texts is above this package, so its task is named, not imported.
ANSWER_TASK = "lumbung.sms.actions.answer"
ANSWERING_TASK = "lumbung.sms.actions.answer_waiting"
# Shared by take-ins until they are committed; whoever is about to look which texts wait has it for a moment.
TAKE_IN_LOCK = 0x74657874_73696E
# Answers that wait to be handed over, many in one statement: row by row Django takes five times as long.
_PUT_ANSWERS_OUT = """
    INSERT INTO public.messaging_outboundtext (
        reference, "to", to_index, body, in_reply_to_id, lane, cause, falls_back, queued_at, not_before,
        expires_at, state, reason, gateway, attempts, receipt
    )
    SELECT gen_random_uuid(), decode("to", 'hex'), decode(to_index, 'hex'), decode(body, 'hex'), in_reply_to,
        %(lane)s, %(cause)s, %(falls_back)s, %(queued_at)s, %(not_before)s, %(expires_at)s, 'queued', '', '', 0,
        'none'
    FROM json_to_recordset(%(answers)s::json) AS each("to" text, to_index text, body text, in_reply_to bigint)
    RETURNING 1
"""
# The sealed columns of what comes in and what goes out.
_SENDER, _BODY, _TO, _ANSWER = (
    cast("EncryptedText", model._meta.get_field(name))
    for model, name in (
        (InboundText, "sender"),
        (InboundText, "body"),
        (OutboundText, "to"),
        (OutboundText, "body"),
    )
)
_HOLD = "SELECT key FROM unnest(%s::bigint[]) AS key WHERE pg_try_advisory_xact_lock(key)"
_TAKE_IN = "SELECT public.messaging_take_in(%s, %s, %s::json)"
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
    that answers whatever waits stands ready in the queue, for all that come at the same time; else the text brings
    one, in its own transaction. (A job for each text would cost ten times the text: each one's NOTIFY lets the
    others wait for its commit.)
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
    if connection.in_atomic_block:  # the text is kept with that, so nobody else's is kept with it
        is_new = _take_in_quickly([facts])[0]
    elif (is_new := _TAKING_IN(facts)) is None:
        close_old_connections()  # it was another thread's that was looked at, perhaps
    return _take_in_with_job(facts) if is_new is None else is_new


def _take_in_quickly(texts: Sequence[Mapping[str, Any]]) -> list[bool | None]:
    """Keep the texts if a job stands ready that will look for them, and say which are new. None for each when
    there is none; then nothing is kept."""
    # By way of JSON: psycopg takes ten times as long for a list as one value.
    listed = json.dumps([_as_json(text) for text in texts])
    [(kept,)] = prepared.rows(_TAKE_IN, [ANSWERING_TASK, TAKE_IN_LOCK, listed])
    if kept is None:
        return [None] * len(texts)
    new = {tuple(key) for key in kept}
    # Of two that are one text the first is the new one.
    keys = [(text["gateway"], text["gateway_id"]) for text in texts]
    return [key in new and key not in keys[:place] for place, key in enumerate(keys)]


def _as_json(text: Mapping[str, Any]) -> dict[str, str | None]:
    """A text's columns as messaging_take_in wants them: sealed, bytes in hexadecimal digits, instants in words."""
    return {
        **text,
        "sender": _SENDER.seal(text["sender"]).hex(),
        "sender_index": text["sender_index"].hex(),
        "body": _BODY.seal(text["body"]).hex(),
        "sent_at": text["sent_at"] and text["sent_at"].isoformat(),
        "received_at": text["received_at"].isoformat(),
    }


def _take_in_for_all(texts: Sequence[Mapping[str, Any]]) -> list[bool | None]:
    """The same for other threads too, which may have come past Django (`config.shortcut`) and its look at the
    connection."""
    close_old_connections()
    return _take_in_quickly(texts)


_TAKING_IN: Grouping[Mapping[str, Any], bool | None] = Grouping(_take_in_for_all)


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
            task = app.configure_task(
                ANSWERING_TASK, queue=QUEUE, priority=PRIORITY[Lane.ANSWER], queueing_lock=ANSWERING_TASK
            )
            task.defer()
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
        app.configure_task(ANSWER_TASK, queue=QUEUE, priority=PRIORITY[Lane.ANSWER]).defer(inbound_id=inbound_id)


@transaction.atomic
def send(
    *,
    to: str,
    body: str,
    now: datetime,
    lane: Lane = Lane.NOTICE,
    cause: str | None = None,
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
    falls_back: bool = False,
) -> OutboundText:
    """Put a text into the outbox and have it delivered. `to` is a phone in E.164.

    A second text with the same `cause`, an opaque name of what caused it, is the first one: nothing is sent twice.
    """
    index = phone_index(to)
    terms = Terms(lane, cause, not_before, expires_at, falls_back)
    columns = {"to": to, "to_index": index, "body": body}
    text: OutboundText = outbox.put_out(TEXTS, terms, now=now, why_not=bar(index, lane), columns=columns)
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """One of many texts. `to` is a phone in E.164."""

    to: str = field(repr=False)
    body: str = field(repr=False)
    terms: Terms


@transaction.atomic
def send_all(texts: Sequence[Text], *, now: datetime) -> None:
    """The same for many texts in a few statements; see outbox.put_out_all about their causes."""
    indexes = {text.to: phone_index(text.to) for text in texts}
    barred = bars(indexes.values())
    parcels = [
        Parcel(
            text.terms,
            {"to": text.to, "to_index": indexes[text.to], "body": text.body},
            barred.get(indexes[text.to], "") if text.terms.lane in STOPPABLE else "",
        )
        for text in texts
    ]
    outbox.put_out_all(TEXTS, parcels, now=now)


@transaction.atomic
def send_nowhere(*, body: str, now: datetime) -> None:
    """Do all the work of `send` for a text to nobody, so that whoever asked can't tell by the time."""
    columns = {"to": "", "to_index": phone_index(""), "body": body}
    outbox.put_out(TEXTS, Terms(Lane.CODE), now=now, why_not="nobody", columns=columns)


@transaction.atomic
def close(
    text: InboundText, *, outcome: str, answer: str | None, repeats: InboundText | None, now: datetime
) -> OutboundText | None:
    """Note what was made of a text that the caller has locked, and put its one answer, if any, into the outbox.

    The caller delivers the answer once all is committed; if it dies before, `resume` has it delivered. Whoever
    texts us can be reached.
    """
    assert text.state == InboundText.State.WAITING, text
    text.state = InboundText.State.SILENT if answer is None else InboundText.State.ANSWERED
    text.outcome, text.repeats, text.closed_at = outcome, repeats, now
    text.save(update_fields=["state", "outcome", "repeats", "closed_at"])
    phones.note_reached(bytes(text.sender_index))
    if answer is None:
        return None
    return OutboundText.objects.create(
        to=text.sender,
        to_index=phone_index(text.sender),
        body=answer,
        in_reply_to=text,
        **Terms(Lane.ANSWER).columns(now),
    )


def hold_texts(inbound_ids: Sequence[int]) -> list[InboundText]:
    """Those of the texts that still wait and whose phones nobody else answers at the moment. They are the caller's
    until its transaction ends (`one_phone_key`)."""
    waiting = InboundText.objects.filter(pk__among=inbound_ids, state=InboundText.State.WAITING)
    keys = {one_phone_key(bytes(index)) for index in waiting.values_list("sender_index", flat=True)}
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [sorted(keys)])
        ours = {key for (key,) in cursor.fetchall()}
    found = waiting.select_for_update(of=("self",), no_key=True).order_by("received_at", "pk")
    return [text for text in found if one_phone_key(bytes(text.sender_index)) in ours]


def one_phone_key(sender_index: bytes) -> int:
    """Who holds this lock of the database answers this phone."""
    return int.from_bytes(sender_index[:8], "big", signed=True)


@transaction.atomic
def close_set(closed: Sequence[tuple[InboundText, str]], *, outcome: str, now: datetime) -> None:
    """Close texts that the caller has locked, all with this outcome, and put their answers into the outbox."""
    _close_all([text for text, _ in closed], InboundText.State.ANSWERED, outcome, now)
    answers = [
        {
            "to": _TO.seal(text.sender).hex(),
            "to_index": text.sender_index.hex(),
            "body": _ANSWER.seal(answer).hex(),
            "in_reply_to": text.pk,
        }
        for text, answer in closed
    ]
    prepared.rows(_PUT_ANSWERS_OUT, {**Terms(Lane.ANSWER).columns(now), "answers": json.dumps(answers)})


@transaction.atomic
def close_silently(texts: Sequence[InboundText], *, outcome: str, now: datetime) -> None:
    """Close texts that the caller has locked, all with this outcome, without an answer."""
    _close_all(texts, InboundText.State.SILENT, outcome, now)


def _close_all(texts: Sequence[InboundText], state: InboundText.State, outcome: str, now: datetime) -> None:
    still = InboundText.objects.filter(pk__among=[text.pk for text in texts], state=InboundText.State.WAITING)
    count = still.update(state=state, outcome=outcome, closed_at=now)
    assert count == len(texts), "the caller has locked them"
    phones.note_all_reached([bytes(text.sender_index) for text in texts])


@transaction.atomic
def stop_phone(phone: str, *, now: datetime) -> None:
    """The phone's holder wants no notices and no broadcasts: what waits for it fails, and what comes later."""
    index = phone_index(phone)
    phones.hold(index, now=now)
    waiting = OutboundText.objects.filter(to_index=index, lane__in=STOPPABLE, state=OutboundText.State.QUEUED)
    outbox.fail(TEXTS, waiting.values_list("pk", flat=True), "stopped", now=now)


@transaction.atomic
def start_phone(phone: str, *, now: datetime) -> None:
    """The phone's holder wants notices and broadcasts again."""
    phones.release(phone_index(phone))


def note_reached(phone: str) -> None:
    """Somebody confirmed the phone by a code that went there: it works, and is his."""
    phones.note_reached(phone_index(phone))


@app.task(queue=QUEUE, name=TEXTS.task)
def deliver_texts() -> None:
    """The queue's door: hand over what is due."""
    deliver_and(lambda: 0)


def deliver_and(more: Callable[[], int]) -> None:
    """Hand over what is due for a turn; `more` puts more out meanwhile, and says how many."""
    outbox.deliver(TEXTS, clock=timezone.now, pause=sleep, more=more)


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE)
def resume(timestamp: int) -> None:
    """Once a minute: look after what waits for longer than any job takes, since its job was lost."""
    resume_lost(now=timezone.now())


@transaction.atomic
def resume_lost(*, now: datetime) -> int:
    """Have what waits in or out for too long looked at anew. The jobs do nothing when it is done by then."""
    window = (now - GIVEN_UP_AFTER, now - LOST_AFTER)
    waiting = InboundText.objects.filter(state=InboundText.State.WAITING, received_at__range=window)
    keys = waiting.order_by("received_at").values_list("pk", flat=True)[:SWEEP_SIZE]
    jobs = [{"inbound_id": key} for key in keys]
    if jobs:
        app.configure_task(ANSWER_TASK, queue=QUEUE, priority=PRIORITY[Lane.ANSWER]).batch_defer(*jobs)  # type: ignore[arg-type]
    return len(jobs) + outbox.resume(TEXTS, now=now)


@app.periodic(cron="17 2 * * *")
@app.task(queue=QUEUE)
def forget(timestamp: int) -> None:
    """Every night: forget the words of old texts, and old refusals that say nothing."""
    forget_words(before=timezone.now() - WORDS_KEPT)
    refusing.forget(now=timezone.now())


@transaction.atomic
def forget_words(*, before: datetime) -> int:
    """Empty the words of texts that came or were queued before then. That there was a text stays known."""
    inbound = InboundText.objects.filter(received_at__lt=before, body__isnull=False)
    return inbound.update(body=None) + outbox.forget_words(TEXTS, ["body"], before=before)
