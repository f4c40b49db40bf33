-- Undo an entry by another that mirrors it, once. The same key again is the same reversal. The entry that is taken back
-- is locked, so that a reversal and corrections of it come one after the other.
CREATE OR REPLACE FUNCTION public.ledger_reverse(
    entry_id bigint, key text, reason text, day date, recorded_at timestamptz,
    OUT reversal_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    original public.ledger_entry := public.ledger_original(entry_id, key);
    control record;
    member record;
BEGIN
    IF EXISTS (SELECT FROM public.ledger_entry AS e WHERE e.corrects = entry_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE008', MESSAGE = 'some lines of the entry are taken back already';
    END IF;
    SELECT array_agg(c.account ORDER BY c.position) AS accounts, array_agg(-c.amount ORDER BY c.position) AS amounts
    INTO control FROM public.ledger_controlline AS c WHERE c.entry_id = entry_id;
    member := public.ledger_mirror(original, NULL);
    SELECT w.entry_ids[1], w.are_new[1] INTO reversal_id, is_new FROM public.ledger_write(
        ARRAY[key], ARRAY['reversal'], ARRAY[coalesce(day, original.day)], recorded_at, ARRAY[reason], ARRAY[entry_id],
        ARRAY[cardinality(control.accounts)], control.accounts, control.amounts, ARRAY[member.lines],
        member.numbers, member.months, member.contributions, member.developments, member.withdrawals, member.pensions,
        member.pension_months
    ) AS w;
END $$;

-- Undo the lines of some members in an entry, each once; the control lines are the caller's and meet those lines.
CREATE FUNCTION public.ledger_correct(
    entry_id bigint, numbers text[], accounts text[], amounts bigint[], key text, reason text, day date,
    recorded_at timestamptz, OUT correction_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    original public.ledger_entry := public.ledger_original(entry_id, key);
    member record;
BEGIN
    numbers := ARRAY(SELECT DISTINCT m.number FROM unnest(numbers) AS m (number));
    member := public.ledger_mirror(original, numbers);
    IF member.lines = 0 OR member.lines <> cardinality(numbers) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE011', MESSAGE = 'the entry has no line of one of these members';
    ELSIF EXISTS (
        SELECT FROM public.ledger_entry AS e JOIN public.ledger_memberline AS l
            ON l.entry_id = e.id AND l.book_day = public.ledger_book_day(e.recorded_at)
        WHERE e.corrects = entry_id AND e.key <> key AND l.member_number = ANY (numbers)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE009', MESSAGE = 'the line of one of these members is taken back already';
    END IF;
    SELECT w.entry_ids[1], w.are_new[1] INTO correction_id, is_new FROM public.ledger_write(
        ARRAY[key], ARRAY['correction'], ARRAY[coalesce(day, original.day)], recorded_at, ARRAY[reason],
        ARRAY[entry_id], ARRAY[cardinality(amounts)], accounts, amounts, ARRAY[member.lines],
        member.numbers, member.months, member.contributions, member.developments, member.withdrawals, member.pensions,
        member.pension_months
    ) AS w;
END $$;

-- The entry that is to be taken back, locked; refused when there is none, or when it takes back another itself, or
-- when another key has reversed it.
CREATE FUNCTION public.ledger_original(entry_id bigint, key text) RETURNS public.ledger_entry
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    original public.ledger_entry;
BEGIN
    SELECT * INTO original FROM public.ledger_entry AS e WHERE e.id = ledger_original.entry_id FOR NO KEY UPDATE;
    IF original.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE005', MESSAGE = 'there is no such entry';
    ELSIF coalesce(original.reverses, original.corrects) IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE006', MESSAGE = 'what takes back an entry is not taken back; post the fact anew';
    ELSIF EXISTS (
        SELECT FROM public.ledger_entry AS e WHERE e.reverses = original.id AND e.key <> ledger_original.key
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE007', MESSAGE = 'the entry is reversed already';
    END IF;
    RETURN original;
END $$;

-- The lines of an entry with the other sign, as columns; those of these members, or of all when none are named. Not in
-- the language sql: such a function keeps its plan for a whole transaction, and does not see a partition made meanwhile.
CREATE FUNCTION public.ledger_mirror(
    original public.ledger_entry, only_numbers text[], OUT lines integer, OUT numbers text[], OUT months date[],
    OUT contributions bigint[], OUT developments bigint[], OUT withdrawals bigint[], OUT pensions bigint[],
    OUT pension_months bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    SELECT count(*), array_agg(l.member_number), array_agg(l.contribution_month), array_agg(-l.contribution),
           array_agg(-l.development), array_agg(-l.withdrawal), array_agg(-l.pension),
           array_agg(-l.pension_months::bigint)
    INTO lines, numbers, months, contributions, developments, withdrawals, pensions, pension_months
    FROM (
        SELECT * FROM public.ledger_memberline AS l
        WHERE l.entry_id = original.id AND l.book_day = public.ledger_book_day(original.recorded_at)
          AND (only_numbers IS NULL OR l.member_number = ANY (only_numbers))
        ORDER BY l.member_number
    ) AS l;
END $$;
