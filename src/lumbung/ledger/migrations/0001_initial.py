"""The books: tables, guards, functions and rights, as they stand in sql/0001_*.sql."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
STEPS = ("tables", "guards", "months", "post", "reverse", "seal", "rights")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        *(migrations.RunSQL((SQL / f"0001_{step}.sql").read_text(encoding="utf-8")) for step in STEPS),
        migrations.CreateModel(
            name="ControlAccount",
            fields=[
                ("code", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
            ],
            options={
                "db_table": "ledger_controlaccount",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ControlLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "position", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.SmallIntegerField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_controlline",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.TextField(unique=True)),
                ("kind", models.TextField()),
                ("day", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("line_count", models.IntegerField()),
                ("control_count", models.IntegerField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_entry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="MemberAccount",
            fields=[
                ("contribution_total", models.BigIntegerField()),
                ("development_total", models.BigIntegerField()),
                ("withdrawal_total", models.BigIntegerField()),
                ("pension_total", models.BigIntegerField()),
                ("pension_months_total", models.IntegerField()),
                ("member_number", models.TextField(primary_key=True, serialize=False)),
                ("last_position", models.IntegerField()),
                ("last_book_day", models.DateField()),
            ],
            options={
                "db_table": "ledger_memberaccount",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="MemberLine",
            fields=[
                ("contribution_total", models.BigIntegerField()),
                ("development_total", models.BigIntegerField()),
                ("withdrawal_total", models.BigIntegerField()),
                ("pension_total", models.BigIntegerField()),
                ("pension_months_total", models.IntegerField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member_number",
                        "book_day",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("member_number", models.TextField()),
                ("position", models.IntegerField()),
                ("book_day", models.DateField()),
                ("day", models.DateField()),
                ("contribution_month", models.DateField(null=True)),
                ("contribution", models.BigIntegerField()),
                ("development", models.BigIntegerField()),
                ("withdrawal", models.BigIntegerField()),
                ("pension", models.BigIntegerField()),
                ("pension_months", models.SmallIntegerField()),
            ],
            options={
                "db_table": "ledger_memberline",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("booked_to", models.DateTimeField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_seal",
                "managed": False,
            },
        ),
    ]
