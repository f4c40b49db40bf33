"""The same file may come again for its month, once corrections have taken back all that it said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0002_corrections"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="return", name="return_same_file_once"),
        migrations.AddField(model_name="return", name="edition", field=models.SmallIntegerField(db_default=1)),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", True)),
                fields=("employer", "month", "digest", "edition"),
                name="return_same_file_once",
            ),
        ),
    ]
