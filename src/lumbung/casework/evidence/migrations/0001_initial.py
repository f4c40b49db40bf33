"""Pages of evidence that members send with a case."""

import django.db.models.deletion
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidencePage",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("position", models.SmallIntegerField()),
                ("image", lumbung.encryption.EncryptedField()),
                ("width", models.IntegerField()),
                ("height", models.IntegerField()),
                ("scanned", models.BooleanField()),
                ("added_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="casework.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "position"), name="evidence_page_once"),
                    models.CheckConstraint(
                        condition=models.Q(("height__gte", 1), ("position__gte", 1), ("width__gte", 1)),
                        name="evidence_page_has_a_size",
                    ),
                ],
            },
        ),
    ]
