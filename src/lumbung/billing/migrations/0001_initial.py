"""Bills: facts owed under a payment code, each billed once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("payments", "0001_initial"),
        ("registry", "0002_segments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bill",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("self_employed", "Self Employed"),
                            ("construction", "Construction"),
                            ("migrant", "Migrant"),
                            ("late_fine", "Late Fine"),
                        ],
                        max_length=13,
                    ),
                ),
                ("month", models.DateField(null=True)),
                ("jkk", models.BigIntegerField(default=0)),
                ("jkm", models.BigIntegerField(default=0)),
                ("jht", models.BigIntegerField(default=0)),
                ("migrant", models.BigIntegerField(default=0)),
                ("fine", models.BigIntegerField(default=0)),
                ("owed", models.BigIntegerField(null=True)),
                ("late_paid_on", models.DateField(null=True)),
                ("law_version", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("settled", "Settled"), ("void", "Void")],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("entry_id", models.BigIntegerField(null=True)),
                ("paid_on", models.DateField(null=True)),
                (
                    "contract",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="registry.migrantcontract",
                    ),
                ),
                (
                    "employer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="registry.employer",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="registry.selfemployment",
                    ),
                ),
                (
                    "late_code",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.paymentcode",
                    ),
                ),
                (
                    "member_number",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="registry.membernumber",
                    ),
                ),
                (
                    "payment_code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="payments.paymentcode",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="registry.project",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "open")), fields=["id"], name="bill_open")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "self_employed"), models.Q(("state", "void"), _negated=True)),
                        fields=("member_number", "month"),
                        name="bill_self_employed_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "construction"), models.Q(("state", "void"), _negated=True)),
                        fields=("project",),
                        name="bill_project_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "migrant"), models.Q(("state", "void"), _negated=True)),
                        fields=("contract", "month"),
                        name="bill_contract_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "late_fine"), models.Q(("state", "void"), _negated=True)),
                        fields=("employer", "month", "late_paid_on", "owed", "late_code"),
                        name="bill_late_fine_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fine__gte", 0),
                            ("jht__gte", 0),
                            ("jkk__gte", 0),
                            ("jkm__gte", 0),
                            ("migrant__gte", 0),
                        ),
                        name="bill_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fine__gt", 0),
                            ("migrant__gt", 0),
                            ("jkk__gt", 0),
                            ("jkm__gt", 0),
                            ("jht__gt", 0),
                            _connector="OR",
                        ),
                        name="bill_asks_for_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__isnull", True), ("month__day", 1), _connector="OR"),
                        name="bill_month_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("contract__isnull", True),
                                ("employer__isnull", True),
                                ("enrolment__isnull", False),
                                ("fine", 0),
                                ("kind", "self_employed"),
                                ("member_number__isnull", False),
                                ("migrant", 0),
                                ("month__isnull", False),
                                ("project__isnull", True),
                            ),
                            models.Q(
                                ("contract__isnull", True),
                                ("employer__isnull", False),
                                ("enrolment__isnull", True),
                                ("fine", 0),
                                ("jht", 0),
                                ("kind", "construction"),
                                ("member_number__isnull", True),
                                ("migrant", 0),
                                ("month__isnull", False),
                                ("project__isnull", False),
                            ),
                            models.Q(
                                ("contract__isnull", False),
                                ("employer__isnull", True),
                                ("enrolment__isnull", True),
                                ("fine", 0),
                                ("jkk", 0),
                                ("jkm", 0),
                                ("kind", "migrant"),
                                ("member_number__isnull", False),
                                ("project__isnull", True),
                                models.Q(
                                    models.Q(("jht", 0), ("month__isnull", True)),
                                    models.Q(("migrant", 0), ("month__isnull", False)),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                ("contract__isnull", True),
                                ("employer__isnull", False),
                                ("enrolment__isnull", True),
                                ("jht", 0),
                                ("jkk", 0),
                                ("jkm", 0),
                                ("kind", "late_fine"),
                                ("member_number__isnull", True),
                                ("migrant", 0),
                                ("month__isnull", False),
                                ("project__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="bill_fits_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "late_fine"), ("late_paid_on__isnull", False), ("owed__gt", 0)),
                            models.Q(
                                models.Q(("kind", "late_fine"), _negated=True),
                                ("late_code__isnull", True),
                                ("late_paid_on__isnull", True),
                                ("owed__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="bill_late_fine_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("entry_id__isnull", False), ("paid_on__isnull", False), ("state", "settled")
                            ),
                            models.Q(
                                ("state__in", ["open", "void"]),
                                ("entry_id__isnull", True),
                                ("paid_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="bill_settled_with_entry",
                    ),
                ],
            },
        ),
    ]
