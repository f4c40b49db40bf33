"""What members agreed to, in which words."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0001_initial"),
        ("registry", "0003_likeness"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("purpose", models.CharField(max_length=20)),
                ("version", models.SmallIntegerField()),
                ("language", models.CharField(max_length=2)),
                ("digest", models.CharField(max_length=64)),
                ("given_at", models.DateTimeField()),
                ("given_place", models.CharField(max_length=10)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_place", models.CharField(blank=True, max_length=10)),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="registry.person"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("person", "purpose"),
                        name="consent_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_place", "")),
                            models.Q(
                                ("withdrawn_at__gte", models.F("given_at")),
                                models.Q(("withdrawn_place", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_later",
                    ),
                ],
            },
        ),
    ]
