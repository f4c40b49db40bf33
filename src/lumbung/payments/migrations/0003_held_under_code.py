"""Finds the money that is held under a payment code, however many receipts there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_late_payments")]

    operations = [
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("held", ""), _negated=True),
                fields=["code_as_written"],
                name="receipt_held_under_code",
            ),
        ),
    ]
