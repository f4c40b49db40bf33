"""Texts in and out, mail and pushes out, with addresses and words encrypted. Nothing here understands them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lumbung.encryption import EncryptedText
from lumbung.messaging.lanes import Lane


class InboundText(models.Model):
    """A text that a gateway handed over, once, however often it was handed over.

    `sender` is a phone in E.164, or what stood there when it was none. `sent_at` is the gateway's word and may be
    missing, `received_at` is ours. `outcome` is the word of the door that understood the text; carrying texts
    needs only to know whether there is one. `body` is forgotten after a time.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        ANSWERED = "answered"
        SILENT = "silent"

    gateway = models.CharField(max_length=32)
    gateway_id = models.CharField(max_length=100, db_collation="C")
    sender = EncryptedText()
    sender_index = models.BinaryField(editable=True)
    recipient = models.CharField(max_length=20)
    body = EncryptedText(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=16, blank=True)
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="repeated_by", db_index=False
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="inbound_gateway_id", fields=["gateway", "gateway_id"]),
            models.CheckConstraint(
                name="inbound_closed_when_done",
                condition=Q(state="waiting", closed_at__isnull=True, outcome="")
                | (Q(state__in=["answered", "silent"], closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(name="inbound_by_sender", fields=["sender_index", "received_at"]),
            models.Index(name="inbound_waiting", fields=["received_at"], condition=Q(state="waiting")),
            models.Index(name="inbound_repeats", fields=["repeats"], condition=Q(repeats__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"inbound text {self.pk}"


class Outbound(models.Model):
    """What text, mail and push have in common: one thing to hand over, and how far it got.

    Such a table is the truth about what was said; a trigger holds that its rows only go forward. `reference` is
    our own name at the other side. `cause` is an opaque, unique name of what it was put out for. It is handed over
    between `not_before` and `expires_at`, by lane. `attempts` counts the claims, `gateway` is the way out that had
    it last, `reason` says why it failed. `falls_back`: whoever put it out wants to know when it fails.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cause = models.CharField(max_length=120, null=True, unique=True, db_collation="C")
    lane = models.SmallIntegerField(choices=Lane, default=Lane.NOTICE)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=16, blank=True)
    gateway = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    falls_back = models.BooleanField(default=False)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.CheckConstraint, ...]] = (
            models.CheckConstraint(
                name="%(class)s_times_fit_state",
                condition=Q(state="queued", claimed_at__isnull=True, noted_at__isnull=True)
                | Q(state="claimed", claimed_at__isnull=False, noted_at__isnull=True)
                | Q(state="sent", claimed_at__isnull=False, noted_at__isnull=False)
                | Q(state="failed", noted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_reason_when_failed",
                condition=(Q(state="failed") & ~Q(reason="")) | (~Q(state="failed") & Q(reason="")),
            ),
            models.CheckConstraint(
                name="%(class)s_claims_are_counted",
                condition=Q(claimed_at__isnull=True) | (Q(attempts__gt=0) & ~Q(gateway="")),
            ),
            models.CheckConstraint(name="%(class)s_lane_is_known", condition=Q(lane__in=[0, 1, 2, 3])),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(name="%(class)s_due", fields=["lane", "not_before", "id"], condition=Q(state="queued")),
            # Not by the state, or the planner may look for what is due by this index: after a quiet night its
            # statistics say that nothing waits, and every index seems as good as the other.
            models.Index(name="%(class)s_ends", fields=["expires_at"], condition=Q(noted_at__isnull=True)),
            models.Index(name="%(class)s_claimed", fields=["claimed_at"], condition=Q(state="claimed")),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class OutboundText(Outbound):
    """A text to a phone. It answers at most one inbound text, and an inbound text has at most one answer.

    `receipt` is what the network said of it. It only rises: a phone that has the text has it.
    """

    class Receipt(models.TextChoices):
        NONE = "none"
        ACCEPTED = "accepted"
        UNDELIVERED = "undelivered"
        DELIVERED = "delivered"

    to = EncryptedText()
    to_index = models.BinaryField(editable=True)
    body = EncryptedText(null=True)
    in_reply_to = models.OneToOneField(InboundText, on_delete=models.PROTECT, null=True, related_name="answer")
    receipt = models.CharField(max_length=11, choices=Receipt, default=Receipt.NONE)

    class Meta(Outbound.Meta):
        constraints = (
            *Outbound.Meta.constraints,
            models.CheckConstraint(
                name="outboundtext_receipt_fits",
                condition=Q(receipt="none")
                | Q(receipt__in=["accepted", "delivered"], state__in=["sent", "failed"])
                | Q(receipt="undelivered", state="failed"),
            ),
        )
        indexes = (
            *Outbound.Meta.indexes,
            models.Index(name="outbound_by_phone", fields=["to_index", "queued_at"]),
        )


class OutboundMail(Outbound):
    """A mail to one address.

    `reference` names it in the mail's Message-ID, so that a mail sent twice can be known. `subject` and `body`
    (plain text, of which a page is drawn when it is sent) are forgotten after a time. `stops_at` is the address
    that stops mails of its kind, for those that their reader may choose away.
    """

    to = EncryptedText()
    to_index = models.BinaryField(editable=True)
    subject = EncryptedText(null=True)
    body = EncryptedText(null=True)
    language = models.CharField(max_length=2, default="id")
    stops_at = models.CharField(max_length=400, null=True)

    class Meta(Outbound.Meta):
        constraints = Outbound.Meta.constraints
        indexes = (
            *Outbound.Meta.indexes,
            models.Index(name="mail_by_address", fields=["to_index", "queued_at"]),
        )


class PushAddress(models.Model):
    """Where one browser can be brought a push, and the keys to seal it for that browser. All of it is the
    browser's word, and personal. `key` is our public key that it is tied to: under another one nothing arrives.
    """

    endpoint = EncryptedText()
    endpoint_index = models.BinaryField(editable=True, unique=True)
    p256dh = EncryptedText()
    auth = EncryptedText()
    key = models.CharField(max_length=90)

    def __str__(self) -> str:
        return f"push address {self.pk}"


class OutboundPush(Outbound):
    """A push to one browser. `payload` is readable, for it tells nothing of anybody.

    `address` is empty when the browser is not there any more: it is forgotten whole, but not that a push failed.
    """

    address = models.ForeignKey(PushAddress, on_delete=models.SET_NULL, null=True, related_name="pushes")
    payload = models.CharField(max_length=100)

    class Meta(Outbound.Meta):
        constraints = Outbound.Meta.constraints
        indexes = Outbound.Meta.indexes


class Gateway(models.Model):
    """How a way out fares, shared by all workers: how often in a row it failed, and until when it is left alone.

    `paid_until` is the instant until which its texts a second are spent; None where nobody counts.
    """

    name = models.CharField(max_length=32, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)
    took_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    paid_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"gateway {self.name}"


class PhoneHold(models.Model):
    """What keeps texts from a phone: its holder stopped them, or the network refused it for good too often.

    `refusals` counts those in a row. `unreachable_since` stays until the phone is confirmed anew or texts us: by
    then it may be somebody else's.
    """

    index = models.BinaryField(editable=True, unique=True)
    stopped_at = models.DateTimeField(null=True)
    refusals = models.PositiveIntegerField(default=0)
    unreachable_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"phone hold {self.pk}"


class RefusedPhone(models.Model):
    """A phone that was refused for good, while nobody knows yet whether the phone is to blame or who refused it.

    `by` is empty when the gateway itself refused, else the carrier behind it that a receipt named. A phone stands
    here once for a gateway, a carrier and a lane, with the first `text` that was refused.
    """

    gateway = models.CharField(max_length=32)
    by = models.CharField(max_length=32, blank=True)
    lane = models.SmallIntegerField(choices=Lane)
    index = models.BinaryField(editable=True)
    text = models.ForeignKey(OutboundText, on_delete=models.CASCADE, related_name="+", db_index=False)
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="refused_phone_once", fields=["gateway", "by", "lane", "index"]),
        ]
        indexes = [models.Index(name="refused_phone_by_phone", fields=["index"])]

    def __str__(self) -> str:
        return f"refused phone {self.pk}"


class Refusing(models.Model):
    """That a gateway, or the carrier `by` behind it, refuses the texts of a lane to whatever phone.

    `since` is when the first of them was handed over, empty while it is well. `heard_at` is when it last refused
    one, `tried_at` when it was last given one to try. `well_from` is when the text was handed over by which it was
    known to be well again: refusals of older ones are its own fault, however late they come.
    """

    gateway = models.CharField(max_length=32)
    by = models.CharField(max_length=32, blank=True)
    lane = models.SmallIntegerField(choices=Lane)
    since = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()
    tried_at = models.DateTimeField()
    well_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="refusing_once", fields=["gateway", "by", "lane"]),
        ]

    def __str__(self) -> str:
        return f"refusing {self.pk}"
