-- The other side of a posted month: the ledger's own tables without its checks, triggers, control lines and digests.
-- The same columns, the same keys, the same partitions, the same room for updates, and a key that posts once.
CREATE SCHEMA bare;
CREATE TABLE bare.entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text COLLATE "C" NOT NULL UNIQUE);
CREATE TABLE bare.account (LIKE public.ledger_memberaccount INCLUDING DEFAULTS INCLUDING INDEXES)
    WITH (fillfactor = 45);
CREATE TABLE bare.line (LIKE public.ledger_memberline, PRIMARY KEY (member_number, book_day, position))
    PARTITION BY RANGE (book_day);
-- Where COPY goes: the lines alone.
CREATE TABLE bare.copied (LIKE public.ledger_memberline, PRIMARY KEY (member_number, book_day, position))
    PARTITION BY RANGE (book_day);
