"""Payment codes with their running number, bank files, and receipts matched or held."""

import django.db.models.deletion
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE payments_code_number MINVALUE 1 MAXVALUE 99999999999 START 1000001",
            "DROP SEQUENCE payments_code_number",
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("digest", models.BinaryField(unique=True)),
                ("content", lumbung.encryption.EncryptedField()),
                ("taken_in_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PaymentCode",
            fields=[
                ("code", models.CharField(db_collation="C", max_length=12, primary_key=True, serialize=False)),
                ("amount", models.BigIntegerField()),
                ("due", models.DateField()),
                ("issued_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("paid", "Paid"), ("void", "Void")],
                        default="open",
                        max_length=4,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{12}$")), name="payment_code_shape"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payment_code_amount"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "paid", "void"])), name="payment_code_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("bank_reference", models.CharField(max_length=64, unique=True)),
                ("code_as_written", models.CharField(max_length=64)),
                ("amount", models.BigIntegerField()),
                ("received_on", models.DateField()),
                ("line", models.IntegerField()),
                (
                    "held",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown_code", "Unknown Code"),
                            ("void_code", "Void Code"),
                            ("already_paid", "Already Paid"),
                            ("too_little", "Too Little"),
                            ("too_much", "Too Much"),
                            ("late", "Late"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="payments.bankfile",
                    ),
                ),
                (
                    "payment_code",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="payments.paymentcode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="receipt_amount"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held", ""), ("payment_code__isnull", False)),
                            models.Q(("payment_code__isnull", True), models.Q(("held", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="receipt_matched_or_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("payment_code__isnull", True),
                            ("payment_code", models.F("code_as_written")),
                            _connector="OR",
                        ),
                        name="receipt_matches_its_code",
                    ),
                ],
            },
        ),
    ]
