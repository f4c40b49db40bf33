"""What ends in time is found by an index of its own, that fits no other question."""

from django.db import migrations, models
from django.db.models import Q

NAMES = ("outboundtext", "outboundmail", "outboundpush")


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0020_mails_have_a_language"),
    ]

    operations = [
        operation
        for name in NAMES
        for operation in (
            migrations.RemoveIndex(name, f"{name}_ends"),
            migrations.AddIndex(
                name,
                models.Index(name=f"{name}_ends", fields=["expires_at"], condition=Q(noted_at__isnull=True)),
            ),
        )
    ]
