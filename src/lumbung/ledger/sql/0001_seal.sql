-- A link of the chain: the digest before it (for the first, that of the word `lumbung`), the entry, its book time.
CREATE FUNCTION public.ledger_seal_digest(previous bytea, sequence bigint, entry public.ledger_entry) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256(convert_to(concat_ws('|',
    encode(coalesce(previous, sha256('lumbung'::bytea)), 'hex'), sequence, entry.id,
    (extract(epoch FROM entry.recorded_at) * 1000000)::bigint, encode(entry.digest, 'hex')
), 'UTF8'));

-- Chain every entry that is committed and not yet sealed, in the order of ids: an entry with a lower id that commits
-- later is sealed later. Returns how many were sealed. Postings never wait for it. It also makes the partitions of
-- the next months.
CREATE FUNCTION public.ledger_seal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest public.ledger_seal%ROWTYPE;
    entry public.ledger_entry%ROWTYPE;
    entries bigint[] := '{}';
    times timestamptz[] := '{}';
    digests bytea[] := '{}';
    first bigint;
BEGIN
    PERFORM public.ledger_prepare_months(public.ledger_book_day(clock_timestamp()), 3);
    PERFORM pg_advisory_xact_lock(hashtextextended('lumbung.ledger.seal', 0));
    SELECT * INTO newest FROM public.ledger_seal AS s ORDER BY s.sequence DESC LIMIT 1;
    first := coalesce(newest.sequence, 0);
    -- Each digest needs the one before it: a loop, but its rows are written as a set.
    FOR entry IN
        SELECT e.* FROM public.ledger_entry AS e
        WHERE NOT EXISTS (SELECT FROM public.ledger_seal AS s WHERE s.entry_id = e.id)
        ORDER BY e.id
    LOOP
        newest.sequence := coalesce(newest.sequence, 0) + 1;
        newest.digest := public.ledger_seal_digest(newest.digest, newest.sequence, entry);
        newest.booked_to := greatest(newest.booked_to, entry.recorded_at);
        entries := entries || entry.id;
        times := times || newest.booked_to;
        digests := digests || newest.digest;
    END LOOP;
    PERFORM set_config('lumbung.posting', 'seal', true);
    INSERT INTO public.ledger_seal (sequence, entry_id, booked_to, digest)
    SELECT first + n, c.entry_id, c.booked_to, c.digest
    FROM unnest(entries, times, digests) WITH ORDINALITY AS c (entry_id, booked_to, digest, n);
    PERFORM set_config('lumbung.posting', '', true);
    RETURN cardinality(entries);
END $$;
