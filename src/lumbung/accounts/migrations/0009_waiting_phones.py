"""Phones that want to ask for a person and are not on file wait for his word."""

import django.db.models.deletion
from django.db import migrations, models

import lumbung.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_locks"),
        ("registry", "0003_likeness"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingPhone",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("number", lumbung.encryption.EncryptedText()),
                ("number_index", models.BinaryField(editable=True)),
                ("asked_at", models.DateTimeField()),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_phones",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "number_index"), name="waiting_phone_once")
                ],
            },
        ),
    ]
