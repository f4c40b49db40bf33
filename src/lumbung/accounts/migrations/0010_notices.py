"""How members want to be told of what happens, and what a message tells of, so that nobody is told twice."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_waiting_phones"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("kind", models.CharField(max_length=20)),
                ("push", models.BooleanField()),
                ("sms", models.BooleanField()),
                ("mail", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="NoticeTimes",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("is_quiet", models.BooleanField()),
                ("quiet_from", models.TimeField()),
                ("quiet_until", models.TimeField()),
                ("stands_in", models.BooleanField()),
            ],
        ),
        migrations.AddField(
            model_name="message",
            name="cause",
            field=models.CharField(db_collation="C", max_length=80, null=True),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cause__isnull", False)), fields=("user", "cause"), name="message_cause_once"
            ),
        ),
        migrations.AddField(
            model_name="noticechoice",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notice_choices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="noticetimes",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notice_times",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="noticechoice",
            constraint=models.UniqueConstraint(fields=("user", "kind"), name="notice_choice_once"),
        ),
        migrations.AddConstraint(
            model_name="noticetimes",
            constraint=models.CheckConstraint(
                condition=models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                name="notice_times_apart",
            ),
        ),
    ]
