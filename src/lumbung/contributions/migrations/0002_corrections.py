"""Corrections of settled returns, the lines they take back, what the law was asked with, and job loss insurance."""

import django.db.models.deletion
from django.db import migrations, models

TAKEN_BACK = """
CREATE FUNCTION contributions_taken_back_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added
        LEFT JOIN contributions_returnline AS l ON l.id = added.line_id
        LEFT JOIN contributions_return AS wrong ON wrong.id = l.returned_id
        LEFT JOIN contributions_return AS r ON r.id = added.by_id
        WHERE (r.corrects_id = l.returned_id AND wrong.state = 'settled' AND r.state = 'open') IS NOT TRUE
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
            MESSAGE = 'a correction takes back lines of the settled return that it corrects, while it is open itself';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contributions_taken_back_check AFTER INSERT ON contributions_takenback
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contributions_taken_back_check();

CREATE FUNCTION contributions_taken_back_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone JOIN contributions_return AS r ON r.id = gone.by_id WHERE r.state = 'settled'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
            MESSAGE = 'what a settled correction took back is kept as it was';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contributions_taken_back_kept AFTER DELETE ON contributions_takenback
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION contributions_taken_back_kept();
CREATE TRIGGER contributions_kept BEFORE UPDATE OR TRUNCATE ON contributions_takenback
    FOR EACH STATEMENT EXECUTE FUNCTION contributions_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0001_initial"),
        ("payments", "0001_initial"),
        ("registry", "0002_segments"),
    ]

    operations = [
        migrations.CreateModel(
            name="TakenBack",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="taken_back",
                        serialize=False,
                        to="contributions.returnline",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takes_back",
                        to="contributions.return",
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="return", name="return_same_file_once"),
        migrations.RemoveConstraint(model_name="return", name="return_one_open"),
        migrations.AddField(
            model_name="return",
            name="corrects",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="contributions.return",
            ),
        ),
        migrations.AddField(model_name="return", name="entry_count", field=models.SmallIntegerField(db_default=1)),
        migrations.AddField(
            model_name="return", name="reason", field=models.CharField(db_default="", max_length=500)
        ),
        migrations.AddField(
            model_name="return", name="taken_back_total", field=models.BigIntegerField(db_default=0)
        ),
        migrations.AddField(model_name="return", name="terms", field=models.JSONField(null=True)),
        migrations.AddField(model_name="returnline", name="job_loss", field=models.BooleanField(db_default=False)),
        migrations.AlterField(
            model_name="return",
            name="payment_code",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.paymentcode",
            ),
        ),
        migrations.AddIndex(
            model_name="returnline",
            index=models.Index(fields=["member_number", "returned"], name="return_line_member_return"),
        ),
        migrations.AlterField(
            model_name="returnline",
            name="member_number",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.membernumber",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", True)),
                fields=("employer", "month", "digest"),
                name="return_same_file_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", True), ("state", "open")),
                fields=("employer", "month"),
                name="return_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("corrects__isnull", True),
                        ("payment_code__isnull", False),
                        ("reason", ""),
                        ("taken_back_total", 0),
                    ),
                    models.Q(
                        ("corrects__isnull", False),
                        ("taken_back_total__gte", 0),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="return_asks_or_corrects",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects__isnull", True),
                    models.Q(("payment_code__isnull", False), ("total__gt", models.F("taken_back_total"))),
                    models.Q(("payment_code__isnull", True), ("total__lte", models.F("taken_back_total"))),
                    _connector="OR",
                ),
                name="return_correction_asks_for_the_difference",
            ),
        ),
        migrations.RunSQL(TAKEN_BACK, migrations.RunSQL.noop),
    ]
