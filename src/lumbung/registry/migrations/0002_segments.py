"""Self-employed members, construction projects, migrant contracts; reliefs and job loss insurance as facts."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="employer",
            name="labour_intensive",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="employer",
            name="relief_covid",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="employment",
            name="job_loss_insured",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="MigrantContract",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("departs_on", models.DateField()),
                ("contract_months", models.SmallIntegerField()),
                ("extension_months", models.SmallIntegerField(default=0)),
                ("agency", models.BooleanField()),
                ("old_age", models.BigIntegerField(default=0)),
                (
                    "ends",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.expressions.CombinedExpression(
                                models.F("departs_on"),
                                "+",
                                models.Func(
                                    models.Value(0),
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("contract_months"), "+", models.F("extension_months")
                                    ),
                                    models.Value(0),
                                    models.Value(-1),
                                    function="make_interval",
                                    output_field=models.DurationField(),
                                ),
                            ),
                            models.DateField(),
                        ),
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "member_number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="migrant_contracts",
                        to="registry.membernumber",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_months__gt", 0),
                            ("extension_months__gte", 0),
                            ("contract_months__lte", 120),
                            ("extension_months__lte", 120),
                        ),
                        name="migrant_contract_months",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("old_age__gte", 0), ("old_age__lte", 1000000000000000)),
                        name="migrant_contract_old_age",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("member_number", "="),
                            (
                                models.Func(
                                    "departs_on",
                                    "ends",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="migrant_contract_no_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=200)),
                ("contract_value", models.BigIntegerField()),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("relief_covid", models.BooleanField(default=False)),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="registry.employer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("employer", "name", "starts"), name="project_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends__gte", models.F("starts"))), name="project_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contract_value__gt", 0), ("contract_value__lte", 1000000000000000)),
                        name="project_value",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfEmployment",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("income", models.BigIntegerField()),
                ("old_age", models.BooleanField()),
                (
                    "sector",
                    models.CharField(choices=[("transport", "Transport"), ("other", "Other")], max_length=9),
                ),
                ("paid_by_state", models.BooleanField(default=False)),
                ("relief_covid", models.BooleanField(default=False)),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                (
                    "member_number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_employments",
                        to="registry.membernumber",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__isnull", True), ("ends__gte", models.F("starts")), _connector="OR"
                        ),
                        name="self_employment_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("income__gt", 0), ("income__lte", 1000000000000000)),
                        name="self_employment_income",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sector__in", ["transport", "other"])), name="self_employment_sector"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("member_number", "="),
                            (
                                models.Func(
                                    "starts",
                                    "ends",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="self_employment_no_overlap",
                    ),
                ],
            },
        ),
    ]
