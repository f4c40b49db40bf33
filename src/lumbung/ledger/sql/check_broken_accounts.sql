-- Only when the fingerprints differ: which accounts, and what is wrong with each.
WITH state AS (
    SELECT member_number,
           public.ledger_fingerprint(%(seed)s, member_number, position, contribution_total, development_total,
                                     withdrawal_total, pension_total, pension_months_total)::numeric
           - public.ledger_fingerprint(%(seed)s, member_number, position - 1, contribution_total - contribution,
                                       development_total - development, withdrawal_total - withdrawal,
                                       pension_total - pension, pension_months_total - pension_months)
               AS difference
    FROM public.ledger_memberline
    UNION ALL
    SELECT member_number,
           public.ledger_fingerprint(%(seed)s, member_number, 0, 0, 0, 0, 0, 0)::numeric
           - public.ledger_fingerprint(%(seed)s, member_number, last_position, contribution_total,
                                       development_total, withdrawal_total, pension_total, pension_months_total)
    FROM public.ledger_memberaccount
), broken AS MATERIALIZED (
    SELECT member_number FROM state GROUP BY member_number HAVING sum(difference) <> 0 ORDER BY 1 LIMIT %(limit)s
), followed AS (
    SELECT l.*, row_number() OVER w AS place, lag(l.book_day) OVER w AS previous_book_day,
           coalesce(lag(l.contribution_total) OVER w, 0) AS contribution_before,
           coalesce(lag(l.development_total) OVER w, 0) AS development_before,
           coalesce(lag(l.withdrawal_total) OVER w, 0) AS withdrawal_before,
           coalesce(lag(l.pension_total) OVER w, 0) AS pension_before,
           coalesce(lag(l.pension_months_total) OVER w, 0) AS pension_months_before,
           row_number() OVER (PARTITION BY l.member_number ORDER BY l.position DESC) = 1 AS is_last
    FROM broken JOIN public.ledger_memberline AS l USING (member_number)
    WINDOW w AS (PARTITION BY l.member_number ORDER BY l.position, l.book_day)
), judged AS (
    SELECT b.member_number, array_remove(ARRAY[
        CASE WHEN a.member_number IS NULL THEN 'account_missing' END,
        CASE WHEN bool_or(f.position <> f.place OR f.book_day < f.previous_book_day) THEN 'position' END,
        CASE WHEN bool_or(
            f.contribution_total <> f.contribution_before + f.contribution
            OR f.development_total <> f.development_before + f.development
            OR f.withdrawal_total <> f.withdrawal_before + f.withdrawal
            OR f.pension_total <> f.pension_before + f.pension
            OR f.pension_months_total <> f.pension_months_before + f.pension_months
        ) THEN 'running_total' END,
        CASE WHEN a.member_number IS NOT NULL AND NOT coalesce(bool_or(
            f.is_last AND (a.last_position, a.contribution_total, a.development_total, a.withdrawal_total,
                           a.pension_total, a.pension_months_total)
                = (f.position, f.contribution_total, f.development_total, f.withdrawal_total, f.pension_total,
                   f.pension_months_total)
        ), false) THEN 'account_total' END
    ], NULL) AS kinds
    FROM broken AS b
    LEFT JOIN followed AS f USING (member_number)
    LEFT JOIN public.ledger_memberaccount AS a USING (member_number)
    GROUP BY b.member_number, a.member_number
)
SELECT j.member_number, kind FROM judged AS j, unnest(j.kinds) AS kind
