-- What takes back an entry locks in one order, like all postings: the partitions of the members' lines, the accounts, and
-- only then the entry. Whoever locked accounts for several deeds, as a correction of a return does, so never waits for
-- an entry that is held by somebody who waits for an account.

-- Undo an entry by another that mirrors it, once. The same key again is the same reversal.
CREATE OR REPLACE FUNCTION public.ledger_reverse(
    entry_id bigint, key text, reason text, day date, recorded_at timestamptz,
    OUT reversal_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    original public.ledger_entry;
    control record;
    member record;
BEGIN
    PERFORM public.ledger_hold_lines();
    SELECT * INTO original FROM public.ledger_entry AS e WHERE e.id = entry_id;
    member := public.ledger_mirror(original, NULL);
    PERFORM public.ledger_lock(member.numbers);
    original := public.ledger_original(entry_id, key);
    IF EXISTS (SELECT FROM public.ledger_entry AS e WHERE e.corrects = entry_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE008', MESSAGE = 'some lines of the entry are taken back already';
    END IF;
    SELECT array_agg(c.account ORDER BY c.position) AS accounts, array_agg(-c.amount ORDER BY c.position) AS amounts
    INTO control FROM public.ledger_controlline AS c WHERE c.entry_id = entry_id;
    SELECT w.entry_ids[1], w.are_new[1] INTO reversal_id, is_new FROM public.ledger_write(
        ARRAY[key], ARRAY['reversal'], ARRAY[coalesce(day, original.day)], recorded_at, ARRAY[reason], ARRAY[entry_id],
        ARRAY[cardinality(control.accounts)], control.accounts, control.amounts, ARRAY[member.lines],
        member.numbers, member.months, member.contributions, member.developments, member.withdrawals, member.pensions,
        member.pension_months
    ) AS w;
END $$;

-- Undo the lines of some members in an entry, each once; the control lines are the caller's and meet those lines.
CREATE OR REPLACE FUNCTION public.ledger_correct(
    entry_id bigint, numbers text[], accounts text[], amounts bigint[], key text, reason text, day date,
    recorded_at timestamptz, OUT correction_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    original public.ledger_entry;
    member record;
BEGIN
    PERFORM public.ledger_hold_lines();
    PERFORM public.ledger_lock(numbers);
    original := public.ledger_original(entry_id, key);
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

-- Hold the members' lines in their partitions until the transaction ends. While the months of a year are swapped for one
-- partition this waits, and so no snapshot is older than the swap that is to see those lines after it: in such a one
-- the closed year is empty. It is the lock that every posting takes anyway; the partitions need none, because nothing
-- is swapped without the table itself.
CREATE FUNCTION public.ledger_hold_lines() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE ONLY public.ledger_memberline IN ROW EXCLUSIVE MODE;
END $$;

DO $$
DECLARE
    role text;
BEGIN
    REVOKE ALL ON FUNCTION public.ledger_hold_lines() FROM PUBLIC;
    FOR role IN SELECT rolname FROM pg_roles WHERE rolname = 'lumbung_app' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.ledger_hold_lines() FROM %I', role);
    END LOOP;
END $$;
