-- The accounts of a chunk whose working of the year no longer holds: lines were booked after it, or there is none; or
-- too much was credited, and now the account holds enough to take it back.
SELECT m.member_number FROM (
    SELECT l.member_number, max(l.position) AS position FROM public.ledger_memberline AS l
    WHERE l.book_day = ANY(%(book_days)s) AND l.entry_id = ANY(%(entries)s)
      AND l.member_number >= %(first)s AND (%(beyond)s::text IS NULL OR l.member_number < %(beyond)s)
    GROUP BY l.member_number
) AS m
WHERE m.position > coalesce((
    SELECT w.position FROM public.development_working AS w
    WHERE w.year = %(year)s AND w.member_number = m.member_number ORDER BY w.run_id DESC LIMIT 1
), 0)
UNION
SELECT w.member_number FROM public.development_working AS w
JOIN public.ledger_memberaccount AS a ON a.member_number = w.member_number
WHERE w.year = %(year)s AND w.skipped = 'overdrawn'
  AND w.member_number >= %(first)s AND (%(beyond)s::text IS NULL OR w.member_number < %(beyond)s)
  AND least(a.development_total, a.contribution_total + a.development_total - a.withdrawal_total)
      >= w.credited - w.entitled
  AND NOT EXISTS (
      SELECT FROM public.development_working AS n
      WHERE n.year = w.year AND n.member_number = w.member_number AND n.run_id > w.run_id
  )
ORDER BY 1
