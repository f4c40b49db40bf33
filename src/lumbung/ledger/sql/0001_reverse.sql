-- Undo an entry by another that mirrors it, once. The same key again is the same reversal.
CREATE FUNCTION public.ledger_reverse(
    entry_id bigint, key text, reason text, day date, recorded_at timestamptz,
    OUT reversal_id bigint, OUT is_new boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    original public.ledger_entry%ROWTYPE;
    control record;
    member record;
BEGIN
    SELECT * INTO original FROM public.ledger_entry AS e WHERE e.id = entry_id;
    IF original.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE005', MESSAGE = 'there is no such entry';
    ELSIF original.reverses IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'LE006', MESSAGE = 'a reversal is not reversed; post the fact anew';
    ELSIF EXISTS (SELECT FROM public.ledger_entry AS e WHERE e.reverses = entry_id AND e.key <> key) THEN
        RAISE EXCEPTION USING ERRCODE = 'LE007', MESSAGE = 'the entry is reversed already';
    END IF;
    SELECT array_agg(c.account ORDER BY c.position) AS accounts, array_agg(-c.amount ORDER BY c.position) AS amounts
    INTO control FROM public.ledger_controlline AS c WHERE c.entry_id = entry_id;
    SELECT array_agg(l.member_number) AS numbers, array_agg(l.contribution_month) AS months,
           array_agg(-l.contribution) AS contributions, array_agg(-l.development) AS developments,
           array_agg(-l.withdrawal) AS withdrawals, array_agg(-l.pension) AS pensions,
           array_agg(-l.pension_months::bigint) AS pension_months
    INTO member FROM (
        SELECT * FROM public.ledger_memberline AS l
        WHERE l.entry_id = entry_id AND l.book_day = public.ledger_book_day(original.recorded_at)
        ORDER BY l.member_number
    ) AS l;
    SELECT w.entry_id, w.is_new INTO reversal_id, is_new FROM public.ledger_write(
        key, 'reversal', coalesce(day, original.day), recorded_at, reason, entry_id, control.accounts, control.amounts,
        member.numbers, member.months, member.contributions, member.developments, member.withdrawals, member.pensions,
        member.pension_months
    ) AS w;
END $$;
