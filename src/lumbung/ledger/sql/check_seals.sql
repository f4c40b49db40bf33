-- The chain: every seal follows on the one before it and holds its entry as it is.
WITH followed AS (
    SELECT s.*, e AS entry, row_number() OVER w AS place, lag(s.digest) OVER w AS previous,
           max(e.recorded_at) OVER w AS newest
    FROM public.ledger_seal AS s LEFT JOIN public.ledger_entry AS e ON e.id = s.entry_id
    WINDOW w AS (ORDER BY s.sequence)
), judged AS (
    SELECT entry_id, sequence <> place OR booked_to IS DISTINCT FROM newest OR (entry).id IS NULL
        OR digest <> public.ledger_seal_digest(previous, sequence, entry) AS broken
    FROM followed
)
SELECT count(*) AS seals,
       coalesce(jsonb_agg(jsonb_build_array(entry_id, ARRAY['seal'])) FILTER (WHERE broken), '[]')::text AS faults
FROM judged
