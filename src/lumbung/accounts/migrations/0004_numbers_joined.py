"""Which member numbers were joined to a person, and parted again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_known_devices"),
        ("registry", "0003_likeness"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberJoin",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("joined_at", models.DateTimeField()),
                ("parted_at", models.DateTimeField(null=True)),
                (
                    "joined_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joins",
                        to="registry.membernumber",
                    ),
                ),
                (
                    "parted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joins_away",
                        to="registry.person",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="joins", to="registry.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("parted_at__isnull", True)),
                        fields=("number",),
                        name="number_join_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="number_join_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parted_at__isnull", True), ("parted_at__gte", models.F("joined_at")), _connector="OR"
                        ),
                        name="number_join_parted_later",
                    ),
                ],
            },
        ),
    ]
