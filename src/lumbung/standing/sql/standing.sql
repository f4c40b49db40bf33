-- All that the first page says of a person's books, work and months, in one row. In mine stand his numbers, in paid
-- the lines of settled returns that no settled correction took back.
WITH mine AS MATERIALIZED (
    SELECT number FROM registry_membernumber WHERE person_id = %(person)s
), paid AS MATERIALIZED (
    SELECT l.id, r.month, r.employer_id, l.wage, l.jp_wage,
           l.jht_employer + l.jht_member + l.jp_employer + l.jp_member + l.jkk + l.jkm > 0 AS brings_something
    FROM mine
    JOIN contributions_returnline AS l ON l.member_number_id = mine.number
    JOIN contributions_return AS r ON r.id = l.returned_id AND r.state = 'settled'
    WHERE NOT EXISTS (
        SELECT FROM contributions_takenback AS t
        JOIN contributions_return AS c ON c.id = t.by_id AND c.state = 'settled'
        WHERE t.line_id = l.id
    )
)
SELECT
    (
        SELECT jsonb_agg(
            jsonb_build_array(
                mine.number, coalesce(a.contribution_total, 0), coalesce(a.development_total, 0),
                coalesce(a.withdrawal_total, 0), coalesce(a.pension_total, 0), coalesce(a.pension_months_total, 0),
                a.last_book_day
            ) ORDER BY mine.number
        )
        FROM mine LEFT JOIN ledger_memberaccount AS a ON a.member_number = mine.number
    ) AS accounts,
    (
        SELECT jsonb_agg(
            jsonb_build_array(
                mine.number, e.id, e.name, w.started, w.ended, e.size, e.relief_covid, w.job_loss_insured
            ) ORDER BY w.started DESC, w.id DESC
        )
        FROM mine
        JOIN registry_employment AS w ON w.member_number_id = mine.number
        JOIN registry_employer AS e ON e.id = w.employer_id
    ) AS work,
    (
        SELECT jsonb_agg(
            jsonb_build_array(mine.number, s.starts, s.ends, s.old_age, s.relief_covid, s.income)
            ORDER BY s.starts DESC, s.id DESC
        )
        FROM mine JOIN registry_selfemployment AS s ON s.member_number_id = mine.number
    ) AS self_employed,
    (
        SELECT jsonb_agg(
            jsonb_build_array(mine.number, c.id, c.departs_on, c.ends, c.old_age, b.paid_on)
            ORDER BY c.departs_on DESC, c.id DESC
        )
        FROM mine
        JOIN registry_migrantcontract AS c ON c.member_number_id = mine.number
        LEFT JOIN billing_bill AS b ON b.contract_id = c.id AND b.month IS NULL AND b.state = 'settled'
    ) AS abroad,
    (
        SELECT jsonb_agg(jsonb_build_array(employer_id, month, wage) ORDER BY month DESC, id DESC)
        FROM (SELECT DISTINCT ON (employer_id) * FROM paid ORDER BY employer_id, month DESC, id DESC) AS newest
    ) AS wages,
    (SELECT max(month) FROM paid WHERE brings_something) AS paid_by_employers,
    (
        SELECT max(b.month) FROM mine JOIN billing_bill AS b ON b.member_number_id = mine.number
        WHERE b.kind = 'self_employed' AND b.state = 'settled'
    ) AS paid_by_himself,
    (SELECT jsonb_agg(DISTINCT month) FROM paid WHERE month >= %(recent)s) AS recent_months,
    (SELECT count(DISTINCT month) FROM paid WHERE jp_wage > 0) AS pension_months,
    CASE WHEN (SELECT count(DISTINCT month) FROM paid WHERE jp_wage > 0) >= %(pension_needs)s THEN
        (SELECT jsonb_agg(jsonb_build_array(month, jp_wage)) FROM paid WHERE jp_wage > 0)
    END AS pension_wages
