"""Addresses of browsers, and the outbox of pushes to them."""

import django.db.models.deletion
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="PushAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("endpoint", lumbung.encryption.EncryptedText()),
                ("endpoint_index", models.BinaryField(editable=True, unique=True)),
                ("p256dh", lumbung.encryption.EncryptedText()),
                ("auth", lumbung.encryption.EncryptedText()),
                ("key", models.CharField(max_length=90)),
            ],
        ),
        migrations.CreateModel(
            name="OutboundPush",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("payload", models.CharField(max_length=100)),
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
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pushes",
                        to="messaging.pushaddress",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "claimed"])),
                        fields=["queued_at"],
                        name="push_unsent",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("claimed_at__isnull", True), ("noted_at__isnull", True), ("state", "queued")
                            ),
                            models.Q(
                                ("claimed_at__isnull", False), ("noted_at__isnull", True), ("state", "claimed")
                            ),
                            models.Q(
                                ("claimed_at__isnull", False),
                                ("noted_at__isnull", False),
                                ("state__in", ["sent", "failed"]),
                            ),
                            _connector="OR",
                        ),
                        name="push_times_fit_state",
                    )
                ],
            },
        ),
    ]
