"""An announcement's way to every phone by SMS, and who did what with it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("publications", "0002_drafts_and_help"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Broadcast",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("text_id", models.CharField(max_length=459)),
                ("text_en", models.CharField(max_length=459)),
                ("an_hour", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("saved_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("expected", models.PositiveIntegerField(default=0)),
                ("last_person", models.BigIntegerField(default=0)),
                ("put_out", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
                ("paced_until", models.DateTimeField(null=True)),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broadcasts",
                        to="publications.announcement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BroadcastDeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("saved", "Saved"),
                            ("begun", "Begun"),
                            ("paused", "Paused"),
                            ("held", "Held"),
                            ("resumed", "Resumed"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        max_length=7,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deeds",
                        to="broadcasts.broadcast",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_en__regex", "\\S"), ("text_id__regex", "\\S")),
                name="broadcast_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(("an_hour__range", (100, 100000))), name="broadcast_pace"
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("begun_at__isnull", True),
                        ("ended_at__isnull", True),
                        ("paced_until__isnull", True),
                        ("state", "draft"),
                    ),
                    models.Q(
                        ("begun_at__isnull", False),
                        ("ended_at__isnull", True),
                        ("state__in", ["running", "paused"]),
                        ("paced_until__isnull", False),
                    ),
                    models.Q(
                        ("begun_at__isnull", False),
                        ("ended_at__isnull", False),
                        ("state__in", ["stopped", "done"]),
                    ),
                    _connector="OR",
                ),
                name="broadcast_times_fit_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["running"])), fields=("state",), name="broadcast_one_runs"
            ),
        ),
        migrations.AddIndex(
            model_name="broadcastdeed",
            index=models.Index(fields=["broadcast", "at"], name="broadcast_deeds"),
        ),
    ]
