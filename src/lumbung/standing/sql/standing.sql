-- All that the first page says of a person's books, work and months, in one row. In mine stand his numbers; in lately
-- the newest lines of settled returns that no settled correction took back, so many for each number, as returns came:
-- what is paid for late is among them, and forty years cost what ten do. Lateral with OFFSET 0, so that returns are
-- looked up one by one, whatever the planner thinks of their number.
WITH mine AS MATERIALIZED (
    SELECT number FROM registry_membernumber WHERE person_id = %(person)s
), newest AS MATERIALIZED (
    SELECT l.* FROM mine
    CROSS JOIN LATERAL (
        SELECT * FROM contributions_returnline WHERE member_number_id = mine.number
        ORDER BY returned_id DESC LIMIT %(newest)s
    ) AS l
), lately AS MATERIALIZED (
    SELECT l.id, r.month, r.employer_id, l.wage,
           l.jht_employer + l.jht_member + l.jp_employer + l.jp_member + l.jkk + l.jkm > 0 AS brings_something
    FROM newest AS l
    CROSS JOIN LATERAL (
        SELECT month, employer_id FROM contributions_return WHERE id = l.returned_id AND state = 'settled' OFFSET 0
    ) AS r
    WHERE NOT EXISTS (
        SELECT FROM contributions_takenback AS t
        JOIN contributions_return AS c ON c.id = t.by_id AND c.state = 'settled'
        WHERE t.line_id = l.id
    )
), pension AS NOT MATERIALIZED (
    SELECT r.month, l.jp_wage
    FROM mine
    JOIN contributions_returnline AS l ON l.member_number_id = mine.number AND l.jp_wage > 0
    CROSS JOIN LATERAL (
        SELECT month FROM contributions_return WHERE id = l.returned_id AND state = 'settled' OFFSET 0
    ) AS r
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
                mine.number, e.id, e.name, w.started, w.ended, e.size,
                jsonb_build_object(
                    'risk_class', e.risk_class, 'labour_intensive', e.labour_intensive, 'relief_covid', e.relief_covid
                ),
                w.job_loss_insured
            ) ORDER BY w.started DESC, w.id DESC
        )
        FROM mine
        JOIN registry_employment AS w ON w.member_number_id = mine.number
        JOIN registry_employer AS e ON e.id = w.employer_id
    ) AS work,
    (
        SELECT jsonb_agg(
            jsonb_build_array(
                mine.number, s.starts, s.ends, s.old_age,
                jsonb_build_object(
                    'income', s.income, 'sector', s.sector, 'paid_by_state', s.paid_by_state,
                    'relief_covid', s.relief_covid
                )
            )
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
        FROM (SELECT DISTINCT ON (employer_id) * FROM lately ORDER BY employer_id, month DESC, id DESC) AS newest
    ) AS wages,
    (SELECT max(month) FROM lately WHERE brings_something) AS paid_by_employers,
    (
        SELECT max(b.month) FROM mine JOIN billing_bill AS b ON b.member_number_id = mine.number
        WHERE b.kind = 'self_employed' AND b.state = 'settled'
    ) AS paid_by_himself,
    (SELECT jsonb_agg(DISTINCT month) FROM lately WHERE month >= %(recent)s) AS recent_months,
    CASE WHEN (SELECT count(*) FROM mine) > 1 THEN (SELECT count(DISTINCT month) FROM pension) END AS pension_months,
    CASE WHEN (
        SELECT sum(a.pension_months_total) FROM mine JOIN ledger_memberaccount AS a ON a.member_number = mine.number
    ) >= %(pension_needs)s THEN (SELECT jsonb_agg(jsonb_build_array(month, jp_wage)) FROM pension) END AS pension_wages
