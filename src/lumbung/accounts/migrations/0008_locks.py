"""A person can be locked: nothing of his is changed or paid out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_push"),
        ("registry", "0003_likeness"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lock",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("place", models.CharField(max_length=10)),
                ("since", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="locks", to="registry.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-since"], name="lock_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)), fields=("person",), name="lock_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True), ("lifted_at__gte", models.F("since")), _connector="OR"
                        ),
                        name="lock_lifted_later",
                    ),
                ],
            },
        ),
    ]
