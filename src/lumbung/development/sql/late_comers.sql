-- The accounts that have no working in a run.
SELECT a.member_number FROM public.ledger_memberaccount AS a
WHERE NOT EXISTS (
    SELECT FROM public.development_working AS w
    WHERE w.year = %(year)s AND w.member_number = a.member_number AND w.run_id = %(run)s
)
ORDER BY a.member_number
