"""What takes back an entry waits while a year is closed, as it stands in sql/0005_take_back.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_closed_years")]
    operations = [migrations.RunSQL((SQL / "0005_take_back.sql").read_text(encoding="utf-8"))]
