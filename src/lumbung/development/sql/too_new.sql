-- Accounts that came into being after their chunk was done: listed, with none of their lines counted (position 0), so that
-- the next adjustment finds whatever is due to them. Nothing is posted here, so nobody's booking is in the way.
INSERT INTO public.development_working (
    opening, moved, weighted, entitled, credited, run_id, position, year, member_number, skipped
)
SELECT 0, 0, 0, 0, 0, %(run)s, 0, %(year)s, a.member_number, 'too_new'
FROM public.ledger_memberaccount AS a
WHERE NOT EXISTS (
    SELECT FROM public.development_working AS w
    WHERE w.year = %(year)s AND w.member_number = a.member_number AND w.run_id = %(run)s
)
ORDER BY a.member_number
