-- The application reads everything and writes only through four functions; the others it may run
-- are the formulas that `lumbung ledger check` recomputes. Default privileges may have given it
-- more on each new table: taken back by name.
DO $$
DECLARE
    name text;
    role text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'ledger\_%' AND c.relkind IN ('r', 'p', 'S')
    LOOP
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
        FOR role IN SELECT rolname FROM pg_roles WHERE rolname = 'lumbung_app' LOOP
            EXECUTE format('REVOKE ALL ON public.%I FROM %I', name, role);
            IF name NOT LIKE '%\_seq' THEN
                EXECUTE format('GRANT SELECT ON public.%I TO %I', name, role);
            END IF;
        END LOOP;
    END LOOP;
    FOR name IN
        SELECT p.oid::regprocedure FROM pg_proc AS p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'ledger\_%'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
        FOR role IN SELECT rolname FROM pg_roles WHERE rolname = 'lumbung_app' LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I', name, role);
            IF name ~ '^(public\.)?ledger_(post|reverse|seal|lock|book_day|fingerprint|line_facts|entry_digest|seal_digest)\(' THEN
                EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', name, role);
            END IF;
        END LOOP;
    END LOOP;
END $$;
