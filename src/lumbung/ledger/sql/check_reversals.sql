-- Every reversal mirrors its original: the same accounts and members, each amount with the other sign.
WITH pair AS MATERIALIZED (
    SELECT r.id, r.reverses, o.reverses AS twice FROM public.ledger_entry AS r
    LEFT JOIN public.ledger_entry AS o ON o.id = r.reverses WHERE r.reverses IS NOT NULL
), control AS (
    SELECT coalesce(r.pair, o.pair) AS pair FROM
        (SELECT p.id AS pair, l.* FROM pair AS p JOIN public.ledger_controlline AS l ON l.entry_id = p.id) AS r
    FULL JOIN
        (SELECT p.id AS pair, l.* FROM pair AS p JOIN public.ledger_controlline AS l ON l.entry_id = p.reverses) AS o
    ON o.pair = r.pair AND o.position = r.position
    WHERE r.account IS DISTINCT FROM o.account OR r.amount IS DISTINCT FROM -o.amount
), line AS MATERIALIZED (
    SELECT * FROM public.ledger_memberline
    WHERE book_day = ANY (%(days)s) AND entry_id IN (SELECT id FROM pair UNION SELECT reverses FROM pair)
), member AS (
    SELECT coalesce(r.pair, o.pair) AS pair FROM
        (SELECT p.id AS pair, l.* FROM pair AS p JOIN line AS l ON l.entry_id = p.id) AS r
    FULL JOIN
        (SELECT p.id AS pair, l.* FROM pair AS p JOIN line AS l ON l.entry_id = p.reverses) AS o
    ON o.pair = r.pair AND o.member_number = r.member_number
    WHERE r.contribution IS DISTINCT FROM -o.contribution OR r.development IS DISTINCT FROM -o.development
       OR r.withdrawal IS DISTINCT FROM -o.withdrawal OR r.pension IS DISTINCT FROM -o.pension
       OR r.pension_months IS DISTINCT FROM -o.pension_months
       OR r.contribution_month IS DISTINCT FROM o.contribution_month
)
SELECT pair, 'reversal' AS kind FROM (
    SELECT pair FROM control UNION SELECT pair FROM member UNION SELECT id FROM pair WHERE twice IS NOT NULL
) AS broken ORDER BY pair LIMIT %(limit)s
