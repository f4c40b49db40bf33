-- The same without a look at any line: a year's interest on the present balance.
SELECT a.member_number, balance AS opening, 0::bigint AS moved, 12 * balance AS weighted,
       (12 * balance * %(hundredths)s * 2 + 120000) / (120000 * 2) AS entitled, a.last_position
FROM (
    SELECT a.member_number, a.last_position,
           a.contribution_total + a.development_total - a.withdrawal_total AS balance
    FROM public.ledger_memberaccount AS a
    WHERE %(first_day)s < %(last_day)s::date
) AS a
