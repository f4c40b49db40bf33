CREATE TABLE swap.working AS {basis} ORDER BY member_number;
CREATE TABLE swap.line_fresh AS
    SELECT 1::bigint AS entry_id, 0::bigint AS contribution, w.entitled AS development, 0::bigint AS withdrawal,
           0::bigint AS pension, a.contribution_total, a.development_total + w.entitled AS development_total,
           a.withdrawal_total, a.pension_total, a.pension_months_total, a.last_position + 1 AS position,
           {book_day}::date AS book_day, {day}::date AS day, NULL::date AS contribution_month,
           0::smallint AS pension_months, a.member_number
    FROM swap.working AS w JOIN public.ledger_memberaccount AS a USING (member_number)
    WHERE w.entitled <> 0 ORDER BY a.member_number;
CREATE TABLE swap.account_fresh WITH (fillfactor = 45) AS
    SELECT a.contribution_total, a.development_total + w.entitled AS development_total, a.withdrawal_total,
           a.pension_total, a.pension_months_total, a.last_position + 1 AS last_position, {book_day}::date AS last_book_day,
           a.member_number
    FROM swap.working AS w JOIN public.ledger_memberaccount AS a USING (member_number) ORDER BY a.member_number;
ALTER TABLE swap.working ADD PRIMARY KEY (member_number);
ALTER TABLE swap.account_fresh ADD PRIMARY KEY (member_number);
ALTER TABLE swap.line_fresh ADD PRIMARY KEY (member_number, book_day, position),
    ALTER entry_id SET NOT NULL, ALTER contribution SET NOT NULL, ALTER development SET NOT NULL,
    ALTER withdrawal SET NOT NULL, ALTER pension SET NOT NULL, ALTER contribution_total SET NOT NULL,
    ALTER development_total SET NOT NULL, ALTER withdrawal_total SET NOT NULL, ALTER pension_total SET NOT NULL,
    ALTER pension_months_total SET NOT NULL, ALTER day SET NOT NULL, ALTER pension_months SET NOT NULL;
ALTER TABLE swap.line ATTACH PARTITION swap.line_fresh FOR VALUES FROM ({book_day}) TO ({beyond});
DROP TABLE swap.account;
ALTER TABLE swap.account_fresh RENAME TO account;
