"""A payment of the exact sum that came late is no longer held: it is matched, and settling asks for the fine."""

from django.db import migrations, models

# Of several late payments under one code the first stands for it; the others are held as paid already.
MATCH_LATE = """
WITH late AS (
    SELECT DISTINCT ON (r.code_as_written) r.id, r.code_as_written AS code
    FROM payments_receipt AS r
    JOIN payments_paymentcode AS c ON c.code = r.code_as_written AND c.state = 'open' AND c.amount = r.amount
    WHERE r.held = 'late' ORDER BY r.code_as_written, r.id
), matched AS (
    UPDATE payments_receipt AS r SET held = '', payment_code_id = late.code FROM late WHERE late.id = r.id
    RETURNING late.code
)
UPDATE payments_paymentcode AS c SET state = 'paid' FROM matched WHERE matched.code = c.code;
UPDATE payments_receipt AS r
SET held = CASE WHEN (SELECT state FROM payments_paymentcode WHERE code = r.code_as_written) = 'void'
                THEN 'void_code' ELSE 'already_paid' END
WHERE r.held = 'late';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="receipt",
            name="held",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unknown_code", "Unknown Code"),
                    ("void_code", "Void Code"),
                    ("already_paid", "Already Paid"),
                    ("too_little", "Too Little"),
                    ("too_much", "Too Much"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.RunSQL(MATCH_LATE, migrations.RunSQL.noop),
    ]
