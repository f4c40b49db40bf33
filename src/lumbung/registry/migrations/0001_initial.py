"""Persons, member numbers, employers and employments; btree_gist for the exclusion constraint."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Employer",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("number", models.CharField(max_length=8)),
                ("division", models.CharField(max_length=3)),
                ("name", models.CharField(max_length=200)),
                (
                    "risk_class",
                    models.CharField(
                        choices=[("I", "I"), ("II", "Ii"), ("III", "Iii"), ("IV", "Iv"), ("V", "V")],
                        max_length=3,
                    ),
                ),
                (
                    "size",
                    models.CharField(
                        choices=[
                            ("micro", "Micro"),
                            ("small", "Small"),
                            ("medium", "Medium"),
                            ("large", "Large"),
                        ],
                        max_length=6,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number", "division"), name="employer_number_division"),
                    models.CheckConstraint(
                        condition=models.Q(("division__regex", "^[0-9]{3}$"), ("number__regex", "^[0-9A-Z]{8}$")),
                        name="employer_number_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("risk_class__in", ["I", "II", "III", "IV", "V"])),
                        name="employer_risk_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__in", ["micro", "small", "medium", "large"])),
                        name="employer_size",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=200)),
                ("nik", lumbung.encryption.EncryptedText(null=True)),
                ("nik_index", models.BinaryField(editable=True, null=True, unique=True)),
                ("birth_date", lumbung.encryption.EncryptedDate()),
                ("phone", lumbung.encryption.EncryptedText(null=True)),
                ("phone_index", models.BinaryField(db_index=True, editable=True, null=True)),
                ("email", lumbung.encryption.EncryptedText(null=True)),
                ("email_index", models.BinaryField(db_index=True, editable=True, null=True)),
                ("address", lumbung.encryption.EncryptedText(null=True)),
                ("language", models.CharField(default="id", max_length=2)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("nik__isnull", True), ("nik_index__isnull", True)),
                            models.Q(("nik__isnull", False), ("nik_index__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_nik_with_index",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberNumber",
            fields=[
                (
                    "number",
                    models.CharField(db_collation="C", max_length=12, primary_key=True, serialize=False),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="member_numbers",
                        to="registry.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("started", models.DateField()),
                ("ended", models.DateField(null=True)),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="registry.employer",
                    ),
                ),
                (
                    "member_number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="registry.membernumber",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended__isnull", True), ("ended__gte", models.F("started")), _connector="OR"
                        ),
                        name="employment_ends_after_start",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("member_number", "="),
                            ("employer", "="),
                            (
                                models.Func(
                                    "started",
                                    "ended",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="employment_no_overlap",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="membernumber",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^[0-9]{10,12}$")), name="member_number_shape"
            ),
        ),
    ]
