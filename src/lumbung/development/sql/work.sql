-- One chunk: keep the working of every account, and post the differences as one entry. One statement, so that nothing
-- travels to the client and back. The rows come back in the order in which they were inserted; ledger_post refuses
-- numbers that do not ascend. Whatever is booked while it runs is found by the next adjustment.
WITH basis AS ({basis}), worked AS (
    INSERT INTO public.development_working (
        opening, moved, weighted, entitled, credited, run_id, position, year, member_number, skipped
    )
    SELECT b.opening, b.moved, b.weighted, b.entitled, b.credited, %(run)s, b.position, %(year)s, b.member_number,
           b.skipped
    FROM basis AS b ORDER BY b.member_number
    RETURNING member_number, entitled - credited AS difference, skipped
), chosen AS (
    SELECT count(*) AS accounts,
           array_agg(w.member_number) FILTER (WHERE w.skipped = '') AS numbers,
           array_agg(w.difference) FILTER (WHERE w.skipped = '') AS amounts,
           coalesce(sum(w.difference) FILTER (WHERE w.skipped = '' AND w.difference > 0), 0)::bigint AS more,
           coalesce(sum(w.difference) FILTER (WHERE w.skipped = '' AND w.difference < 0), 0)::bigint AS less
    FROM worked AS w
), control AS (
    -- What is credited and what is taken back are control lines apart, so that no line is ever empty.
    SELECT CASE WHEN c.more <> 0 THEN ARRAY[c.more, -c.more] ELSE '{{}}' END
           || CASE WHEN c.less <> 0 THEN ARRAY[c.less, -c.less] ELSE '{{}}' END AS moves
    FROM chosen AS c
)
SELECT c.accounts,
       CASE WHEN c.numbers IS NOT NULL THEN (
           SELECT p.entry_id FROM public.ledger_post(
               %(key)s, %(kind)s, %(last_day)s, %(now)s, %(reason)s,
               (ARRAY['development_reserve', 'member_old_age', 'development_reserve', 'member_old_age'])
                   [:cardinality(l.moves)],
               l.moves, c.numbers, developments => c.amounts
           ) AS p
       ) END AS entry_id
FROM chosen AS c CROSS JOIN control AS l
