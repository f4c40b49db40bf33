"""The true-wage check: payslips beside what was reported and paid."""
