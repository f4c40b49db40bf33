"""Whether a refused phone or who refused it is to blame is judged, and kept until it is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0022_mails_that_can_be_stopped"),
    ]

    operations = [
        migrations.CreateModel(
            name="Refusing",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("gateway", models.CharField(max_length=32)),
                ("by", models.CharField(blank=True, max_length=32)),
                (
                    "lane",
                    models.SmallIntegerField(
                        choices=[(0, "Code"), (1, "Answer"), (2, "Notice"), (3, "Broadcast")]
                    ),
                ),
                ("since", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField()),
                ("well_from", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("gateway", "by", "lane"), name="refusing_once")],
            },
        ),
        migrations.CreateModel(
            name="RefusedPhone",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("gateway", models.CharField(max_length=32)),
                ("by", models.CharField(blank=True, max_length=32)),
                (
                    "lane",
                    models.SmallIntegerField(
                        choices=[(0, "Code"), (1, "Answer"), (2, "Notice"), (3, "Broadcast")]
                    ),
                ),
                ("index", models.BinaryField(editable=True)),
                ("claimed_at", models.DateTimeField()),
                (
                    "text",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="messaging.outboundtext",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["index"], name="refused_phone_by_phone")],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "by", "lane", "index"), name="refused_phone_once")
                ],
            },
        ),
    ]
