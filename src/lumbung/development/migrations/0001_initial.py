"""Runs, chunks and workings of the development result; triggers that keep what was worked out."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE FUNCTION development_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
        MESSAGE = format('%s on %s: what was credited, at which terms and how, is kept as it was', TG_OP, TG_TABLE_NAME);
END $$;
CREATE TRIGGER development_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON development_working
    FOR EACH STATEMENT EXECUTE FUNCTION development_kept();
CREATE TRIGGER development_kept BEFORE DELETE OR TRUNCATE ON development_chunk
    FOR EACH STATEMENT EXECUTE FUNCTION development_kept();
CREATE TRIGGER development_kept BEFORE DELETE OR TRUNCATE ON development_run
    FOR EACH STATEMENT EXECUTE FUNCTION development_kept();
CREATE TRIGGER development_done BEFORE UPDATE ON development_chunk
    FOR EACH ROW WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION development_kept();
CREATE TRIGGER development_terms BEFORE UPDATE OF kind, year, number, rate, decree, started_at ON development_run
    FOR EACH STATEMENT EXECUTE FUNCTION development_kept();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DevelopmentRun",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("annual", "Annual"), ("adjustment", "Adjustment")], max_length=10),
                ),
                ("year", models.SmallIntegerField()),
                ("number", models.IntegerField()),
                ("rate", models.CharField(max_length=12)),
                ("decree", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("working", "Working"), ("finished", "Finished")], default="working", max_length=8
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("looked_to", models.DateTimeField()),
            ],
            options={
                "db_table": "development_run",
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="development_run_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "annual")), fields=("year",), name="development_run_one_a_year"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "adjustment"), ("state", "working")),
                        fields=("year",),
                        name="development_run_one_adjustment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state", "finished")),
                            models.Q(("finished_at__isnull", True), ("state", "working")),
                            _connector="OR",
                        ),
                        name="development_run_finished_then",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate__regex", "^[0-9]{1,2}(\\.[0-9]{1,4})?$")),
                        name="development_run_rate_written",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevelopmentChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="development.developmentrun",
                    ),
                ),
                ("number", models.IntegerField()),
                ("first", models.TextField(db_collation="C")),
                ("beyond", models.TextField(db_collation="C", null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("entry_id", models.BigIntegerField(null=True)),
                ("accounts", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "development_chunk",
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="development_chunk_once"),
                    models.UniqueConstraint(fields=("entry_id",), name="development_chunk_entry_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevelopmentWorking",
            # The order of the columns: wide ones first, so that a row takes 88 bytes.
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "year",
                        "member_number",
                        "run_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("opening", models.BigIntegerField()),
                ("moved", models.BigIntegerField()),
                ("weighted", models.BigIntegerField()),
                ("entitled", models.BigIntegerField()),
                ("credited", models.BigIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workings",
                        to="development.developmentrun",
                    ),
                ),
                ("position", models.IntegerField()),
                ("year", models.SmallIntegerField()),
                ("member_number", models.TextField(db_collation="C")),
                ("skipped", models.TextField(db_collation="C")),
            ],
            options={
                "db_table": "development_working",
                "indexes": [
                    models.Index(
                        condition=models.Q(("skipped", "overdrawn")),
                        fields=["year"],
                        name="development_working_owed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("skipped", ""),
                            (
                                "skipped__in",
                                [
                                    "negative_basis",
                                    "no_basis",
                                    "nothing_earned",
                                    "overdrawn",
                                    "too_new",
                                    "unchanged",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="development_working_reason",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEPT),
    ]
