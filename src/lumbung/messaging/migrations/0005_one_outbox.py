"""Texts, mails and pushes go out alike: by lane, in their time, once for a cause, and only forward."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import lumbung.encryption

LANES = [(0, "Code"), (1, "Answer"), (2, "Notice"), (3, "Broadcast")]
OLD = {"outboundtext": "outbound", "outboundmail": "mail", "outboundpush": "push"}
# What was put out before has its old day to be sent in; what was claimed was tried once, by the way out it names.
FILL = """
UPDATE public.messaging_{table} SET
    reference = coalesce(reference, gen_random_uuid()),
    not_before = queued_at,
    expires_at = queued_at + interval '1 day',
    attempts = CASE WHEN claimed_at IS NULL THEN 0 ELSE 1 END,
    gateway = CASE WHEN claimed_at IS NULL THEN '' WHEN gateway = '' THEN 'push' ELSE gateway END,
    reason = CASE WHEN state = 'failed' THEN 'refused' ELSE '' END
"""
# It says no, and does no work. A text may turn out not to have arrived, or be known to have by its receipt alone.
FORWARD = """
CREATE FUNCTION public.messaging_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT text[] := ARRAY['none', 'accepted', 'undelivered', 'delivered'];
    has_receipt boolean := false;
BEGIN
    IF NEW.reference <> OLD.reference OR NEW.cause IS DISTINCT FROM OLD.cause OR NEW.lane <> OLD.lane
        OR NEW.attempts < OLD.attempts
    THEN
        RAISE EXCEPTION 'What goes out keeps its reference, its cause, its lane and its attempts.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_ARGV[0] = 'receipts' THEN
        IF array_position(ranks, NEW.receipt::text) < array_position(ranks, OLD.receipt::text) THEN
            RAISE EXCEPTION 'A receipt only rises.' USING ERRCODE = 'check_violation';
        END IF;
        has_receipt := NEW.receipt <> 'none';
    END IF;
    IF OLD.state = NEW.state AND (OLD.state <> 'failed' OR OLD.reason = NEW.reason) THEN
        RETURN NEW;
    END IF;
    IF OLD.state = 'claimed'
        OR (OLD.state = 'queued' AND (NEW.state IN ('claimed', 'failed') OR has_receipt))
        OR (OLD.state = 'sent' AND NEW.state = 'failed' AND has_receipt)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What goes out does not go from % to %.', OLD.state, NEW.state
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER only_forward BEFORE UPDATE ON public.messaging_outboundtext
    FOR EACH ROW EXECUTE FUNCTION public.messaging_only_forward('receipts');
CREATE TRIGGER only_forward BEFORE UPDATE ON public.messaging_outboundmail
    FOR EACH ROW EXECUTE FUNCTION public.messaging_only_forward('');
CREATE TRIGGER only_forward BEFORE UPDATE ON public.messaging_outboundpush
    FOR EACH ROW EXECUTE FUNCTION public.messaging_only_forward('');
