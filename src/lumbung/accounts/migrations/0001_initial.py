"""Users of four kinds, and the cache table that rate limits share across processes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(db_collation="C", max_length=50, unique=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("employer", "Employer"),
                            ("officer", "Officer"),
                            ("program", "Program"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("language", models.CharField(default="id", max_length=2)),
                (
                    "employer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="registry.employer",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="user",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("employer__isnull", True), ("kind", "member"), ("person__isnull", False)),
                            models.Q(("employer__isnull", False), ("kind", "employer"), ("person__isnull", True)),
                            models.Q(
                                ("employer__isnull", True),
                                ("kind__in", ["officer", "program"]),
                                ("person__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="user_kind_fits",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            """
            CREATE TABLE lumbung_cache (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX lumbung_cache_expires ON lumbung_cache (expires);
            """,
            "DROP TABLE lumbung_cache",
        ),
    ]
