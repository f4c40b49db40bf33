"""Texts that come at the same time are kept by one statement."""

from importlib import import_module

from django.db import migrations

TAKE_IN = """
DROP FUNCTION public.messaging_take_in;
CREATE FUNCTION public.messaging_take_in(waking text, lock_key bigint, texts json) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    keys text[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(lock_key);
    IF NOT EXISTS (
        SELECT FROM public.procrastinate_jobs AS j WHERE j.queueing_lock = waking AND j.status = 'todo'
    ) THEN
        RETURN NULL;
    END IF;
    WITH kept AS (
        INSERT INTO public.messaging_inboundtext AS t (
            gateway, gateway_id, sender, sender_index, recipient, body, sent_at, received_at, state, outcome
        )
        SELECT gateway, gateway_id, decode(sender, 'hex'), decode(sender_index, 'hex'), recipient,
            decode(body, 'hex'), sent_at, received_at, 'waiting', ''
        FROM json_to_recordset(texts) AS each(
            gateway text, gateway_id text, sender text, sender_index text, recipient text, body text,
            sent_at timestamptz, received_at timestamptz
        )
        ON CONFLICT ON CONSTRAINT inbound_gateway_id DO NOTHING
        RETURNING t.gateway, t.gateway_id
    )
    SELECT coalesce(array_agg(ARRAY[kept.gateway, kept.gateway_id]), '{}') INTO keys FROM kept;
    RETURN keys;
END $$
"""
ONE_BY_ONE = import_module("lumbung.messaging.migrations.0002_take_in").TAKE_IN


class Migration(migrations.Migration):
    dependencies = [("messaging", "0023_refusals_are_judged")]

    operations = [
        migrations.RunSQL(TAKE_IN, f"DROP FUNCTION public.messaging_take_in; {ONE_BY_ONE}"),
    ]
