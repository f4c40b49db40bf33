-- Many entries at once. What belongs to an entry stands at its place (1, 2, …) in arrays; the control lines and member
-- lines of all entries stand one after the other, so many of each for each entry.

-- The same text as before, a third cheaper: concat looks up how to write each of its values, the bars too.
CREATE OR REPLACE FUNCTION public.ledger_line_facts(
    number text, month date, contribution bigint, development bigint, withdrawal bigint, pension bigint,
    pension_months bigint
) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN concat_ws('|', number, coalesce(month::text, ''), contribution, development, withdrawal, pension,
                 pension_months);

-- Which entry each line belongs to, from the number of lines of each.
CREATE FUNCTION public.ledger_places(counts integer[], lines integer, fewest integer, most integer) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    counted record;
BEGIN
    SELECT sum(e.count) AS lines, bool_and(coalesce(e.count BETWEEN fewest AND most, false)) AS whole
    INTO counted FROM unnest(counts) AS e (count);
    IF counted.whole IS NOT TRUE OR counted.lines <> lines THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', MESSAGE = 'entries have too few or too many lines';
    ELSIF cardinality(counts) = 1 THEN
        RETURN array_fill(1, ARRAY[lines]);
    END IF;
    RETURN ARRAY(
        SELECT e.place::integer FROM unnest(counts) WITH ORDINALITY AS e (count, place), generate_series(1, e.count)
        ORDER BY e.place
    );
END $$;

