"""For which numbers a phone is registered is found by the phone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_likeness"),
        ("sms", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="smsregistration",
            index=models.Index(fields=["phone_index"], name="sms_registration_by_phone"),
        ),
    ]
