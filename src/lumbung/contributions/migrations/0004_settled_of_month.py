"""The span of a month's settled returns, found without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0003_editions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="return",
            index=models.Index(
                condition=models.Q(("state", "settled")), fields=["month", "id"], name="return_settled_of_month"
            ),
        ),
    ]
