"""A mail says in which language it is; the page in it is drawn when it is sent, and not kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_one_outbox")]

    operations = [
        migrations.RemoveField("outboundmail", "html"),
        migrations.AddField("outboundmail", "language", models.CharField(default="id", max_length=2)),
    ]
