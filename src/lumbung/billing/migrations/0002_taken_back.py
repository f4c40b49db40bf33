"""A paid bill that was wrong is taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0001_initial"),
        ("payments", "0002_late_payments"),
        ("registry", "0002_segments"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="bill",
            name="bill_self_employed_once",
        ),
        migrations.RemoveConstraint(
            model_name="bill",
            name="bill_project_once",
        ),
        migrations.RemoveConstraint(
            model_name="bill",
            name="bill_contract_once",
        ),
        migrations.RemoveConstraint(
            model_name="bill",
            name="bill_late_fine_once",
        ),
        migrations.RemoveConstraint(
            model_name="bill",
            name="bill_settled_with_entry",
        ),
        migrations.AlterField(
            model_name="bill",
            name="state",
            field=models.CharField(
                choices=[("open", "Open"), ("settled", "Settled"), ("void", "Void"), ("taken_back", "Taken Back")],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "self_employed"), ("state__in", ["open", "settled"])),
                fields=("member_number", "month"),
                name="bill_self_employed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "construction"), ("state__in", ["open", "settled"])),
                fields=("project",),
                name="bill_project_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "migrant"), ("state__in", ["open", "settled"])),
                fields=("contract", "month"),
                name="bill_contract_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "late_fine"), ("state__in", ["open", "settled"])),
                fields=("employer", "month", "late_paid_on", "owed", "late_code"),
                name="bill_late_fine_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("entry_id__isnull", False),
                        ("paid_on__isnull", False),
                        ("state__in", ["settled", "taken_back"]),
                    ),
                    models.Q(
                        ("state__in", ["open", "void"]), ("entry_id__isnull", True), ("paid_on__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="bill_settled_with_entry",
            ),
        ),
    ]
