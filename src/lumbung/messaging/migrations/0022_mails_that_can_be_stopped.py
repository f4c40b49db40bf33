"""A mail that its reader may choose away says where."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0021_ends_by_note")]

    operations = [migrations.AddField("outboundmail", "stops_at", models.CharField(max_length=400, null=True))]
