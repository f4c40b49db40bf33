"""Many entries in one statement, and corrections of some members' lines, as they stand in sql/0003_*.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
STEPS = ("entries", "post_set", "take_back", "rights")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_accounts")]
    operations = [migrations.RunSQL((SQL / f"0003_{step}.sql").read_text(encoding="utf-8")) for step in STEPS]
