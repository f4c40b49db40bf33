-- What takes back an entry: a reversal mirrors the whole of it, the same accounts and members, each amount with the other
-- sign; a correction mirrors lines of it. Neither is taken back itself, and no line is taken back twice.
WITH pair AS MATERIALIZED (
    SELECT r.id, coalesce(r.reverses, r.corrects) AS original, r.corrects IS NULL AS whole,
           coalesce(o.reverses, o.corrects) IS NOT NULL AS twice
    FROM public.ledger_entry AS r LEFT JOIN public.ledger_entry AS o ON o.id = coalesce(r.reverses, r.corrects)
    WHERE coalesce(r.reverses, r.corrects) IS NOT NULL
), control AS (
    SELECT coalesce(r.pair, o.pair) AS pair FROM
        (SELECT p.id AS pair, l.* FROM pair AS p JOIN public.ledger_controlline AS l ON l.entry_id = p.id
         WHERE p.whole) AS r
    FULL JOIN
        (SELECT p.id AS pair, l.* FROM pair AS p JOIN public.ledger_controlline AS l ON l.entry_id = p.original
         WHERE p.whole) AS o
    ON o.pair = r.pair AND o.position = r.position
    WHERE r.account IS DISTINCT FROM o.account OR r.amount IS DISTINCT FROM -o.amount
), line AS MATERIALIZED (
    SELECT * FROM public.ledger_memberline
    WHERE book_day = ANY (%(days)s) AND entry_id IN (SELECT id FROM pair UNION SELECT original FROM pair)
), taking AS MATERIALIZED (
    SELECT p.id AS pair, p.original, l.* FROM pair AS p JOIN line AS l ON l.entry_id = p.id
), member AS (
    SELECT coalesce(r.pair, o.pair) AS pair FROM taking AS r
    FULL JOIN
        (SELECT p.id AS pair, p.whole, l.* FROM pair AS p JOIN line AS l ON l.entry_id = p.original) AS o
    ON o.pair = r.pair AND o.member_number = r.member_number
    WHERE (r.pair IS NOT NULL OR o.whole)
      AND (r.contribution IS DISTINCT FROM -o.contribution OR r.development IS DISTINCT FROM -o.development
           OR r.withdrawal IS DISTINCT FROM -o.withdrawal OR r.pension IS DISTINCT FROM -o.pension
           OR r.pension_months IS DISTINCT FROM -o.pension_months
           OR r.contribution_month IS DISTINCT FROM o.contribution_month)
), doubled AS (
    SELECT unnest(array_agg(pair)) AS pair FROM taking GROUP BY original, member_number HAVING count(*) > 1
    UNION
    SELECT unnest(array_agg(id)) FROM pair GROUP BY original HAVING bool_or(whole) AND count(*) > 1
)
SELECT b.pair, CASE WHEN p.whole THEN 'reversal' ELSE 'correction' END AS kind FROM (
    SELECT pair FROM control UNION SELECT pair FROM member UNION SELECT pair FROM doubled
    UNION SELECT id FROM pair WHERE twice
) AS b JOIN pair AS p ON p.id = b.pair ORDER BY b.pair LIMIT %(limit)s
