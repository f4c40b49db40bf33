"""What officers write: drafts, their own words of the help, and who changed what."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("announcement", "Announcement"), ("form", "Form"), ("help", "Help")],
                        max_length=12,
                    ),
                ),
                ("slug", models.CharField(db_collation="C", max_length=60)),
                ("facts", models.JSONField()),
                ("content", models.BinaryField(max_length=5000000, null=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "slug"), name="draft_once"),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="draft_slug_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "form"), ("content__isnull", True), _connector="OR"),
                        name="draft_file_of_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edit",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("announcement", "Announcement"), ("form", "Form"), ("help", "Help")],
                        max_length=12,
                    ),
                ),
                ("slug", models.CharField(db_collation="C", max_length=60)),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("saved", "Saved"),
                            ("discarded", "Discarded"),
                            ("published", "Published"),
                            ("ended", "Ended"),
                        ],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "slug", "-at"], name="edit_by_name")],
            },
        ),
        migrations.CreateModel(
            name="HelpText",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("topic", models.CharField(db_collation="C", max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("title_id", models.CharField(blank=True, max_length=120)),
                ("title_en", models.CharField(blank=True, max_length=120)),
                ("body_id", models.TextField(blank=True, max_length=20000)),
                ("body_en", models.TextField(blank=True, max_length=20000)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("topic", "number"), name="help_text_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body_en", ""), ("body_id", ""), ("title_en", ""), ("title_id", "")),
                            models.Q(
                                models.Q(("title_id__regex", "\\S")),
                                models.Q(("title_en__regex", "\\S")),
                                models.Q(("body_id__regex", "\\S")),
                                models.Q(("body_en__regex", "\\S")),
                            ),
                            _connector="OR",
                        ),
                        name="help_text_whole_or_built_in",
                    ),
                ],
            },
        ),
    ]
