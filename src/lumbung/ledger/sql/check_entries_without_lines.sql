-- Only when their number differs: entries that should have member lines and have none.
SELECT e.id, 'line_count' AS kind FROM public.ledger_entry AS e
WHERE e.line_count > 0 AND NOT EXISTS (
    SELECT FROM public.ledger_memberline AS l
    WHERE l.entry_id = e.id AND l.book_day = public.ledger_book_day(e.recorded_at)
)
ORDER BY e.id LIMIT %(limit)s
