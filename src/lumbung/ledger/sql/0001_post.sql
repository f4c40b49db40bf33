-- The state of a member's account as one number. Which number depends on a seed that nobody can know beforehand.
CREATE FUNCTION public.ledger_fingerprint(
    seed bigint, number text, place integer, contribution bigint, development bigint, withdrawal bigint,
    pension bigint, pension_months integer
) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashint4extended(pension_months, hashint8extended(pension, hashint8extended(withdrawal,
    hashint8extended(development, hashint8extended(contribution, hashint4extended(place,
        hashtextextended(number, seed)))))));

-- What a digest says of a member line. What the books add (position, totals) is not in it: that is proved by sums.
CREATE FUNCTION public.ledger_line_facts(
    number text, month date, contribution bigint, development bigint, withdrawal bigint, pension bigint,
    pension_months bigint
) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN concat(number, '|', month, '|', contribution, '|', development, '|', withdrawal, '|', pension, '|',
              pension_months);

-- The digest of an entry: everything that was asked for, a line each; members' lines by a digest of their own. Days
-- are written as DateStyle says, so whoever calls this sets it to ISO.
CREATE FUNCTION public.ledger_entry_digest(
    key text, kind text, day date, reverses bigint, reason text, control_facts text, member_digest bytea
) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(
    concat(key, E'\n', kind, E'\n', day, E'\n', reverses, E'\n', reason, E'\n', control_facts, E'\n',
           encode(member_digest, 'hex')),
    'UTF8'
));

-- One column of an entry's member lines: nothing at all (zeros), one value for every line, or one value a line.
CREATE FUNCTION public.ledger_column(given bigint[], lines integer, name text) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(cardinality(given), 0) = 0 THEN
        RETURN array_fill(0::bigint, ARRAY[lines]);
    ELSIF cardinality(given) = 1 AND lines > 1 THEN
        given := array_fill(given[1], ARRAY[lines]);
    END IF;
    IF cardinality(given) = lines AND array_position(given, NULL) IS NULL THEN
        RETURN given;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'LE003',
        MESSAGE = format('%s has %s values for %s lines, or an empty one', name, cardinality(given), lines);
END $$;

