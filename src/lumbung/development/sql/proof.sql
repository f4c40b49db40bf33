-- Is a run whole? One row of counts and sums: what must be zero or equal is judged by its reader. The run's entries and
-- their book days are given, so that only the partitions that hold their lines are opened.
WITH line AS (
    SELECT l.member_number, l.development, l.position FROM public.ledger_memberline AS l
    WHERE l.book_day = ANY(%(book_days)s::date[]) AND l.entry_id = ANY(%(entries)s::bigint[])
), working AS NOT MATERIALIZED (
    -- Read twice, each time as a table: kept in memory once, it would be sorted for the second question.
    SELECT w.*, w.entitled - w.credited AS difference FROM public.development_working AS w
    WHERE w.year = %(year)s AND w.run_id = %(run)s
), matched AS (
    SELECT count(w.member_number) AS workings, count(l.member_number) AS lines,
           coalesce(sum(w.difference) FILTER (WHERE w.skipped = ''), 0)::bigint AS worked,
           coalesce(sum(l.development), 0)::bigint AS credited,
           count(*) FILTER (WHERE w.skipped = '' AND l.member_number IS NULL) AS without_line,
           count(*) FILTER (WHERE w.member_number IS NULL) AS without_working,
           count(*) FILTER (WHERE w.skipped <> '' AND l.member_number IS NOT NULL) AS skipped_with_line,
           count(*) FILTER (WHERE w.skipped = 'too_new') AS too_new,
           count(*) FILTER (WHERE l.development <> w.difference) AS other_amount,
           count(*) FILTER (WHERE l.position <= w.position) AS line_before_working,
           count(*) FILTER (WHERE l.position > w.position + 1) AS lines_between,
           count(*) FILTER (WHERE w.entitled <> CASE WHEN w.weighted <= 0 THEN 0 ELSE
               %(p)s::bigint * (w.weighted / %(q)s::bigint)
               + (2 * %(p)s::bigint * (w.weighted %% %(q)s::bigint) + %(q)s::bigint) / (2 * %(q)s::bigint) END)
               AS other_formula,
           count(*) FILTER (WHERE w.skipped = '' AND w.entitled = w.credited) AS empty_line
    FROM working AS w FULL JOIN line AS l ON l.member_number = w.member_number
)
SELECT m.*,
       (SELECT count(*) FROM public.development_chunk AS c WHERE c.run_id = %(run)s AND c.done_at IS NULL) AS open_chunks,
       (SELECT coalesce(-sum(c.amount), 0)::bigint FROM public.ledger_controlline AS c
        WHERE c.entry_id = ANY(%(entries)s::bigint[]) AND c.account = 'member_old_age') AS control,
       (SELECT coalesce(sum(c.accounts), 0)::bigint FROM public.development_chunk AS c WHERE c.run_id = %(run)s)
           AS counted,
       (SELECT count(*) FROM public.ledger_memberaccount AS a
        WHERE NOT EXISTS (SELECT FROM working AS w WHERE w.member_number = a.member_number)) AS missing
FROM matched AS m
