"""Returns and their lines; triggers that check lines as sets and keep what was reported."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import lumbung.encryption

LINES_AS_SETS = """
CREATE FUNCTION contributions_lines_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added WHERE NOT EXISTS (
            SELECT FROM registry_membernumber AS m WHERE m.number = added.member_number_id
        )
    ) OR EXISTS (
        SELECT FROM (SELECT DISTINCT returned_id FROM added) AS a
        WHERE NOT EXISTS (SELECT FROM contributions_return AS r WHERE r.id = a.returned_id)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
            MESSAGE = 'a line is of no return, or of a member number that is not registered';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contributions_lines_check AFTER INSERT ON contributions_returnline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION contributions_lines_check();

CREATE FUNCTION contributions_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
        MESSAGE = format('%s on %s: what was reported is kept as it was', TG_OP, TG_TABLE_NAME);
END $$;
CREATE TRIGGER contributions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON contributions_returnline
    FOR EACH STATEMENT EXECUTE FUNCTION contributions_kept();
CREATE TRIGGER contributions_kept BEFORE DELETE OR TRUNCATE ON contributions_return
    FOR EACH STATEMENT EXECUTE FUNCTION contributions_kept();

CREATE FUNCTION contributions_member_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM contributions_returnline AS l WHERE l.member_number_id = OLD.number) THEN
        RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
            MESSAGE = 'a member number for which contributions were reported is kept';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER contributions_member_deleted BEFORE DELETE ON registry_membernumber
    FOR EACH ROW EXECUTE FUNCTION contributions_member_kept();
CREATE TRIGGER contributions_member_renamed BEFORE UPDATE OF number ON registry_membernumber
    FOR EACH ROW WHEN (OLD.number <> NEW.number) EXECUTE FUNCTION contributions_member_kept();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("payments", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("month", models.DateField()),
                ("digest", models.BinaryField()),
                ("file_name", models.CharField(max_length=200)),
                ("content", lumbung.encryption.EncryptedField(null=True)),
                ("received_at", models.DateTimeField()),
                ("law_version", models.CharField(max_length=64)),
                ("members", models.IntegerField()),
                ("total", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("replaced", "Replaced"), ("settled", "Settled")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("entry_id", models.BigIntegerField(null=True)),
                ("paid_on", models.DateField(null=True)),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="registry.employer"
                    ),
                ),
                (
                    "payment_code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.paymentcode"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("line", models.IntegerField()),
                ("wage", models.BigIntegerField()),
                ("back_pay", models.BigIntegerField()),
                ("jht_employer", models.BigIntegerField()),
                ("jht_member", models.BigIntegerField()),
                ("jp_wage", models.BigIntegerField()),
                ("jp_employer", models.BigIntegerField()),
                ("jp_member", models.BigIntegerField()),
                ("jkk", models.BigIntegerField()),
                ("jkm", models.BigIntegerField()),
                (
                    "member_number",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.membernumber",
                    ),
                ),
                (
                    "returned",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="contributions.return",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                fields=("employer", "month", "digest"), name="return_same_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("employer", "month"), name="return_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="return_month_starts"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry_id__isnull", False), ("paid_on__isnull", False), ("state", "settled")),
                    models.Q(
                        models.Q(("state", "settled"), _negated=True),
                        ("entry_id__isnull", True),
                        ("paid_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="return_settled_with_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.UniqueConstraint(
                fields=("returned", "member_number"), name="return_line_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back_pay__gte", 0),
                    ("jht_employer__gte", 0),
                    ("jht_member__gte", 0),
                    ("jkk__gte", 0),
                    ("jkm__gte", 0),
                    ("jp_employer__gte", 0),
                    ("jp_member__gte", 0),
                    ("jp_wage__gte", 0),
                    ("wage__gte", 0),
                ),
                name="return_line_never_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "jp_wage__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("wage"), "+", models.F("back_pay")
                        ),
                    )
                ),
                name="return_line_pension_wage",
            ),
        ),
        migrations.RunSQL(LINES_AS_SETS, migrations.RunSQL.noop),
    ]
