-- The accounts' side of the fingerprints. A line leads an account from the state before it (position - 1, totals less
-- amounts) to the state after it. The lines are one unbroken chain from nothing to the account's present state exactly
-- when all states after lines and all empty states are, taken together, the states before lines and the present
-- states of accounts. Two such heaps are compared by the sum of a 64-bit hash with a random seed: no sorting, one pass.
SELECT count(*) AS accounts,
       coalesce(sum(contribution_total::numeric + development_total - withdrawal_total), 0) AS old_age,
       coalesce(sum(pension_total), 0) AS pension,
       coalesce(sum(public.ledger_fingerprint(%(seed)s, member_number, 0, 0, 0, 0, 0, 0)), 0) AS empty,
       coalesce(sum(public.ledger_fingerprint(%(seed)s, member_number, last_position, contribution_total,
                                              development_total, withdrawal_total, pension_total,
                                              pension_months_total)), 0) AS present
FROM public.ledger_memberaccount
