-- Accounts whose last line should lie in this partition, and does not.
SELECT a.member_number, 'account_last_line' AS kind
FROM public.ledger_memberaccount AS a
WHERE a.last_book_day >= %(first)s AND a.last_book_day < %(beyond)s AND NOT EXISTS (
    SELECT FROM public.{partition} AS l
    WHERE l.member_number = a.member_number AND l.book_day = a.last_book_day AND l.position = a.last_position
)
LIMIT %(limit)s
