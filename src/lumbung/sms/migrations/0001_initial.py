"""Which phones may ask for which member number."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SmsRegistration",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("phone_index", models.BinaryField(editable=True)),
                ("registered_at", models.DateTimeField()),
                (
                    "member_number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sms_registrations",
                        to="registry.membernumber",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member_number", "phone_index"), name="sms_registration_once")
                ],
            },
        ),
    ]
