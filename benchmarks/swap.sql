-- The limit of a development result: everything is written fresh and swapped in, in one durable transaction. Nothing is
-- updated, nothing checked. The working of each account, its line in a partition of its own, all balances anew.
CREATE SCHEMA swap;
CREATE TABLE swap.line (LIKE public.ledger_memberline, PRIMARY KEY (member_number, book_day, position))
    PARTITION BY RANGE (book_day);
CREATE TABLE swap.account (LIKE public.ledger_memberaccount);
