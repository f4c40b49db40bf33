-- What the first seal follows on.
CREATE FUNCTION public.ledger_seal_digest(previous bytea, sequence bigint, entry public.ledger_entry) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256(convert_to(concat_ws('|',
    encode(coalesce(previous, sha256('lumbung'::bytea)), 'hex'), sequence, entry.id,
    (extract(epoch FROM entry.recorded_at) * 1000000)::bigint, encode(entry.digest, 'hex')
), 'UTF8'));

-- Chain every entry that is committed and not yet sealed, in the order of ids: an entry with a lower id that commits
-- later is sealed later. Returns how many were sealed. Postings never wait for it.
CREATE FUNCTION public.ledger_seal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sealed bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('lumbung.ledger.seal', 0));
    PERFORM set_config('lumbung.posting', 'seal', true);
    WITH RECURSIVE last AS (
        SELECT s.sequence, s.booked_to, s.digest FROM public.ledger_seal AS s ORDER BY s.sequence DESC LIMIT 1
    ), open AS MATERIALIZED (
        SELECT e, row_number() OVER (ORDER BY e.id) AS n FROM public.ledger_entry AS e
        WHERE NOT EXISTS (SELECT FROM public.ledger_seal AS s WHERE s.entry_id = e.id)
    ), chain AS (
        SELECT 0::bigint AS n, coalesce((SELECT sequence FROM last), 0) AS sequence, NULL::bigint AS entry_id,
               coalesce((SELECT booked_to FROM last), '-infinity') AS booked_to, (SELECT digest FROM last) AS digest
        UNION ALL
        SELECT o.n, c.sequence + 1, (o.e).id, greatest(c.booked_to, (o.e).recorded_at),
               public.ledger_seal_digest(c.digest, c.sequence + 1, o.e)
        FROM chain AS c JOIN open AS o ON o.n = c.n + 1
    )
    INSERT INTO public.ledger_seal (sequence, entry_id, booked_to, digest)
    SELECT c.sequence, c.entry_id, c.booked_to, c.digest FROM chain AS c WHERE c.n > 0;
    GET DIAGNOSTICS sealed = ROW_COUNT;
    PERFORM set_config('lumbung.posting', '', true);
    RETURN sealed;
END $$;