-- The same for the contribution months, where nothing at all is no month.
CREATE FUNCTION public.ledger_month_column(given date[], lines integer) RETURNS date[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(cardinality(given), 0) IN (0, lines) THEN
        RETURN given;
    ELSIF cardinality(given) = 1 THEN
        RETURN array_fill(given[1], ARRAY[lines]);
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'LE003',
        MESSAGE = format('contribution_month has %s values for %s lines', cardinality(given), lines);
END $$;

-- Is there an entry of this key already? With the same content it stands for the one asked for; else refuse.
CREATE FUNCTION public.ledger_known(key text, digest bytea) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    SELECT e.id, e.digest INTO known FROM public.ledger_entry AS e WHERE e.key = ledger_known.key;
    IF known.digest <> ledger_known.digest THEN
        RAISE EXCEPTION USING ERRCODE = 'LE001', MESSAGE = 'the key was posted with other content';
    END IF;
    RETURN known.id;
END $$;

-- May anything be booked at this instant? Not in the future, and not long before what is sealed already: an hour,
-- because a posting may be under way that long while later ones are sealed.
CREATE FUNCTION public.ledger_check_book_time(recorded_at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF recorded_at IS NULL OR NOT recorded_at BETWEEN '2000-01-01 00:00+07' AND clock_timestamp() + interval '5 min'
       OR recorded_at < (SELECT booked_to - interval '1 hour' FROM public.ledger_seal ORDER BY sequence DESC LIMIT 1)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'LE004',
            MESSAGE = 'the book time lies in the future, or before what is sealed already';
    END IF;
END $$;

-- The entry and its control lines; no id when somebody else committed the same key while we waited for it.
CREATE FUNCTION public.ledger_write_entry(
    key text, kind text, day date, recorded_at timestamptz, reason text, reverses bigint,
    accounts text[], amounts bigint[], lines integer, digest bytea
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    entry_id bigint;
BEGIN
    INSERT INTO public.ledger_entry AS e (
        recorded_at, reverses, line_count, control_count, day, key, kind, reason, digest
    )
    VALUES (recorded_at, reverses, lines, cardinality(accounts), day, key, kind, reason, digest)
    ON CONFLICT ON CONSTRAINT ledger_entry_key_key DO NOTHING
    RETURNING e.id INTO entry_id;
    IF entry_id IS NOT NULL THEN
        INSERT INTO public.ledger_controlline (entry_id, amount, position, account)
        SELECT entry_id, c.amount, c.position, c.account
        FROM ROWS FROM (unnest(accounts), unnest(amounts)) WITH ORDINALITY AS c (account, amount, position);
    END IF;
    RETURN entry_id;
END $$;

-- The accounts' new totals and the lines, one statement. Missing accounts are added first, in the order of the
-- numbers; then the accounts are updated, and so locked, in that order too: no two postings wait for each other in a
-- ring. The order of the update is that of its join: the settings leave only joins that go through the accounts by
-- their index or through the given numbers. (A SELECT … FOR NO KEY UPDATE before it would cost a fifth more.)
CREATE FUNCTION public.ledger_write_lines(
    entry_id bigint, day date, book_day date, numbers text[], months date[], contributions bigint[],
    developments bigint[], withdrawals bigint[], pensions bigint[], pension_months bigint[]
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_variable
DECLARE
    written bigint;
BEGIN
    IF cardinality(numbers) > 2000 THEN  -- a generic plan would guess ten lines and look each of them up
        PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
    END IF;
    INSERT INTO public.ledger_memberaccount (member_number)
    SELECT m.number FROM unnest(numbers) AS m (number)
    WHERE NOT EXISTS (SELECT FROM public.ledger_memberaccount AS a WHERE a.member_number = m.number)
    ORDER BY m.number COLLATE "C"
    ON CONFLICT DO NOTHING;

    WITH moved AS (
        UPDATE public.ledger_memberaccount AS a
        SET contribution_total = a.contribution_total + m.contribution,
            development_total = a.development_total + m.development,
            withdrawal_total = a.withdrawal_total + m.withdrawal,
            pension_total = a.pension_total + m.pension,
            pension_months_total = a.pension_months_total + m.pension_months::integer,
            last_position = a.last_position + 1,
            last_book_day = book_day
        FROM unnest(numbers, months, contributions, developments, withdrawals, pensions, pension_months)
             AS m (number, month, contribution, development, withdrawal, pension, pension_months)
        WHERE a.member_number = m.number AND a.last_book_day <= book_day
        RETURNING a.*, m.month, m.contribution, m.development, m.withdrawal, m.pension, m.pension_months
    )
    INSERT INTO public.ledger_memberline (
        entry_id, contribution, development, withdrawal, pension, contribution_total, development_total,
        withdrawal_total, pension_total, pension_months_total, position, book_day, day, contribution_month,
        pension_months, member_number
    )
    SELECT entry_id, m.contribution, m.development, m.withdrawal, m.pension, m.contribution_total,
           m.development_total, m.withdrawal_total, m.pension_total, m.pension_months_total, m.last_position,
           book_day, day, m.month, m.pension_months, m.member_number
    FROM moved AS m;
    GET DIAGNOSTICS written = ROW_COUNT;
    -- Every account is there by now: one that was not updated has lines of a later book day.
    IF written <> cardinality(numbers) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE004', MESSAGE = 'an account has lines of a later book day';
    END IF;
END $$;

-- Check the control lines as a set; their two sums that the members' lines must meet, and their facts as text.
CREATE FUNCTION public.ledger_check_control(
    accounts text[], amounts bigint[], OUT old_age numeric, OUT pension numeric, OUT facts text
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    checked record;
BEGIN
    SELECT count(*) AS lines, bool_and(coalesce(c.amount <> 0, false) AND a.code IS NOT NULL) AS whole, sum(c.amount) AS total,
           coalesce(sum(c.amount) FILTER (WHERE c.account = 'member_old_age'), 0) AS old_age,
           coalesce(sum(c.amount) FILTER (WHERE c.account = 'member_pension'), 0) AS pension,
           string_agg(concat(c.account, '|', c.amount), E'\n' ORDER BY c.position) AS facts
    INTO checked
    FROM ROWS FROM (unnest(accounts), unnest(amounts)) WITH ORDINALITY AS c (account, amount, position)
    LEFT JOIN public.ledger_controlaccount AS a ON a.code = c.account;
    IF checked.lines NOT BETWEEN 2 AND 1000 OR checked.whole IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', MESSAGE = 'control lines are missing, empty or of unknown accounts';
    ELSIF checked.total <> 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'LE002', MESSAGE = 'control lines do not sum to zero';
    END IF;
    old_age := checked.old_age;
    pension := checked.pension;
    facts := checked.facts;
END $$;

-- Check the member lines in one pass: is each of them whole, do they ascend (so no member comes twice), what do they
-- sum to, and what is the digest of their facts. unnest gives them in the order of the arrays.
CREATE FUNCTION public.ledger_check_members(
    numbers text[], months date[], contributions bigint[], developments bigint[], withdrawals bigint[],
    pensions bigint[], pension_months bigint[], OUT old_age numeric, OUT pension numeric, OUT digest bytea
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    checked record;
BEGIN
    SELECT bool_and(m.number > m.previous COLLATE "C" OR m.previous IS NULL) AS ascend,
           bool_and(
               m.number IS NOT NULL AND m.pension_months BETWEEN -1 AND 1
               AND (m.contribution <> 0 OR m.development <> 0 OR m.withdrawal <> 0 OR m.pension <> 0
                    OR m.pension_months <> 0)
               AND (m.month IS NULL OR extract(day FROM m.month) = 1)
           ) AS whole,
           sum(m.contribution + m.development - m.withdrawal) AS old_age, sum(m.pension) AS pension,
           string_agg(public.ledger_line_facts(m.number, m.month, m.contribution, m.development, m.withdrawal,
                                               m.pension, m.pension_months), E'\n') AS facts
    INTO checked
    FROM unnest(numbers, (ARRAY[NULL::text] || numbers)[1:cardinality(numbers)], months, contributions,
                developments, withdrawals, pensions, pension_months)
         AS m (number, previous, month, contribution, development, withdrawal, pension, pension_months);
    IF NOT (checked.whole AND checked.ascend) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', MESSAGE = 'member lines are empty, doubled or out of order';
    END IF;
    old_age := coalesce(checked.old_age, 0);
    pension := coalesce(checked.pension, 0);
    digest := sha256(convert_to(coalesce(checked.facts, ''), 'UTF8'));
END $$;

-- Write one entry, whole or not at all. A repeat is told from a clash of keys by comparing
-- digests.
CREATE FUNCTION public.ledger_write(
    key text, kind text, day date, recorded_at timestamptz, reason text, reverses bigint,
    accounts text[], amounts bigint[],
    numbers text[], months date[], contributions bigint[], developments bigint[], withdrawals bigint[],
    pensions bigint[], pension_months bigint[],
    OUT entry_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_variable
DECLARE
    lines integer := coalesce(cardinality(numbers), 0);
    book_day date := public.ledger_book_day(recorded_at);
    control record;
    member record;
    digest bytea;
BEGIN
    IF lines > 1000000 THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', MESSAGE = 'an entry has at most 1,000,000 lines';
    END IF;
    months := public.ledger_month_column(months, lines);
    contributions := public.ledger_column(contributions, lines, 'contribution');
    developments := public.ledger_column(developments, lines, 'development');
    withdrawals := public.ledger_column(withdrawals, lines, 'withdrawal');
    pensions := public.ledger_column(pensions, lines, 'pension');
    pension_months := public.ledger_column(pension_months, lines, 'pension_months');

    control := public.ledger_check_control(accounts, amounts);
    member := public.ledger_check_members(
        numbers, months, contributions, developments, withdrawals, pensions, pension_months
    );
    IF member.old_age <> -control.old_age OR member.pension <> -control.pension THEN
        RAISE EXCEPTION USING ERRCODE = 'LE002', MESSAGE = 'member lines do not sum to their control lines';
    END IF;
    digest := public.ledger_entry_digest(key, kind, day, reverses, reason, control.facts, member.digest);
    entry_id := public.ledger_known(key, digest);
    is_new := false;
    IF entry_id IS NOT NULL THEN
        RETURN;
    END IF;

    PERFORM public.ledger_check_book_time(recorded_at);
    IF lines > 0 THEN
        PERFORM public.ledger_prepare_months(book_day);
    END IF;
    -- The guards let through what is written between these two settings; an error in between rolls the first back.
    PERFORM set_config('lumbung.posting', 'entry', true);
    entry_id := public.ledger_write_entry(
        key, kind, day, recorded_at, reason, reverses, accounts, amounts, lines, digest
    );
    is_new := entry_id IS NOT NULL;
    IF is_new AND lines > 0 THEN
        PERFORM public.ledger_write_lines(
            entry_id, day, book_day, numbers, months, contributions, developments, withdrawals, pensions,
            pension_months
        );
    END IF;
    PERFORM set_config('lumbung.posting', '', true);
    IF NOT is_new THEN
        entry_id := public.ledger_known(key, digest);
    END IF;
END $$;

-- The application's way in. It can't name an entry to reverse; that is ledger_reverse's.
CREATE FUNCTION public.ledger_post(
    key text, kind text, day date, recorded_at timestamptz, reason text,
    accounts text[], amounts bigint[],
    numbers text[] DEFAULT NULL, months date[] DEFAULT NULL,
    contributions bigint[] DEFAULT NULL, developments bigint[] DEFAULT NULL, withdrawals bigint[] DEFAULT NULL,
    pensions bigint[] DEFAULT NULL, pension_months bigint[] DEFAULT NULL,
    OUT entry_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF kind = 'reversal' THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', MESSAGE = 'a reversal is posted by ledger_reverse';
    END IF;
    SELECT w.entry_id, w.is_new INTO entry_id, is_new FROM public.ledger_write(
        key, kind, day, recorded_at, reason, NULL, accounts, amounts, numbers, months, contributions, developments,
        withdrawals, pensions, pension_months
    ) AS w;
END $$;

-- Lock the accounts of several postings before the first of them, in order; numbers without an account are left.
CREATE FUNCTION public.ledger_lock(numbers text[]) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*)::integer FROM (
        SELECT FROM public.ledger_memberaccount AS a
        WHERE a.member_number = ANY (numbers)
        ORDER BY a.member_number FOR NO KEY UPDATE OF a
    ) AS locked
$$;
