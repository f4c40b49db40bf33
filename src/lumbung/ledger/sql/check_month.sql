-- The lines of one month's partition, entry by entry: are there as many as the entry says, do they sum to its control
-- lines, is the digest theirs? And the two sums of fingerprints (see check_accounts.sql), before and after each line.
WITH line AS (
    SELECT entry_id, member_number, book_day, day, contribution + development - withdrawal AS old_age, pension,
           public.ledger_line_facts(member_number, contribution_month, contribution, development, withdrawal, pension,
                                    pension_months) AS facts,
           public.ledger_fingerprint(%(seed)s, member_number, position, contribution_total, development_total,
                                     withdrawal_total, pension_total, pension_months_total) AS after,
           public.ledger_fingerprint(%(seed)s, member_number, position - 1, contribution_total - contribution,
                                     development_total - development, withdrawal_total - withdrawal,
                                     pension_total - pension, pension_months_total - pension_months) AS before
    FROM public.{partition}
    ORDER BY entry_id, member_number
), summed AS MATERIALIZED (
    SELECT entry_id, count(*) AS lines, sum(old_age) AS old_age, sum(pension) AS pension,
           min(book_day) AS first_book_day, max(book_day) AS last_book_day, min(day) AS first_day,
           max(day) AS last_day, sum(after) AS after, sum(before) AS before,
           sha256(convert_to(string_agg(facts, E'\n'), 'UTF8')) AS digest
    FROM line GROUP BY entry_id
), judged AS (
    SELECT s.*, array_remove(ARRAY[
        CASE WHEN e.id IS NULL THEN 'line_without_entry' END,
        CASE WHEN s.lines <> e.line_count THEN 'line_count' END,
        CASE WHEN s.old_age <> -c.old_age OR s.pension <> -c.pension THEN 'lines_against_control' END,
        CASE WHEN s.first_book_day <> public.ledger_book_day(e.recorded_at)
               OR s.last_book_day <> public.ledger_book_day(e.recorded_at)
               OR s.first_day <> e.day OR s.last_day <> e.day THEN 'line_day' END,
        CASE WHEN e.digest <> public.ledger_entry_digest(e.key, e.kind, e.day, coalesce(e.reverses, e.corrects), e.reason, c.facts, s.digest)
             THEN 'digest' END
    ], NULL) AS faults
    FROM summed AS s
    LEFT JOIN public.ledger_entry AS e ON e.id = s.entry_id
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(amount) FILTER (WHERE account = 'member_old_age'), 0) AS old_age,
               coalesce(sum(amount) FILTER (WHERE account = 'member_pension'), 0) AS pension,
               string_agg(concat(account, '|', amount), E'\n' ORDER BY position) AS facts
        FROM public.ledger_controlline WHERE entry_id = s.entry_id
    ) AS c ON true
)
SELECT coalesce(sum(lines), 0)::bigint AS lines, count(*) AS entries,
       coalesce(sum(after), 0) AS after, coalesce(sum(before), 0) AS before,
       coalesce(jsonb_agg(jsonb_build_array(entry_id, faults)) FILTER (WHERE faults <> '{{}}'), '[]')::text AS faults
FROM judged
