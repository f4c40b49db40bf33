-- The books. Money is whole rupiah in bigint. A debit is positive, a credit negative; members' money is owed
-- by the fund, so what a member gains (positive in his line) is negative in the control account.

-- The day of the books: the fund's own calendar.
CREATE FUNCTION public.ledger_book_day(instant timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (instant AT TIME ZONE 'Asia/Jakarta')::date;

CREATE TABLE public.ledger_controlaccount (
    code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[a-z][a-z_]{0,39}$'),
    name text NOT NULL CHECK (name <> '')
);

INSERT INTO public.ledger_controlaccount (code, name) VALUES
    ('bank', 'Bank'),
    ('receivable', 'Contributions receivable from employers'),
    ('member_old_age', 'Members'' old-age balances'),
    ('member_pension', 'Members'' pension contributions'),
    ('premium_accident', 'Work accident premiums'),
    ('premium_death', 'Death premiums'),
    ('development_reserve', 'Development reserve'),
    ('fines', 'Fines'),
    ('tax_withheld', 'Tax withheld'),
    ('suspense', 'Suspense: received, and not yet known for whom');

-- One fact or one batch. What a column must be is checked here; what an entry must be as a whole, in ledger_write.
CREATE TABLE public.ledger_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    reverses bigint UNIQUE REFERENCES public.ledger_entry (id),
    line_count integer NOT NULL CHECK (line_count >= 0),
    control_count integer NOT NULL CHECK (control_count >= 2),
    day date NOT NULL,
    key text COLLATE "C" NOT NULL UNIQUE,
    kind text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT ledger_entry_key_check CHECK (key ~ '^[!-~]{1,200}$'),
    CONSTRAINT ledger_entry_kind_check CHECK (kind ~ '^[a-z][a-z_]{0,39}$'),
    CONSTRAINT ledger_entry_reason_check CHECK (length(reason) <= 500 AND reason !~ '[[:cntrl:]]'),
    CONSTRAINT ledger_entry_digest_check CHECK (length(digest) = 32),
    -- What happened can't have happened after it was written down; one day of grace for other time zones.
    CONSTRAINT ledger_entry_day_check CHECK (
        day >= '1950-01-01' AND day <= public.ledger_book_day(recorded_at) + 1
    ),
    CONSTRAINT ledger_entry_reversal_check CHECK (
        (kind = 'reversal') = (reverses IS NOT NULL) AND reverses < id AND (reverses IS NULL OR reason <> '')
    )
);

-- The general ledger. No foreign keys: a share lock on the one row of `bank` would be every posting's meeting
-- place. ledger_write and the trigger check the accounts and the entry as sets.
CREATE TABLE public.ledger_controlline (
    entry_id bigint NOT NULL,
    amount bigint NOT NULL CONSTRAINT ledger_controlline_amount_check CHECK (amount <> 0),
    position smallint NOT NULL CHECK (position >= 1),
    account text COLLATE "C" NOT NULL,
    PRIMARY KEY (entry_id, position)
);

-- The members' sub-ledger: the amounts of a line and the totals after it, wide columns first (no padding).
-- Old-age balance = contribution_total + development_total - withdrawal_total. Partitioned by book month; ordered
-- by (book_day, position), which is the order of position, so that "as booked by that day" is one descent.
CREATE TABLE public.ledger_memberline (
    entry_id bigint NOT NULL,
    contribution bigint NOT NULL,
    development bigint NOT NULL,
    withdrawal bigint NOT NULL,
    pension bigint NOT NULL,
    contribution_total bigint NOT NULL,
    development_total bigint NOT NULL,
    withdrawal_total bigint NOT NULL,
    pension_total bigint NOT NULL,
    pension_months_total integer NOT NULL,
    position integer NOT NULL,
    book_day date NOT NULL,
    day date NOT NULL,
    contribution_month date,
    pension_months smallint NOT NULL,
    member_number text COLLATE "C" NOT NULL,
    PRIMARY KEY (member_number, book_day, position)
) PARTITION BY RANGE (book_day);

-- The balance of each member number, one row, updated in place (HOT) by the statement that adds the lines. The form
-- of the number is checked by a trigger when rows are added: as a constraint it would be checked at every update.
CREATE TABLE public.ledger_memberaccount (
    contribution_total bigint NOT NULL DEFAULT 0,
    development_total bigint NOT NULL DEFAULT 0,
    withdrawal_total bigint NOT NULL DEFAULT 0,
    pension_total bigint NOT NULL DEFAULT 0,
    pension_months_total integer NOT NULL DEFAULT 0,
    last_position integer NOT NULL DEFAULT 0,
    last_book_day date NOT NULL DEFAULT '-infinity',
    member_number text COLLATE "C" PRIMARY KEY,
    CONSTRAINT ledger_memberaccount_overdrawn_check CHECK (
        contribution_total >= 0 AND development_total >= 0 AND withdrawal_total >= 0
        AND pension_total >= 0 AND pension_months_total >= 0
        AND contribution_total + development_total >= withdrawal_total
    )
) WITH (fillfactor = 45);

-- The chain: each seal's digest holds the one before it. booked_to is the newest recorded_at sealed so far.
CREATE TABLE public.ledger_seal (
    sequence bigint PRIMARY KEY CHECK (sequence >= 1),
    entry_id bigint NOT NULL UNIQUE REFERENCES public.ledger_entry (id),
    booked_to timestamptz NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32)
);
