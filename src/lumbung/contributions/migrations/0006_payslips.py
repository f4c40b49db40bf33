"""Wages that members typed from their payslips and keep."""

import django.db.models.deletion
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    dependencies = [("contributions", "0005_open_of_month"), ("registry", "0003_likeness")]

    operations = [
        migrations.CreateModel(
            name="Payslip",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("month", models.DateField()),
                ("wage", lumbung.encryption.EncryptedText()),
                ("kept_at", models.DateTimeField()),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.employer"
                    ),
                ),
                (
                    "member_number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payslips",
                        to="registry.membernumber",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member_number", "employer", "month"), name="payslip_once"),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="payslip_month_starts"),
                ],
            },
        ),
    ]
