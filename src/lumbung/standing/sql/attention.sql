-- What waits for a member besides his months: his requests, what a change bars for some days, an account that only
-- shows, and other rows that may be his, which are compared with him afterwards.
SELECT 'case' AS what, kind AS about, due_at AS at FROM casework_case
WHERE person_id = %(person)s AND state = 'open'
UNION ALL
(
    SELECT 'cooling', kind, cools_until FROM accounts_contactchange
    WHERE user_id = %(user)s AND cools_until > %(now)s ORDER BY cools_until DESC LIMIT 1
)
UNION ALL
(
    SELECT 'read_only', cause, until FROM (
        SELECT cause, until FROM accounts_readonly
        WHERE user_id = %(user)s AND lifted_at IS NULL AND since <= %(now)s AND (until IS NULL OR until > %(now)s)
        UNION ALL
        SELECT 'locked', NULL FROM accounts_lock WHERE person_id = %(person)s AND lifted_at IS NULL
    ) AS only_shows
    ORDER BY until DESC LIMIT 1
)
UNION ALL
(
    SELECT 'phone', '', NULL FROM accounts_waitingphone
    WHERE person_id = %(person)s AND refused_at IS NULL LIMIT 1
)
UNION ALL
SELECT 'number', p.name, NULL FROM registry_person AS p
WHERE p.likeness_index = %(likeness)s AND p.id <> %(person)s
  AND (p.nik_index IS NULL OR p.nik_index = %(nik)s)
  AND EXISTS (SELECT FROM registry_membernumber AS n WHERE n.person_id = p.id)
  AND NOT EXISTS (SELECT FROM accounts_user AS u WHERE u.person_id = p.id)
