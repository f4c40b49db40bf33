-- One employer's 100 members in one statement, which is one durable transaction.
WITH entry AS (
    INSERT INTO plain.entry (key, day, total) VALUES (%(key)s, %(day)s, %(total)s)
    ON CONFLICT DO NOTHING RETURNING id
), moved AS (
    UPDATE plain.account AS a
    SET old_age = a.old_age + m.old_age, pension = a.pension + m.pension,
        pension_months = a.pension_months + m.pension_months, last_position = a.last_position + 1
    FROM entry, unnest(%(numbers)s::text[], %(old_age)s::bigint[], %(pension)s::bigint[], %(pension_months)s::int[])
         AS m (number, old_age, pension, pension_months)
    WHERE a.member_number = m.number
    RETURNING entry.id, a.*, m.old_age AS added_old_age, m.pension AS added_pension, m.pension_months AS added_months
)
INSERT INTO plain.line (
    member_number, position, entry_id, month, old_age, pension, pension_months, old_age_total, pension_total,
    pension_months_total
)
SELECT member_number, last_position, id, %(month)s, added_old_age, added_pension, added_months, old_age, pension,
       pension_months
FROM moved
