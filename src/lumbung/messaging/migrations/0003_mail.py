"""The outbox of mail."""

import uuid

from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_take_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboundMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("reference", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("to", lumbung.encryption.EncryptedText()),
                ("to_index", models.BinaryField(editable=True)),
                ("subject", lumbung.encryption.EncryptedText(null=True)),
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["to_index", "queued_at"], name="mail_by_address"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "claimed"])),
                        fields=["queued_at"],
                        name="mail_unsent",
                    ),
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
                        name="mail_times_fit_state",
                    )
                ],
            },
        ),
    ]
