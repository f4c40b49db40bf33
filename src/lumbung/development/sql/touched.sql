-- Entries booked since a day with a value date up to the end of a year that are not results of that very year: they
-- may move lines that no working of the year has counted. Few, and only their book days need a look.
SELECT e.id, public.ledger_book_day(e.recorded_at) AS book_day FROM public.ledger_entry AS e
WHERE e.recorded_at >= %(since)s AND e.day <= %(last_day)s AND e.line_count > 0
  AND NOT EXISTS (
      SELECT FROM public.development_chunk AS c JOIN public.development_run AS r ON r.id = c.run_id
      WHERE c.entry_id = e.id AND r.year = %(year)s
  )