-- Check the control lines of every entry as a set; their two sums that the members' lines must meet, and their facts.
CREATE FUNCTION public.ledger_check_control(
    keys text[], places integer[], accounts text[], amounts bigint[],
    OUT old_age numeric[], OUT pension numeric[], OUT facts text[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    checked record;
BEGIN
    SELECT array_agg(e.old_age ORDER BY e.place) AS old_age, array_agg(e.pension ORDER BY e.place) AS pension,
           array_agg(e.facts ORDER BY e.place) AS facts,
           min(e.place) FILTER (WHERE NOT e.whole) AS malformed, min(e.place) FILTER (WHERE e.total <> 0) AS unbalanced
    INTO checked FROM (
        SELECT c.place, sum(c.amount) AS total,
               bool_and(coalesce(c.amount <> 0, false) AND a.code IS NOT NULL) AS whole,
               coalesce(sum(c.amount) FILTER (WHERE c.account = 'member_old_age'), 0) AS old_age,
               coalesce(sum(c.amount) FILTER (WHERE c.account = 'member_pension'), 0) AS pension,
               string_agg(concat(c.account, '|', c.amount), E'\n' ORDER BY c.n) AS facts
        FROM unnest(places, accounts, amounts) WITH ORDINALITY AS c (place, account, amount, n)
        LEFT JOIN public.ledger_controlaccount AS a ON a.code = c.account
        GROUP BY c.place
    ) AS e;
    IF checked.malformed IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', DETAIL = keys[checked.malformed],
            MESSAGE = 'control lines are missing, empty or of unknown accounts';
    ELSIF checked.unbalanced IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE002', DETAIL = keys[checked.unbalanced],
            MESSAGE = 'control lines do not sum to zero';
    END IF;
    old_age := checked.old_age;
    pension := checked.pension;
    facts := checked.facts;
END $$;

-- Check the member lines of every entry in one pass: is each of them whole, do they ascend within their entry (so no
-- member comes twice), do they sum to the control lines? And the digest of each entry's facts, joined in the order in
-- which they stand in the arrays. Grouping by hash keeps that order, also when it spills; a sort by place need not, so
-- sorting is off here.
CREATE FUNCTION public.ledger_check_members(
    keys text[], old_age numeric[], pension numeric[], places integer[], numbers text[], months date[],
    contributions bigint[], developments bigint[], withdrawals bigint[], pensions bigint[], pension_months bigint[]
) RETURNS bytea[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET plan_cache_mode = force_generic_plan SET enable_sort = off SET enable_hashagg = on AS $$
DECLARE
    checked record;
BEGIN
    SELECT array_agg(sha256(convert_to(coalesce(e.facts, ''), 'UTF8')) ORDER BY k.place) AS digests,
           min(k.place) FILTER (WHERE NOT e.whole) AS malformed,
           min(k.place) FILTER (WHERE coalesce(e.old_age, 0) <> -ledger_check_members.old_age[k.place]
                                   OR coalesce(e.pension, 0) <> -ledger_check_members.pension[k.place]) AS unbalanced
    INTO checked FROM generate_subscripts(keys, 1) AS k (place) LEFT JOIN (
        SELECT m.place,
               bool_and(
                   (m.number > m.previous COLLATE "C" OR m.place IS DISTINCT FROM m.previous_place)
                   AND m.number IS NOT NULL AND m.pension_months BETWEEN -1 AND 1
                   AND (m.contribution <> 0 OR m.development <> 0 OR m.withdrawal <> 0 OR m.pension <> 0
                        OR m.pension_months <> 0)
                   AND (m.month IS NULL OR extract(day FROM m.month) = 1)
               ) AS whole,
               sum(m.contribution + m.development - m.withdrawal) AS old_age, sum(m.pension) AS pension,
               string_agg(public.ledger_line_facts(m.number, m.month, m.contribution, m.development, m.withdrawal,
                                                   m.pension, m.pension_months), E'\n') AS facts
        FROM (
            -- In the list and not as unnest(…, …) after FROM: that would write and read each column once more.
            SELECT unnest(places) AS place, unnest(ARRAY[NULL::integer] || places) AS previous_place,
                   unnest(numbers) AS number, unnest(ARRAY[NULL::text] || numbers) AS previous,
                   unnest(months) AS month, unnest(contributions) AS contribution,
                   unnest(developments) AS development, unnest(withdrawals) AS withdrawal,
                   unnest(pensions) AS pension, unnest(pension_months) AS pension_months
        ) AS m
        WHERE m.place IS NOT NULL  -- the shifted columns are longer by one
        GROUP BY m.place
    ) AS e ON e.place = k.place;
    IF checked.malformed IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', DETAIL = keys[checked.malformed],
            MESSAGE = 'member lines are empty, doubled or out of order';
    ELSIF checked.unbalanced IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE002', DETAIL = keys[checked.unbalanced],
            MESSAGE = 'member lines do not sum to their control lines';
    END IF;
    RETURN checked.digests;
END $$;

-- Which entries of these keys there are already, none: null. With the same content they stand for those asked for; else
-- refuse.
CREATE FUNCTION public.ledger_known(keys text[], digests bytea[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    SELECT array_agg(e.id ORDER BY k.place) AS ids, min(k.place) FILTER (WHERE e.digest <> k.digest) AS other
    INTO known
    FROM unnest(keys, digests) WITH ORDINALITY AS k (key, digest, place)
    LEFT JOIN public.ledger_entry AS e ON e.key = k.key;
    IF known.other IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE001', DETAIL = keys[known.other],
            MESSAGE = 'the key was posted with other content';
    END IF;
    RETURN known.ids;
END $$;

-- The entries and their control lines. Returns the id of each that was written, 0 for one that was known before or
-- that somebody else committed while we waited for its key. Ids follow the places; keys are taken in their own order,
-- so that no two sets wait for each other in a ring.
CREATE FUNCTION public.ledger_write_entries(
    keys text[], kinds text[], days date[], recorded_at timestamptz, reasons text[], originals bigint[],
    control_counts integer[], line_counts integer[], digests bytea[], known bigint[],
    control_places integer[], accounts text[], amounts bigint[]
) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ids bigint[];
BEGIN
    WITH given AS MATERIALIZED (
        SELECT nextval('public.ledger_entry_id_seq') AS id, e.* FROM unnest(
            keys, kinds, days, reasons, originals, control_counts, line_counts, digests, known
        ) WITH ORDINALITY
        AS e (key, kind, day, reason, original, control_count, line_count, digest, known, place)
        WHERE e.known IS NULL ORDER BY e.place
    ), written AS (
        INSERT INTO public.ledger_entry (
            id, recorded_at, reverses, corrects, line_count, control_count, day, key, kind, reason, digest
        ) OVERRIDING SYSTEM VALUE
        SELECT g.id, ledger_write_entries.recorded_at, CASE WHEN g.kind <> 'correction' THEN g.original END,
               CASE WHEN g.kind = 'correction' THEN g.original END, g.line_count, g.control_count, g.day, g.key,
               g.kind, g.reason, g.digest
        FROM given AS g ORDER BY g.key COLLATE "C", g.place
        ON CONFLICT ON CONSTRAINT ledger_entry_key_key DO NOTHING
        RETURNING id
    )
    SELECT array_agg(coalesce(w.id, 0) ORDER BY k.place) INTO ids
    FROM generate_subscripts(keys, 1) AS k (place)
    LEFT JOIN (given AS g JOIN written AS w ON w.id = g.id) ON g.place = k.place;
    INSERT INTO public.ledger_controlline (entry_id, amount, position, account)
    SELECT ids[c.place], c.amount, row_number() OVER (PARTITION BY c.place ORDER BY c.n), c.account
    FROM unnest(control_places, accounts, amounts) WITH ORDINALITY AS c (place, account, amount, n)
    WHERE ids[c.place] <> 0;
    RETURN ids;
END $$;

-- The accounts' new totals and the lines, one statement, where each member comes once. Missing accounts are added first,
-- in the order of the numbers; then the accounts are updated, and so locked, in that order too: no two postings wait for
-- each other in a ring. The order of the update is that of its join: the settings leave only joins that go through the
-- accounts by their index or through the given numbers. (A SELECT … FOR NO KEY UPDATE before it would cost a fifth
-- more.) The book day is judged in a CASE because statistics may say that no account is that old, and a plan for one row
-- costs minutes.
CREATE FUNCTION public.ledger_write_lines(
    entry_ids bigint[], days date[], book_day date, places integer[], numbers text[], months date[],
    contributions bigint[], developments bigint[], withdrawals bigint[], pensions bigint[], pension_months bigint[]
) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_variable
DECLARE
    written bigint;
BEGIN
    IF cardinality(numbers) > 50000 THEN  -- a generic plan looks each of them up; of many, most accounts are meant
        PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
    END IF;
    PERFORM public.ledger_open_accounts(numbers);
    WITH moved AS (
        UPDATE public.ledger_memberaccount AS a
        SET contribution_total = a.contribution_total + m.contribution,
            development_total = a.development_total + m.development,
            withdrawal_total = a.withdrawal_total + m.withdrawal,
            pension_total = a.pension_total + m.pension,
            pension_months_total = a.pension_months_total + m.pension_months::integer,
            last_position = a.last_position + 1,
            last_book_day = book_day
        FROM (
            SELECT * FROM (
                SELECT unnest(places) AS place, unnest(numbers) AS number, unnest(months) AS month,
                       unnest(contributions) AS contribution, unnest(developments) AS development,
                       unnest(withdrawals) AS withdrawal, unnest(pensions) AS pension,
                       unnest(pension_months) AS pension_months
            ) AS g
            WHERE entry_ids[g.place] <> 0 ORDER BY g.number COLLATE "C"
        ) AS m
        WHERE a.member_number = m.number AND CASE WHEN a.last_book_day <= book_day THEN true END
        RETURNING a.*, m.place, m.month, m.contribution, m.development, m.withdrawal, m.pension, m.pension_months
    )
    INSERT INTO public.ledger_memberline (
        entry_id, contribution, development, withdrawal, pension, contribution_total, development_total,
        withdrawal_total, pension_total, pension_months_total, position, book_day, day, contribution_month,
        pension_months, member_number
    )
    SELECT entry_ids[m.place], m.contribution, m.development, m.withdrawal, m.pension, m.contribution_total,
           m.development_total, m.withdrawal_total, m.pension_total, m.pension_months_total, m.last_position,
           book_day, days[m.place], m.month, m.pension_months, m.member_number
    FROM moved AS m;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;

-- In plpgsql, so that it is planned as its caller's settings say.
CREATE FUNCTION public.ledger_open_accounts(numbers text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.ledger_memberaccount (member_number)
    SELECT m.number FROM (SELECT unnest(numbers) AS number) AS m
    WHERE NOT EXISTS (SELECT FROM public.ledger_memberaccount AS a WHERE a.member_number = m.number)
    ORDER BY m.number COLLATE "C"
    ON CONFLICT DO NOTHING;
END $$;

-- The same where a member may come several times: the accounts first, by the sums of each …
CREATE FUNCTION public.ledger_move_accounts(
    book_day date, numbers text[], lines bigint[], contributions bigint[], developments bigint[], withdrawals bigint[],
    pensions bigint[], pension_months bigint[]
) RETURNS SETOF public.ledger_memberaccount
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_variable
BEGIN
    PERFORM public.ledger_open_accounts(numbers);
    RETURN QUERY UPDATE public.ledger_memberaccount AS a
    SET contribution_total = a.contribution_total + m.contribution,
        development_total = a.development_total + m.development,
        withdrawal_total = a.withdrawal_total + m.withdrawal,
        pension_total = a.pension_total + m.pension,
        pension_months_total = a.pension_months_total + m.pension_months::integer,
        last_position = a.last_position + m.lines::integer,
        last_book_day = book_day
    FROM unnest(numbers, lines, contributions, developments, withdrawals, pensions, pension_months)
         AS m (number, lines, contribution, development, withdrawal, pension, pension_months)
    WHERE a.member_number = m.number AND CASE WHEN a.last_book_day <= book_day THEN true END
    RETURNING a.*;
END $$;

-- … then the lines: what the account holds after each is what it holds in the end, less what the later lines bring.
CREATE FUNCTION public.ledger_write_repeated_lines(
    entry_ids bigint[], days date[], book_day date, places integer[], numbers text[], months date[],
    contributions bigint[], developments bigint[], withdrawals bigint[], pensions bigint[], pension_months bigint[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    total record;
    written bigint;
BEGIN
    SELECT array_agg(t.number) AS numbers, array_agg(t.lines) AS lines, array_agg(t.contribution) AS contributions,
           array_agg(t.development) AS developments, array_agg(t.withdrawal) AS withdrawals,
           array_agg(t.pension) AS pensions, array_agg(t.pension_months) AS pension_months,
           array_agg(t.number) FILTER (WHERE t.lines > 1) AS several
    INTO total FROM (
        SELECT m.number, count(*) AS lines, sum(m.contribution)::bigint AS contribution,
               sum(m.development)::bigint AS development, sum(m.withdrawal)::bigint AS withdrawal,
               sum(m.pension)::bigint AS pension, sum(m.pension_months)::bigint AS pension_months
        FROM unnest(places, numbers, contributions, developments, withdrawals, pensions, pension_months)
             AS m (place, number, contribution, development, withdrawal, pension, pension_months)
        WHERE entry_ids[m.place] <> 0
        GROUP BY m.number ORDER BY m.number COLLATE "C"
    ) AS t;
    INSERT INTO public.ledger_memberline (
        entry_id, contribution, development, withdrawal, pension, contribution_total, development_total,
        withdrawal_total, pension_total, pension_months_total, position, book_day, day, contribution_month,
        pension_months, member_number
    )
    SELECT entry_ids[m.place], m.contribution, m.development, m.withdrawal, m.pension,
           a.contribution_total + m.contribution - (sum(m.contribution) OVER w)::bigint,
           a.development_total + m.development - (sum(m.development) OVER w)::bigint,
           a.withdrawal_total + m.withdrawal - (sum(m.withdrawal) OVER w)::bigint,
           a.pension_total + m.pension - (sum(m.pension) OVER w)::bigint,
           a.pension_months_total + m.pension_months - (sum(m.pension_months) OVER w)::integer,
           a.last_position + 1 - (row_number() OVER w)::integer,
           a.last_book_day, days[m.place], m.month, m.pension_months, m.number
    FROM unnest(places, numbers, months, contributions, developments, withdrawals, pensions, pension_months)
         WITH ORDINALITY
         AS m (place, number, month, contribution, development, withdrawal, pension, pension_months, n)
    JOIN public.ledger_move_accounts(book_day, total.numbers, total.lines, total.contributions, total.developments,
                                     total.withdrawals, total.pensions, total.pension_months) AS a
        ON a.member_number = m.number
    WHERE entry_ids[m.place] <> 0
    WINDOW w AS (PARTITION BY m.number COLLATE "C" ORDER BY m.n DESC);
    GET DIAGNOSTICS written = ROW_COUNT;
    -- The accounts' own constraint judges what they hold in the end; this, what they would hold in between.
    IF EXISTS (
        SELECT FROM public.ledger_memberline AS l
        WHERE l.member_number = ANY (total.several) AND l.book_day = ledger_write_repeated_lines.book_day
          AND l.entry_id = ANY (entry_ids)
          AND (least(l.contribution_total, l.development_total, l.withdrawal_total, l.pension_total,
                     l.pension_months_total) < 0
               OR l.contribution_total + l.development_total < l.withdrawal_total)
    ) THEN
        RAISE check_violation;
    END IF;
    RETURN written;
END $$;

-- The lines of several entries; when an account does not bear them, the refusal names the entry.
CREATE FUNCTION public.ledger_write_set_lines(
    keys text[], expected bigint, entry_ids bigint[], days date[], book_day date, places integer[], numbers text[],
    months date[], contributions bigint[], developments bigint[], withdrawals bigint[], pensions bigint[],
    pension_months bigint[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    members bigint;
    written bigint;
BEGIN
    SELECT count(*) INTO members FROM (
        SELECT DISTINCT m.number FROM (SELECT unnest(places) AS place, unnest(numbers) AS number) AS m
        WHERE entry_ids[m.place] <> 0
    ) AS m;
    IF members = expected THEN
        written := public.ledger_write_lines(
            entry_ids, days, book_day, places, numbers, months, contributions, developments, withdrawals, pensions,
            pension_months
        );
    ELSE
        written := public.ledger_write_repeated_lines(
            entry_ids, days, book_day, places, numbers, months, contributions, developments, withdrawals, pensions,
            pension_months
        );
    END IF;
    IF written <> expected THEN
        RAISE SQLSTATE 'LE004';
    END IF;
    RETURN written;
EXCEPTION WHEN check_violation OR numeric_value_out_of_range OR SQLSTATE 'LE004' THEN
    PERFORM public.ledger_blame(
        keys, entry_ids, book_day, places, numbers, contributions, developments, withdrawals, pensions, pension_months
    );
    RAISE;
END $$;

-- Which entry of a set can't be posted, by the first of its lines that its account would not bear.
CREATE FUNCTION public.ledger_blame(
    keys text[], entry_ids bigint[], book_day date, places integer[], numbers text[], contributions bigint[],
    developments bigint[], withdrawals bigint[], pensions bigint[], pension_months bigint[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    first record;
BEGIN
    SELECT j.place, j.state INTO first FROM (
        SELECT t.place, t.n, CASE
            WHEN t.last_book_day > ledger_blame.book_day THEN 'LE004'
            WHEN greatest(t.contribution, t.development, t.withdrawal, t.pension) >= 2::numeric ^ 63 THEN '22003'
            WHEN least(t.contribution, t.development, t.withdrawal, t.pension, t.pension_months) < 0
              OR t.contribution + t.development < t.withdrawal THEN 'LE012'
        END AS state
        FROM (
            SELECT m.place, m.n, a.last_book_day,
                   coalesce(a.contribution_total, 0) + sum(m.contribution) OVER w AS contribution,
                   coalesce(a.development_total, 0) + sum(m.development) OVER w AS development,
                   coalesce(a.withdrawal_total, 0) + sum(m.withdrawal) OVER w AS withdrawal,
                   coalesce(a.pension_total, 0) + sum(m.pension) OVER w AS pension,
                   coalesce(a.pension_months_total, 0) + sum(m.pension_months) OVER w AS pension_months
            FROM unnest(places, numbers, contributions, developments, withdrawals, pensions, pension_months)
                 WITH ORDINALITY
                 AS m (place, number, contribution, development, withdrawal, pension, pension_months, n)
            LEFT JOIN public.ledger_memberaccount AS a ON a.member_number = m.number
            WHERE entry_ids[m.place] <> 0
            WINDOW w AS (PARTITION BY m.number COLLATE "C" ORDER BY m.n)
        ) AS t
    ) AS j
    WHERE j.state IS NOT NULL ORDER BY j.n LIMIT 1;
    IF first.state IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = first.state, DETAIL = keys[first.place],
            MESSAGE = 'an account is overdrawn, overflows or has lines of a later book day';
    END IF;
END $$;


-- Write entries, all of them whole or none at all. Repeats are told from clashes of keys by comparing digests.
-- originals: what the entry takes back, for kinds reversal and correction.
CREATE FUNCTION public.ledger_write(
    keys text[], kinds text[], days date[], recorded_at timestamptz, reasons text[], originals bigint[],
    control_counts integer[], accounts text[], amounts bigint[],
    line_counts integer[], numbers text[], months date[], contributions bigint[], developments bigint[],
    withdrawals bigint[], pensions bigint[], pension_months bigint[],
    OUT entry_ids bigint[], OUT are_new boolean[]
)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_variable
DECLARE
    entries integer := coalesce(cardinality(keys), 0);
    lines integer := coalesce(cardinality(numbers), 0);
    book_day date := public.ledger_book_day(recorded_at);
    control_places integer[];
    places integer[];
    control record;
    digests bytea[];
    written bigint[];
    expected bigint;
    found bigint;
BEGIN
    IF entries NOT BETWEEN 1 AND 10000 OR lines > 1000000
       OR (entries = ALL (ARRAY[cardinality(kinds), cardinality(days), cardinality(reasons),
                                cardinality(control_counts), cardinality(line_counts)])) IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003',
            MESSAGE = 'a set has 1 to 10,000 entries, each whole, and at most 1,000,000 lines';
    END IF;
    control_places := public.ledger_places(
        control_counts, greatest(cardinality(accounts), cardinality(amounts), 0), 2, 1000
    );
    places := public.ledger_places(line_counts, lines, 0, 1000000);
    months := public.ledger_month_column(months, lines);
    contributions := public.ledger_column(contributions, lines, 'contribution');
    developments := public.ledger_column(developments, lines, 'development');
    withdrawals := public.ledger_column(withdrawals, lines, 'withdrawal');
    pensions := public.ledger_column(pensions, lines, 'pension');
    pension_months := public.ledger_column(pension_months, lines, 'pension_months');

    control := public.ledger_check_control(keys, control_places, accounts, amounts);
    digests := public.ledger_check_members(
        keys, control.old_age, control.pension, places, numbers, months, contributions, developments, withdrawals,
        pensions, pension_months
    );
    digests := ARRAY(
        SELECT public.ledger_entry_digest(e.key, e.kind, e.day, e.original, e.reason, e.facts, e.digest)
        FROM unnest(keys, kinds, days, originals, reasons, control.facts, digests) WITH ORDINALITY
             AS e (key, kind, day, original, reason, facts, digest, place)
        ORDER BY e.place
    );
    entry_ids := public.ledger_known(keys, digests);
    IF array_position(entry_ids, NULL) IS NULL THEN
        are_new := array_fill(false, ARRAY[entries]);
        RETURN;
    END IF;

    PERFORM public.ledger_check_book_time(recorded_at);
    IF lines > 0 THEN
        PERFORM public.ledger_prepare_months(book_day);
    END IF;
    -- The guards let through what is written between these two settings; an error in between rolls the first back.
    PERFORM set_config('lumbung.posting', 'entry', true);
    written := public.ledger_write_entries(
        keys, kinds, days, recorded_at, reasons, originals, control_counts, line_counts, digests, entry_ids,
        control_places, accounts, amounts
    );
    expected := (SELECT coalesce(sum(e.lines), 0) FROM unnest(written, line_counts) AS e (id, lines) WHERE e.id <> 0);
    IF expected > 0 AND entries = 1 THEN
        found := public.ledger_write_lines(
            written, days, book_day, places, numbers, months, contributions, developments, withdrawals, pensions,
            pension_months
        );
    ELSIF expected > 0 THEN
        found := public.ledger_write_set_lines(
            keys, expected, written, days, book_day, places, numbers, months, contributions, developments, withdrawals,
            pensions, pension_months
        );
    END IF;
    -- Every account is there by now: one that was not updated has lines of a later book day.
    IF found <> expected THEN
        RAISE EXCEPTION USING ERRCODE = 'LE004', MESSAGE = 'an account has lines of a later book day';
    END IF;
    PERFORM set_config('lumbung.posting', '', true);
    entry_ids := public.ledger_known(keys, digests);
    are_new := ARRAY(SELECT w.id <> 0 FROM unnest(written) WITH ORDINALITY AS w (id, place) ORDER BY w.place);
END $$;

-- The application's ways in. They can't name an entry to take back; that is ledger_reverse's and ledger_correct's.
CREATE FUNCTION public.ledger_post_set(
    keys text[], kinds text[], days date[], recorded_at timestamptz, reasons text[],
    control_counts integer[], accounts text[], amounts bigint[],
    line_counts integer[], numbers text[], months date[], contributions bigint[], developments bigint[],
    withdrawals bigint[], pensions bigint[], pension_months bigint[],
    OUT entry_ids bigint[], OUT are_new boolean[]
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF kinds && ARRAY['reversal', 'correction'] THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003',
            MESSAGE = 'a reversal is posted by ledger_reverse, a correction by ledger_correct',
            DETAIL = keys[coalesce(array_position(kinds, 'reversal'), array_position(kinds, 'correction'))];
    END IF;
    SELECT w.entry_ids, w.are_new INTO entry_ids, are_new FROM public.ledger_write(
        keys, kinds, days, recorded_at, reasons, NULL, control_counts, accounts, amounts, line_counts, numbers, months,
        contributions, developments, withdrawals, pensions, pension_months
    ) AS w;
END $$;

CREATE OR REPLACE FUNCTION public.ledger_post(
    key text, kind text, day date, recorded_at timestamptz, reason text,
    accounts text[], amounts bigint[],
    numbers text[] DEFAULT NULL, months date[] DEFAULT NULL,
    contributions bigint[] DEFAULT NULL, developments bigint[] DEFAULT NULL, withdrawals bigint[] DEFAULT NULL,
    pensions bigint[] DEFAULT NULL, pension_months bigint[] DEFAULT NULL,
    OUT entry_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT s.entry_ids[1], s.are_new[1] INTO entry_id, is_new FROM public.ledger_post_set(
        ARRAY[key], ARRAY[kind], ARRAY[day], recorded_at, ARRAY[reason], ARRAY[cardinality(amounts)], accounts, amounts,
        ARRAY[coalesce(cardinality(numbers), 0)], numbers, months, contributions, developments, withdrawals, pensions,
        pension_months
    ) AS s;
END $$;
