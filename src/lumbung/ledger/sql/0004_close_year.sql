-- A closed year: its months' partitions become one, its lines in the order of members, so that forty years of a member
-- lie on few pages. No line is changed, which is proved before the months go; so the application may ask for it.
CREATE FUNCTION public.ledger_close_year(year integer, OUT months integer, OUT lines bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET work_mem = '256MB' SET maintenance_work_mem = '256MB' SET jit = off AS $$
DECLARE
    first date := make_date(year, 1, 1);
    beyond date := make_date(year + 1, 1, 1);
    yearly text := format('ledger_memberline_%s', to_char(first, 'YYYY'));
    seed bigint := hashtextextended(gen_random_uuid()::text, 0);
    names text[];
    before record;
    after record;
BEGIN
    -- No posting may come any more: each is refused that lies an hour before what is sealed already.
    IF (SELECT s.booked_to - interval '1 hour' FROM public.ledger_seal AS s ORDER BY s.sequence DESC LIMIT 1)
       >= beyond::timestamp AT TIME ZONE 'Asia/Jakarta' IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = 'LE013', MESSAGE = 'the books may still get entries of that year';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('lumbung.ledger.close', 0));
    names := public.ledger_months_of(year);
    months := cardinality(names);
    lines := 0;
    IF months = 0 THEN
        RETURN;
    END IF;
    -- A posting that was under way is waited for; readers go on.
    EXECUTE format('LOCK TABLE %s IN SHARE MODE', public.ledger_listed(names));
    before := public.ledger_sum_of_lines(names, seed);
    EXECUTE format(
        'CREATE TABLE public.%I (LIKE public.ledger_memberline INCLUDING DEFAULTS INCLUDING CONSTRAINTS, '
        'CONSTRAINT within CHECK (book_day >= %L AND book_day < %L))', yearly, first, beyond
    );
    EXECUTE format(
        'INSERT INTO public.%I %s ORDER BY member_number, book_day, position', yearly,
        (SELECT string_agg(format('SELECT * FROM public.%I', n.name), ' UNION ALL ') FROM unnest(names) AS n (name))
    );
    EXECUTE format('ALTER TABLE public.%I ADD PRIMARY KEY (member_number, book_day, position)', yearly);
    after := public.ledger_sum_of_lines(ARRAY[yearly], seed);
    IF before IS DISTINCT FROM after THEN
        RAISE EXCEPTION USING MESSAGE = format('the lines of %s are not the same in one partition', year);
    END IF;
    lines := after.lines;
    PERFORM public.ledger_guard_partition(yearly);
    EXECUTE format('ANALYZE public.%I', yearly);
    PERFORM public.ledger_swap(names, yearly, first, beyond);
END $$;

-- The partitions of a year's months, oldest first; none when the year is closed already or had no bookings.
CREATE FUNCTION public.ledger_months_of(year integer) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN ARRAY(
    SELECT c.relname::text FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.ledger_memberline'::regclass
      AND c.relname ~ format('^ledger_memberline_%s_[0-9]{2}$', to_char(make_date(year, 1, 1), 'YYYY'))
    ORDER BY 1
);

CREATE FUNCTION public.ledger_listed(names text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT string_agg(format('public.%I', n.name), ', ') FROM unnest(names) AS n (name));

-- What must stay the same: how many lines there are, their sums, and a sum over hashes of every column of each.
CREATE FUNCTION public.ledger_sum_of_lines(
    names text[], seed bigint, OUT lines bigint, OUT amounts numeric[], OUT fingerprint numeric
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE (
        SELECT 'SELECT sum(p.lines), ARRAY[sum(p.c), sum(p.d), sum(p.w), sum(p.p)], sum(p.fingerprint) FROM ('
               || string_agg(format(
                   'SELECT count(*) AS lines, coalesce(sum(contribution), 0) AS c, coalesce(sum(development), 0) AS d, '
                   'coalesce(sum(withdrawal), 0) AS w, coalesce(sum(pension), 0) AS p, '
                   'coalesce(sum(hash_record_extended(l, $1)), 0) AS fingerprint FROM public.%I AS l', n.name
               ), ' UNION ALL ') || ') AS p'
        FROM unnest(names) AS n (name)
    ) INTO lines, amounts, fingerprint USING seed;
END $$;

-- A partition's own guard and rights: a statement that names a partition fires only the triggers of that partition.
CREATE FUNCTION public.ledger_guard_partition(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    role text;
BEGIN
    EXECUTE format('CREATE TRIGGER ledger_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard()', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
    FOR role IN SELECT rolname FROM pg_roles WHERE rolname = 'lumbung_app' LOOP
        EXECUTE format('REVOKE ALL ON public.%I FROM %I', name, role);
        EXECUTE format('GRANT SELECT ON public.%I TO %I', name, role);
    END LOOP;
END $$;

-- One partition in the place of several, in the moment when nobody reads: who reads the books for long (a check, an
-- export) holds them, and who comes after us waits at most a second each time that we try.
CREATE FUNCTION public.ledger_swap(names text[], yearly text, first date, beyond date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    name text;
BEGIN
    FOR attempt IN 1..60 LOOP
        BEGIN
            EXECUTE format('LOCK TABLE ONLY public.ledger_memberline, %s IN ACCESS EXCLUSIVE MODE',
                           public.ledger_listed(names));
            EXIT;
        EXCEPTION WHEN lock_not_available THEN
            IF attempt = 60 THEN
                RAISE EXCEPTION USING ERRCODE = 'LE014', MESSAGE = 'somebody reads that year all the time';
            END IF;
            PERFORM pg_sleep(2);
        END;
    END LOOP;
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('ALTER TABLE public.ledger_memberline DETACH PARTITION public.%I', name);
        EXECUTE format('DROP TABLE public.%I', name);
    END LOOP;
    EXECUTE format('ALTER TABLE public.ledger_memberline ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   yearly, first, beyond);
    EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT within', yearly);
END $$;

-- The partition of one book month. LIKE and ATTACH: they let readers and other postings go on, which PARTITION OF would
-- not.
CREATE OR REPLACE FUNCTION public.ledger_make_month(month date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := format('ledger_memberline_%s', to_char(month, 'YYYY_MM'));
BEGIN
    IF public.ledger_has_month(month) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.ledger_memberline INCLUDING ALL)', name);
    PERFORM public.ledger_guard_partition(name);
    EXECUTE format('ALTER TABLE public.ledger_memberline ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   name, month, (month + interval '1 month')::date);
END $$;

DO $$
DECLARE
    name text;
    role text;
BEGIN
    FOR name IN
        SELECT p.oid::regprocedure FROM pg_proc AS p
        WHERE p.pronamespace = 'public'::regnamespace
          AND p.proname IN ('ledger_close_year', 'ledger_months_of', 'ledger_listed', 'ledger_sum_of_lines',
                            'ledger_guard_partition', 'ledger_swap')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
        FOR role IN SELECT rolname FROM pg_roles WHERE rolname = 'lumbung_app' LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I', name, role);
            IF name ~ '^(public\.)?ledger_close_year\(' THEN
                EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', name, role);
            END IF;
        END LOOP;
    END LOOP;
END $$;
