"""Closed years: the partitions of their months become one, as it stands in sql/0004_close_year.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_sets_and_corrections")]
    operations = [migrations.RunSQL((SQL / "0004_close_year.sql").read_text(encoding="utf-8"))]
