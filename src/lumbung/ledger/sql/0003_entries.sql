-- An entry of kind `correction` takes back the lines of some members of the entry that it corrects; a reversal takes
-- back the whole. Either says why. In a digest both stand at the same place: no digest of an older entry changes.
ALTER TABLE public.ledger_entry ADD COLUMN corrects bigint REFERENCES public.ledger_entry (id);
ALTER TABLE public.ledger_entry DROP CONSTRAINT ledger_entry_reversal_check;
ALTER TABLE public.ledger_entry ADD CONSTRAINT ledger_entry_reversal_check CHECK (
    (kind = 'reversal') = (reverses IS NOT NULL) AND (kind = 'correction') = (corrects IS NOT NULL)
    AND (coalesce(reverses, corrects) IS NULL OR coalesce(reverses, corrects) < id AND reason <> '')
);
CREATE INDEX ledger_entry_corrects ON public.ledger_entry (corrects) WHERE corrects IS NOT NULL;

-- What wrote one entry: a set of one does it now.
DROP FUNCTION public.ledger_write;
DROP FUNCTION public.ledger_write_entry;
DROP FUNCTION public.ledger_write_lines;
DROP FUNCTION public.ledger_check_control;
DROP FUNCTION public.ledger_check_members;
DROP FUNCTION public.ledger_known;
