"""Texts in, unique by gateway id, and texts out, one answer to each."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="InboundText",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("gateway", models.CharField(max_length=32)),
                ("gateway_id", models.CharField(db_collation="C", max_length=100)),
                ("sender", lumbung.encryption.EncryptedText()),
                ("sender_index", models.BinaryField(editable=True)),
                ("recipient", models.CharField(max_length=20)),
                ("body", lumbung.encryption.EncryptedText(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("answered", "Answered"), ("silent", "Silent")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "repeats",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="messaging.inboundtext",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutboundText",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("reference", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("to", lumbung.encryption.EncryptedText()),
                ("to_index", models.BinaryField(editable=True)),
                ("body", lumbung.encryption.EncryptedText(null=True)),
                ("transport", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("claimed", "Claimed"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("noted_at", models.DateTimeField(null=True)),
                (
                    "in_reply_to",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="messaging.inboundtext",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="inboundtext",
            index=models.Index(fields=["sender_index", "received_at"], name="inbound_by_sender"),
        ),
        migrations.AddIndex(
            model_name="inboundtext",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["received_at"], name="inbound_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundtext",
            constraint=models.UniqueConstraint(fields=("gateway", "gateway_id"), name="inbound_gateway_id"),
        ),
        migrations.AddConstraint(
            model_name="inboundtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("outcome", ""), ("state", "waiting")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state__in", ["answered", "silent"]),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="inbound_closed_when_done",
            ),
        ),
        migrations.AddIndex(
            model_name="outboundtext",
            index=models.Index(fields=["to_index", "queued_at"], name="outbound_by_phone"),
        ),
        migrations.AddIndex(
            model_name="outboundtext",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "claimed"])),
                fields=["queued_at"],
                name="outbound_unsent",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_at__isnull", True), ("noted_at__isnull", True), ("state", "queued")),
                    models.Q(("claimed_at__isnull", False), ("noted_at__isnull", True), ("state", "claimed")),
                    models.Q(
                        ("claimed_at__isnull", False),
                        ("noted_at__isnull", False),
                        ("state__in", ["sent", "failed"]),
                    ),
                    _connector="OR",
                ),
                name="outbound_times_fit_state",
            ),
        ),
    ]
