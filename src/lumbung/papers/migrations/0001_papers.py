"""Papers that were issued, and what members were told of years."""

import django.db.models.deletion
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0003_likeness"),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("kind", models.CharField(choices=[("card", "Card"), ("statement", "Statement")], max_length=9)),
                ("reference", models.CharField(db_collation="C", max_length=16, unique=True)),
                ("digest", models.BinaryField()),
                ("text", lumbung.encryption.EncryptedText(null=True)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("replaced_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="registry.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-issued_at"], name="paper_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "card"), ("replaced_at__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=("person",),
                        name="paper_one_card",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("expires_at__gt", models.F("issued_at")),
                                ("kind", "card"),
                                ("text__isnull", False),
                            ),
                            models.Q(
                                ("expires_at__isnull", True),
                                ("kind", "statement"),
                                ("replaced_at__isnull", True),
                                ("text__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="paper_card_or_statement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^[A-Za-z0-9_-]{16}$")), name="paper_reference"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("replaced_at__isnull", True),
                                ("replaced_at__gte", models.F("issued_at")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_at__gte", models.F("issued_at")),
                                _connector="OR",
                            ),
                        ),
                        name="paper_over_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YearTold",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("year", models.SmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("facts", lumbung.encryption.EncryptedText()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="years_told",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "year"), name="year_told_once")],
            },
        ),
    ]
