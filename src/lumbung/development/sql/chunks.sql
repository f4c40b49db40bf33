-- The first numbers of the chunks of a run, every %(size)s accounts, in the order of the numbers.
SELECT n.member_number FROM (
    SELECT a.member_number, row_number() OVER (ORDER BY a.member_number) AS place
    FROM public.ledger_memberaccount AS a
) AS n
WHERE n.place %% %(size)s = 1 AND n.place > 1
ORDER BY n.member_number
