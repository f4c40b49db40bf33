-- The partition of one book month, with its own guard: a statement that names a partition fires only the
-- triggers of that partition, and through a partition nobody may write anything.
CREATE FUNCTION public.ledger_make_month(month date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := format('ledger_memberline_%s', to_char(month, 'YYYY_MM'));
    role text;
BEGIN
    IF public.ledger_has_month(month) THEN
        RETURN;
    END IF;
    -- LIKE and ATTACH: they let readers and other postings go on, which PARTITION OF would not.
    EXECUTE format('CREATE TABLE public.%I (LIKE public.ledger_memberline INCLUDING ALL)', name);
    EXECUTE format('CREATE TRIGGER ledger_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard()', name);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
    FOR role IN SELECT rolname FROM pg_roles WHERE rolname = 'lumbung_app' LOOP
        EXECUTE format('REVOKE ALL ON public.%I FROM %I', name, role);
        EXECUTE format('GRANT SELECT ON public.%I TO %I', name, role);
    END LOOP;
    EXECUTE format('ALTER TABLE public.ledger_memberline ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   name, month, (month + interval '1 month')::date);
END $$;

-- A month is there as a partition of its own or inside a closed year's.
CREATE FUNCTION public.ledger_has_month(month date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN to_regclass(format('public.ledger_memberline_%s', to_char(month, 'YYYY_MM'))) IS NOT NULL
    OR to_regclass(format('public.ledger_memberline_%s', to_char(month, 'YYYY'))) IS NOT NULL;

-- The partitions from a day's month on, `ahead` months beyond it. A posting makes its own month when it is missing,
-- and others that want the same month wait for it; so ledger_seal makes them some months ahead.
CREATE FUNCTION public.ledger_prepare_months(day date, ahead integer DEFAULT 0) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first date := date_trunc('month', day)::date;
    last date := first + make_interval(months => ahead);
BEGIN
    IF public.ledger_has_month(first) AND (ahead = 0 OR public.ledger_has_month(last)) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('lumbung.ledger.months', 0));
    FOR offset_months IN 0..ahead LOOP
        PERFORM public.ledger_make_month((first + make_interval(months => offset_months))::date);
    END LOOP;
END $$;

SELECT public.ledger_prepare_months(public.ledger_book_day(now()), 3);