"""
BACK = """
DROP TRIGGER only_forward ON public.messaging_outboundtext;
DROP TRIGGER only_forward ON public.messaging_outboundmail;
DROP TRIGGER only_forward ON public.messaging_outboundpush;
DROP FUNCTION public.messaging_only_forward;
"""


def columns(name: str) -> list[migrations.operations.base.Operation]:
    """The columns that all three have, filled for what is there."""
    way = models.CharField(blank=True, max_length=32)
    if name == "outboundpush":
        first = [
            migrations.AddField(name, "reference", models.UUIDField(null=True)),
            migrations.AddField(name, "gateway", models.CharField(blank=True, max_length=32, default="")),
        ]
    else:
        first = [migrations.RenameField(name, "transport", "gateway"), migrations.AlterField(name, "gateway", way)]
    return [
        *first,
        migrations.AddField(
            name, "cause", models.CharField(db_collation="C", max_length=120, null=True, unique=True)
        ),
        migrations.AddField(name, "lane", models.SmallIntegerField(choices=LANES, default=2)),
        migrations.AddField(name, "reason", models.CharField(blank=True, max_length=16, default="")),
        migrations.AddField(name, "attempts", models.PositiveIntegerField(default=0)),
        migrations.AddField(name, "falls_back", models.BooleanField(default=False)),
        migrations.AddField(name, "not_before", models.DateTimeField(null=True)),
        migrations.AddField(name, "expires_at", models.DateTimeField(null=True)),
        migrations.RunSQL(FILL.format(table=name), migrations.RunSQL.noop),
        migrations.AlterField(
            name, "reference", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AlterField(name, "gateway", way),
        migrations.AlterField(name, "reason", models.CharField(blank=True, max_length=16)),
        migrations.AlterField(name, "not_before", models.DateTimeField()),
        migrations.AlterField(name, "expires_at", models.DateTimeField()),
    ]


def rules(name: str) -> list[migrations.operations.base.Operation]:
    """What the database refuses, and the indexes by which it is asked."""
    times = (
        Q(state="queued", claimed_at__isnull=True, noted_at__isnull=True)
        | Q(state="claimed", claimed_at__isnull=False, noted_at__isnull=True)
        | Q(state="sent", claimed_at__isnull=False, noted_at__isnull=False)
        | Q(state="failed", noted_at__isnull=False)
    )
    reason = (Q(state="failed") & ~Q(reason="")) | (~Q(state="failed") & Q(reason=""))
    counted = Q(claimed_at__isnull=True) | (Q(attempts__gt=0) & ~Q(gateway=""))
    open_ = Q(state__in=["queued", "claimed"])
    checks = {
        "times_fit_state": times,
        "reason_when_failed": reason,
        "claims_are_counted": counted,
        "lane_is_known": Q(lane__in=[0, 1, 2, 3]),
    }
    indexes = [
        models.Index(name=f"{name}_due", fields=["lane", "not_before", "id"], condition=Q(state="queued")),
        models.Index(name=f"{name}_ends", fields=["expires_at"], condition=open_),
        models.Index(name=f"{name}_claimed", fields=["claimed_at"], condition=Q(state="claimed")),
    ]
    return [
        migrations.RemoveConstraint(name, f"{OLD[name]}_times_fit_state"),
        migrations.RemoveIndex(name, f"{OLD[name]}_unsent"),
        *(
            migrations.AddConstraint(name, models.CheckConstraint(name=f"{name}_{rule}", condition=condition))
            for rule, condition in checks.items()
        ),
        *(migrations.AddIndex(name, index) for index in indexes),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_push"),
    ]

    operations = [
        migrations.AddField(
            "outboundtext",
            "receipt",
            models.CharField(
                choices=[
                    ("none", "None"),
                    ("accepted", "Accepted"),
                    ("undelivered", "Undelivered"),
                    ("delivered", "Delivered"),
                ],
                default="none",
                max_length=11,
            ),
        ),
        migrations.AddField("outboundmail", "html", lumbung.encryption.EncryptedText(null=True)),
        migrations.AlterField(
            "outboundpush",
            "address",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="pushes",
                to="messaging.pushaddress",
            ),
        ),
        *(operation for name in OLD for operation in columns(name)),
        *(operation for name in OLD for operation in rules(name)),
        migrations.AddConstraint(
            "outboundtext",
            models.CheckConstraint(
                name="outboundtext_receipt_fits",
                condition=Q(receipt="none")
                | Q(receipt__in=["accepted", "delivered"], state__in=["sent", "failed"])
                | Q(receipt="undelivered", state="failed"),
            ),
        ),
        migrations.CreateModel(
            name="Gateway",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("closed_until", models.DateTimeField(null=True)),
                ("took_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("paid_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PhoneHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("index", models.BinaryField(editable=True, unique=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("refusals", models.PositiveIntegerField(default=0)),
                ("unreachable_since", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
