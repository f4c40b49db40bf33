-- Triggers that say no. All of them are for each statement: a trigger for each row would cost a hundred times as
-- much. The setting lumbung.posting is set by the posting functions alone, around what they write.

CREATE FUNCTION public.ledger_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- The argument names the kind of posting that may do this; without one nobody may.
    IF TG_NARGS > 0 AND current_setting('lumbung.posting', true) = TG_ARGV[0] THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'LE010',
        MESSAGE = format('%s on %s is refused: the ledger is only added to, by ledger_post and ledger_reverse',
                         TG_OP, TG_TABLE_NAME);
END $$;

-- Whatever brought control lines, they are whole: as many as the entry says, summing to zero.
CREATE FUNCTION public.ledger_check_controllines() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT entry_id, count(*) AS lines, sum(amount) AS total FROM added GROUP BY entry_id) AS a
        LEFT JOIN public.ledger_entry AS e ON e.id = a.entry_id
        WHERE a.lines IS DISTINCT FROM e.control_count OR a.total <> 0
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE002', MESSAGE = 'control lines do not belong to a balanced entry';
    END IF;
    RETURN NULL;
END $$;

-- Whatever brought member lines, they are whole: as many as the entry says, summing to its control lines.
CREATE FUNCTION public.ledger_check_memberlines() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT entry_id, count(*) AS lines, sum(contribution + development - withdrawal) AS old_age,
                   sum(pension) AS pension, min(book_day) AS first_day, max(book_day) AS last_day
            FROM added GROUP BY entry_id
        ) AS a
        LEFT JOIN public.ledger_entry AS e ON e.id = a.entry_id
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(amount) FILTER (WHERE account = 'member_old_age'), 0) AS old_age,
                   coalesce(sum(amount) FILTER (WHERE account = 'member_pension'), 0) AS pension
            FROM public.ledger_controlline WHERE entry_id = a.entry_id
        ) AS c ON true
        WHERE a.lines IS DISTINCT FROM e.line_count
           OR a.old_age <> -c.old_age OR a.pension <> -c.pension
           OR a.first_day <> public.ledger_book_day(e.recorded_at)
           OR a.last_day <> public.ledger_book_day(e.recorded_at)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE002', MESSAGE = 'member lines do not belong to a balanced entry';
    END IF;
    RETURN NULL;
END $$;

-- A member number is digits, as on the cards, or capitals and hyphens; nothing that needs quoting anywhere.
CREATE FUNCTION public.ledger_check_numbers() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE member_number !~ '^[0-9A-Z-]{1,32}$') THEN
        RAISE EXCEPTION USING ERRCODE = 'LE003', MESSAGE = 'a member number is 1 to 32 digits, capitals and hyphens';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_stray BEFORE INSERT ON public.ledger_controlaccount
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard('accounts');
CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_controlaccount
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard();

CREATE TRIGGER ledger_stray BEFORE INSERT ON public.ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard('entry');
CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard();

CREATE TRIGGER ledger_stray BEFORE INSERT ON public.ledger_controlline
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard('entry');
CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_controlline
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard();
CREATE TRIGGER ledger_whole AFTER INSERT ON public.ledger_controlline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_check_controllines();

CREATE TRIGGER ledger_stray BEFORE INSERT ON public.ledger_memberline
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard('entry');
CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_memberline
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard();
CREATE TRIGGER ledger_whole AFTER INSERT ON public.ledger_memberline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_check_memberlines();

CREATE TRIGGER ledger_stray BEFORE INSERT OR UPDATE ON public.ledger_memberaccount
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard('entry');
CREATE TRIGGER ledger_guard BEFORE DELETE OR TRUNCATE ON public.ledger_memberaccount
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard();
CREATE TRIGGER ledger_numbers AFTER INSERT ON public.ledger_memberaccount REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_check_numbers();

CREATE TRIGGER ledger_stray BEFORE INSERT ON public.ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard('seal');
CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard();
