"""Texts in and out, mail and pushes out, with addresses and words encrypted. Nothing here understands them."""

import uuid

from django.db import models
from django.db.models import Q

from lumbung.encryption import EncryptedText


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


class OutboundText(models.Model):
    """A text to a phone, and how far it got. This table is the truth about what was said.

    `reference` is our own name for it at a gateway, which gives none back. A text answers at most one inbound
    text, and an inbound text has at most one answer.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = EncryptedText()
    to_index = models.BinaryField(editable=True)
    body = EncryptedText(null=True)
    in_reply_to = models.OneToOneField(InboundText, on_delete=models.PROTECT, null=True, related_name="answer")
    transport = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbound_times_fit_state",
                condition=Q(state="queued", claimed_at__isnull=True, noted_at__isnull=True)
                | Q(state="claimed", claimed_at__isnull=False, noted_at__isnull=True)
                | Q(state__in=["sent", "failed"], claimed_at__isnull=False, noted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="outbound_by_phone", fields=["to_index", "queued_at"]),
            models.Index(
                name="outbound_unsent", fields=["queued_at"], condition=Q(state__in=["queued", "claimed"])
            ),
        ]

    def __str__(self) -> str:
        return f"outbound text {self.pk}"


class OutboundMail(models.Model):
    """A mail to one address, and how far it got. This table is the truth about what was said.

    `reference` names it in the mail's Message-ID, so that a mail sent twice can be known. `subject` and `body`
    (plain text) are forgotten after a time.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = EncryptedText()
    to_index = models.BinaryField(editable=True)
    subject = EncryptedText(null=True)
    body = EncryptedText(null=True)
    transport = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mail_times_fit_state",
                condition=Q(state="queued", claimed_at__isnull=True, noted_at__isnull=True)
                | Q(state="claimed", claimed_at__isnull=False, noted_at__isnull=True)
                | Q(state__in=["sent", "failed"], claimed_at__isnull=False, noted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="mail_by_address", fields=["to_index", "queued_at"]),
            models.Index(name="mail_unsent", fields=["queued_at"], condition=Q(state__in=["queued", "claimed"])),
        ]

    def __str__(self) -> str:
        return f"outbound mail {self.pk}"


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


class OutboundPush(models.Model):
    """A push to one browser, and how far it got. `payload` is readable, for it tells nothing of anybody.

    It goes with its address: who is not there any more is forgotten whole.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        CLAIMED = "claimed"
        SENT = "sent"
        FAILED = "failed"

    address = models.ForeignKey(PushAddress, on_delete=models.CASCADE, related_name="pushes")
    payload = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="push_times_fit_state",
                condition=Q(state="queued", claimed_at__isnull=True, noted_at__isnull=True)
                | Q(state="claimed", claimed_at__isnull=False, noted_at__isnull=True)
                | Q(state__in=["sent", "failed"], claimed_at__isnull=False, noted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="push_unsent", fields=["queued_at"], condition=Q(state__in=["queued", "claimed"])),
        ]

    def __str__(self) -> str:
        return f"outbound push {self.pk}"
