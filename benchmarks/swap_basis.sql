-- What each account has earned: its balance on 1 January and the year's movements, each for the months it was there.
SELECT a.member_number, opening, moved, 12 * opening + weighted AS weighted,
       ((12 * opening + weighted) * %(hundredths)s * 2 + 120000 * 1) / (120000 * 2) AS entitled, a.last_position
FROM (
    SELECT a.member_number, a.last_position, coalesce(y.moved, 0) AS moved, coalesce(y.weighted, 0) AS weighted,
           a.contribution_total + a.development_total - a.withdrawal_total - coalesce(y.total, 0) AS opening
    FROM public.ledger_memberaccount AS a
    LEFT JOIN (
        SELECT member_number, sum(contribution + development - withdrawal)::bigint AS total,
               (sum(contribution - withdrawal) FILTER (WHERE day <= %(last_day)s))::bigint AS moved,
               (sum((contribution - withdrawal) * (13 - date_part('month', day)::integer))
                FILTER (WHERE day <= %(last_day)s))::bigint AS weighted
        FROM public.ledger_memberline WHERE book_day >= %(first_day)s::date - 1 AND day >= %(first_day)s
        GROUP BY member_number
    ) AS y USING (member_number)
) AS a
