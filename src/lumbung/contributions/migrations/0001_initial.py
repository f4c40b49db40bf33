"""Returns and their lines."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("payments", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("month", models.DateField()),
                ("digest", models.BinaryField()),
                ("file_name", models.CharField(max_length=200)),
                ("content", lumbung.encryption.EncryptedField(null=True)),
                ("received_at", models.DateTimeField()),
                ("law_version", models.CharField(max_length=64)),
                ("members", models.IntegerField()),
                ("total", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("replaced", "Replaced"), ("settled", "Settled")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("entry_id", models.BigIntegerField(null=True)),
                ("paid_on", models.DateField(null=True)),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="registry.employer"
                    ),
                ),
                (
                    "payment_code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.paymentcode"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("line", models.IntegerField()),
                ("wage", models.BigIntegerField()),
                ("back_pay", models.BigIntegerField()),
                ("jht_employer", models.BigIntegerField()),
                ("jht_member", models.BigIntegerField()),
                ("jp_wage", models.BigIntegerField()),
                ("jp_employer", models.BigIntegerField()),
                ("jp_member", models.BigIntegerField()),
                ("jkk", models.BigIntegerField()),
                ("jkm", models.BigIntegerField()),
                (
                    "member_number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.membernumber"
                    ),
                ),
                (
                    "returned",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="contributions.return",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                fields=("employer", "month", "digest"), name="return_same_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("employer", "month"), name="return_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="return_month_starts"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry_id__isnull", False), ("paid_on__isnull", False), ("state", "settled")),
                    models.Q(
                        models.Q(("state", "settled"), _negated=True),
                        ("entry_id__isnull", True),
                        ("paid_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="return_settled_with_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.UniqueConstraint(
                fields=("returned", "member_number"), name="return_line_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back_pay__gte", 0),
                    ("jht_employer__gte", 0),
                    ("jht_member__gte", 0),
                    ("jkk__gte", 0),
                    ("jkm__gte", 0),
                    ("jp_employer__gte", 0),
                    ("jp_member__gte", 0),
                    ("jp_wage__gte", 0),
                    ("wage__gte", 0),
                ),
                name="return_line_never_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "jp_wage__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("wage"), "+", models.F("back_pay")
                        ),
                    )
                ),
                name="return_line_pension_wage",
            ),
        ),
    ]
