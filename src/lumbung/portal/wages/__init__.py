"""The true-wage check: the wage on the payslip beside what was reported; kept, or sent as a dispute."""
