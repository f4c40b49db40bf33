"""A member can stop mails of one kind by a button in such a mail: then none stands in for another way either."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_notices")]

    operations = [migrations.AddField("noticechoice", "mail_stopped", models.BooleanField(default=False))]
