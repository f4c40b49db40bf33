-- Every entry's control lines: as many as it says, each of a known account, positions 1..n, summing to zero; and the
-- digest of those entries that touch no member (the others': check_month.sql).
WITH control AS (
    SELECT l.entry_id, count(*) AS lines, sum(l.amount) AS total, min(l.position) AS first, max(l.position) AS last,
           bool_and(a.code IS NOT NULL) AS known,
           coalesce(sum(l.amount) FILTER (WHERE l.account = 'member_old_age'), 0) AS old_age,
           coalesce(sum(l.amount) FILTER (WHERE l.account = 'member_pension'), 0) AS pension,
           string_agg(concat(l.account, '|', l.amount), E'\n' ORDER BY l.position) AS facts
    FROM public.ledger_controlline AS l
    LEFT JOIN public.ledger_controlaccount AS a ON a.code = l.account
    GROUP BY l.entry_id
), judged AS (
    SELECT coalesce(e.id, c.entry_id) AS entry_id, c.lines, c.old_age, c.pension, e.line_count, e.id, array_remove(ARRAY[
        CASE WHEN e.id IS NULL THEN 'control_line_without_entry' END,
        CASE WHEN c.total <> 0 THEN 'unbalanced' END,
        CASE WHEN c.lines IS DISTINCT FROM e.control_count OR c.first <> 1 OR c.last <> c.lines
             THEN 'control_count' END,
        CASE WHEN NOT c.known THEN 'unknown_account' END,
        CASE WHEN e.line_count = 0 AND (c.old_age <> 0 OR c.pension <> 0) THEN 'lines_against_control' END,
        CASE WHEN e.line_count = 0 AND e.digest <> public.ledger_entry_digest(
            e.key, e.kind, e.day, coalesce(e.reverses, e.corrects), e.reason, c.facts, sha256(''::bytea)
        ) THEN 'digest' END
    ], NULL) AS faults
    FROM public.ledger_entry AS e FULL JOIN control AS c ON c.entry_id = e.id
)
SELECT count(id) AS entries, coalesce(sum(lines), 0)::bigint AS control_lines,
       coalesce(sum(old_age), 0) AS old_age, coalesce(sum(pension), 0) AS pension,
       count(*) FILTER (WHERE line_count > 0) AS entries_with_lines, coalesce(sum(line_count), 0)::bigint AS lines,
       coalesce(jsonb_agg(jsonb_build_array(entry_id, faults)) FILTER (WHERE faults <> '{}'), '[]')::text AS faults
FROM judged
