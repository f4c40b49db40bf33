-- The entries that a run posted, with their book days.
SELECT e.id, public.ledger_book_day(e.recorded_at) AS book_day
FROM public.development_chunk AS c JOIN public.ledger_entry AS e ON e.id = c.entry_id
WHERE c.run_id = %(run)s
