"""Disputes, of which a person may have several open, each about something else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_readings")]

    operations = [
        migrations.AddField(
            model_name="case", name="subject", field=models.CharField(db_default="", max_length=64)
        ),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("registration", "Registration"),
                    ("recovery", "Recovery"),
                    ("phone", "Phone"),
                    ("correction", "Correction"),
                    ("dispute", "Dispute"),
                ],
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="case", name="case_one_open"),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("person", "kind", "subject"), name="case_one_open"
            ),
        ),
    ]
