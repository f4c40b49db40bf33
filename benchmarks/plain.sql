-- The plain way to post employers' contributions in sets: keys, running balances, a key that posts once, nothing else.
-- What the ledger does more: control lines that must balance, digests, refusals, proofs.
CREATE SCHEMA plain;
CREATE TABLE plain.account (
    member_number text COLLATE "C" PRIMARY KEY,
    old_age bigint NOT NULL DEFAULT 0,
    pension bigint NOT NULL DEFAULT 0,
    pension_months integer NOT NULL DEFAULT 0,
    last_position integer NOT NULL DEFAULT 0
) WITH (fillfactor = 45);
CREATE TABLE plain.entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE,
    day date NOT NULL,
    total bigint NOT NULL
);
CREATE TABLE plain.line (
    member_number text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    entry_id bigint NOT NULL,
    month date NOT NULL,
    old_age bigint NOT NULL,
    pension bigint NOT NULL,
    pension_months smallint NOT NULL,
    old_age_total bigint NOT NULL,
    pension_total bigint NOT NULL,
    pension_months_total integer NOT NULL,
    PRIMARY KEY (member_number, position)
);
