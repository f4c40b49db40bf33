-- Control accounts for the premiums of the segments and programmes that came with the whole law.
SELECT set_config('lumbung.posting', 'accounts', true);
INSERT INTO public.ledger_controlaccount (code, name) VALUES
    ('premium_job_loss', 'Job loss premiums'),
    ('premium_migrant', 'Migrant workers'' premiums, accident and death in one sum');
SELECT set_config('lumbung.posting', '', true);
