"""Heirs and bank accounts that members keep with the fund."""

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
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("bank", models.CharField(max_length=3)),
                ("number", lumbung.encryption.EncryptedText()),
                ("holder", lumbung.encryption.EncryptedText()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_accounts",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("person",),
                        name="bank_account_one_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="bank_account_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heir",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("rank", models.SmallIntegerField()),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("spouse", "Husband or wife"),
                            ("child", "Child"),
                            ("parent", "Father or mother"),
                            ("grandchild", "Grandchild"),
                            ("grandparent", "Grandfather or grandmother"),
                            ("sibling", "Brother or sister"),
                            ("parent_in_law", "Father-in-law or mother-in-law"),
                            ("by_will", "Somebody else, named in a will"),
                        ],
                        max_length=13,
                    ),
                ),
                ("name", lumbung.encryption.EncryptedText()),
                ("birth_date", lumbung.encryption.EncryptedDate(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heirs", to="registry.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rank__gte", 1), ("rank__lte", 10)), name="heir_rank"
                    )
                ],
            },
        ),
    ]
