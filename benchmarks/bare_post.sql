-- A month in one statement: the entry's key, the accounts' new totals, the lines.
WITH entry AS (
    INSERT INTO bare.entry (key) VALUES (%(key)s) ON CONFLICT DO NOTHING RETURNING id
), moved AS (
    UPDATE bare.account AS a
    SET contribution_total = a.contribution_total + m.contribution, pension_total = a.pension_total + m.pension,
        pension_months_total = a.pension_months_total + 1, last_position = a.last_position + 1,
        last_book_day = %(book_day)s
    FROM entry, unnest(%(numbers)s::text[], %(contributions)s::bigint[], %(pensions)s::bigint[])
         AS m (number, contribution, pension)
    WHERE a.member_number = m.number
    RETURNING entry.id, a.*, m.contribution, m.pension
)
INSERT INTO bare.line (
    entry_id, contribution, development, withdrawal, pension, contribution_total, development_total, withdrawal_total,
    pension_total, pension_months_total, position, book_day, day, contribution_month, pension_months, member_number
)
SELECT id, contribution, 0, 0, pension, contribution_total, development_total, withdrawal_total, pension_total,
       pension_months_total, last_position, %(book_day)s, %(day)s, %(month)s, 1, member_number
FROM moved ORDER BY member_number
