"""Two more control accounts: premiums for job loss and of migrant workers."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL((SQL / "0002_accounts.sql").read_text(encoding="utf-8"))]
