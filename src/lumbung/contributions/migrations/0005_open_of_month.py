"""Finds what is reported for a month and not paid yet, however many returns there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contributions", "0004_settled_of_month")]

    operations = [
        migrations.AddIndex(
            model_name="return",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["month", "id"], name="return_open_of_month"
            ),
        ),
    ]
