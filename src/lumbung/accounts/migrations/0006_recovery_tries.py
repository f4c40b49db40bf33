"""Tries of an officer's code are counted alike whether or not there is one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_inbox")]

    operations = [
        migrations.CreateModel(
            name="RecoveryTries",
            fields=[
                ("about", models.BinaryField(primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("last_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(model_name="recoverycode", name="wrong_tries"),
    ]
