-- What each of the chosen accounts is entitled to for a year, as its lines stand at this instant, and what it has got.
-- By value date. A value date lies at most one day after its book day, so whatever has a value date from 1 January on
-- was booked from 31 December on: what the account held on 1 January is what it holds now less those lines, and older
-- partitions are never opened. A line of nothing but development is a result and moves nothing. `weights` has 13 -
-- month for each day of the year: a look into an array costs a third of a calendar's. half_up(weighted * rate / 1200)
-- is worked out in whole numbers; p / q is rate / 1200 in lowest terms, and the division is split so that nothing
-- overflows.
WITH since AS (
    SELECT l.member_number,
           coalesce(sum(l.amount * (%(weights)s::smallint[])[l.day - %(first_day)s::date + 1])
                    FILTER (WHERE l.moves), 0)::bigint AS weighted,
           coalesce(sum(l.amount) FILTER (WHERE l.moves AND l.day <= %(last_day)s), 0)::bigint AS moved,
           coalesce(sum(l.amount) FILTER (WHERE NOT l.moves OR l.day > %(last_day)s), 0)::bigint AS other,
           coalesce(sum(l.development) FILTER (WHERE l.development <> 0 AND l.day <= %(last_day)s), 0)::bigint
               AS credited
    FROM (
        SELECT l.member_number, l.day, l.development, l.contribution + l.development - l.withdrawal AS amount,
               l.contribution <> 0 OR l.withdrawal <> 0 AS moves
        FROM public.ledger_memberline AS l
        WHERE l.book_day >= %(first_day)s::date - 1 AND l.day >= %(first_day)s AND {lines}
    ) AS l
    GROUP BY l.member_number
), opened AS (
    SELECT a.member_number, a.last_position, a.development_total,
           a.contribution_total + a.development_total - a.withdrawal_total AS balance,
           a.contribution_total + a.development_total - a.withdrawal_total - coalesce(s.moved + s.other, 0) AS opening,
           coalesce(s.moved, 0) AS moved, coalesce(s.weighted, 0) AS weighted, coalesce(s.credited, 0) AS credited
    FROM public.ledger_memberaccount AS a LEFT JOIN since AS s ON s.member_number = a.member_number
    WHERE {accounts}
), weighed AS (
    SELECT o.member_number, o.last_position, o.development_total, o.balance, o.opening, o.moved,
           12 * o.opening + o.weighted AS weighted, o.credited
    FROM opened AS o
), earned AS (
    SELECT w.*, CASE WHEN w.weighted <= 0 THEN 0 ELSE
           %(p)s::bigint * (w.weighted / %(q)s::bigint)
           + (2 * %(p)s::bigint * (w.weighted %% %(q)s::bigint) + %(q)s::bigint) / (2 * %(q)s::bigint) END AS entitled
    FROM weighed AS w
)
SELECT e.member_number, e.last_position AS position, e.opening, e.moved, e.weighted, e.entitled, e.credited,
       CASE WHEN e.entitled > e.credited THEN ''
            WHEN e.entitled < e.credited THEN
                CASE WHEN least(e.balance, e.development_total) + e.entitled < e.credited THEN 'overdrawn' ELSE '' END
            WHEN e.weighted < 0 THEN 'negative_basis'
            WHEN e.opening = 0 AND e.moved = 0 AND e.weighted = 0 THEN 'no_basis'
            WHEN e.entitled = 0 THEN 'nothing_earned'
            ELSE 'unchanged' END AS skipped
FROM earned AS e
