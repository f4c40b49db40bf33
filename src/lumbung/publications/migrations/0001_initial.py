"""Announcements and forms to download, each in both languages."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.CharField(db_collation="C", max_length=60, unique=True)),
                ("title_id", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
                ("body_id", models.TextField(max_length=20000)),
                ("body_en", models.TextField(max_length=20000)),
                ("published_from", models.DateField()),
                ("published_until", models.DateField(null=True)),
                ("pinned", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="announcement_slug_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title_id__regex", "\\S")),
                            models.Q(("title_en__regex", "\\S")),
                            models.Q(("body_id__regex", "\\S")),
                            models.Q(("body_en__regex", "\\S")),
                        ),
                        name="announcement_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_until__isnull", True),
                            ("published_until__gte", models.F("published_from")),
                            _connector="OR",
                        ),
                        name="announcement_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Form",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.CharField(db_collation="C", max_length=60, unique=True)),
                ("title_id", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
                ("purpose_id", models.CharField(max_length=300)),
                ("purpose_en", models.CharField(max_length=300)),
                ("place", models.PositiveSmallIntegerField(default=100)),
                ("content", models.BinaryField(max_length=5000000)),
                ("digest", models.BinaryField()),
                ("media_type", models.CharField(max_length=80)),
                ("bytes_count", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="form_slug_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title_id__regex", "\\S")),
                            models.Q(("title_en__regex", "\\S")),
                            models.Q(("purpose_id__regex", "\\S")),
                            models.Q(("purpose_en__regex", "\\S")),
                        ),
                        name="form_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bytes_count", django.db.models.functions.text.Length("content")),
                            ("bytes_count__range", (1, 5000000)),
                        ),
                        name="form_size_is_its_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "digest",
                                models.Func("content", function="sha256", output_field=models.BinaryField()),
                            )
                        ),
                        name="form_digest_is_its_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "media_type__in",
                                (
                                    "application/pdf",
                                    "application/vnd.oasis.opendocument.text",
                                    "application/vnd.oasis.opendocument.spreadsheet",
                                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                ),
                            )
                        ),
                        name="form_media_type_known",
                    ),
                ],
            },
        ),
    ]
