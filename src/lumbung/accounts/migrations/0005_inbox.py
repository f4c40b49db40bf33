"""The inbox: what a member is told inside, and how much of it is unread."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_numbers_joined"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="unread",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("word", models.CharField(max_length=40)),
                ("version", models.PositiveSmallIntegerField()),
                ("facts", lumbung.encryption.EncryptedText()),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-made_at", "-id"], name="message_by_user"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["user"], name="message_unread"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="message_version_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("read_at__isnull", True), ("read_at__gte", models.F("made_at")), _connector="OR"
                        ),
                        name="message_read_later",
                    ),
                ],
            },
        ),
    ]
