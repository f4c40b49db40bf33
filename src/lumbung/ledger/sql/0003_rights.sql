-- The application's ways in are six functions now; what else is new is the owner's alone, and closed by name.
DO $$
DECLARE
    name text;
    role text;
BEGIN
    FOR name IN
        SELECT p.oid::regprocedure FROM pg_proc AS p
        WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'ledger\_%'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
        FOR role IN SELECT rolname FROM pg_roles WHERE rolname = 'lumbung_app' LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %I', name, role);
            IF name ~ ('^(public\.)?ledger_(post|post_set|reverse|correct|seal|lock'
                       '|book_day|fingerprint|line_facts|entry_digest|seal_digest)\(') THEN
                EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', name, role);
            END IF;
        END LOOP;
    END LOOP;
END $$;
