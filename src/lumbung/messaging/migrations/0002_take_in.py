"""A text is taken in by one statement, and wakes the queue only when nobody is about to look anyway."""

import django.db.models.deletion
from django.db import migrations, models

# Keeps a text, and says whether it is new; NULL and nothing kept when no job stands ready that will answer it, for
# then the caller has to queue one with it. The lock comes first, and what follows sees what is committed by then:
# the job, when it begins, takes the same lock for itself before it looks which texts wait. So whoever still saw
# the job standing ready has committed his text before it looks.
TAKE_IN = """
CREATE FUNCTION public.messaging_take_in(
    waking text, lock_key bigint, gateway text, gateway_id text, sender bytea, sender_index bytea, recipient text,
    body bytea, sent_at timestamptz, received_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    PERFORM pg_advisory_xact_lock_shared(lock_key);
    IF NOT EXISTS (
        SELECT FROM public.procrastinate_jobs AS j WHERE j.queueing_lock = waking AND j.status = 'todo'
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.messaging_inboundtext AS t (
        gateway, gateway_id, sender, sender_index, recipient, body, sent_at, received_at, state, outcome
    )
    VALUES (
        gateway, gateway_id, sender, sender_index, recipient, body, sent_at, received_at, 'waiting', ''
    )
    ON CONFLICT ON CONSTRAINT inbound_gateway_id DO NOTHING;
    RETURN FOUND;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_initial"),
        ("procrastinate", "0001_initial"),
    ]

    operations = [
        # Few texts repeat another one, and an index that holds all of them costs each text.
        migrations.AlterField(
            model_name="inboundtext",
            name="repeats",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repeated_by",
                to="messaging.inboundtext",
            ),
        ),
        migrations.AddIndex(
            model_name="inboundtext",
            index=models.Index(
                condition=models.Q(("repeats__isnull", False)), fields=["repeats"], name="inbound_repeats"
            ),
        ),
        migrations.RunSQL(TAKE_IN, "DROP FUNCTION public.messaging_take_in"),
    ]
