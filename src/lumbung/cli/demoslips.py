"""Two mistakes of the demo's employers, to have something to put right: a wrong wage, and a wrong month."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lumbung.cli.demofiles import PayrollLine
from lumbung.cli.demopeople import EMPLOYERS, GUIDE_NUMBER, InventedEmployer, InventedPerson, Job
from lumbung.law.month import Month

TOO_LITTLE = 1_000_000
WEAVER, COOK = EMPLOYERS[0], EMPLOYERS[1]
WRONG_WAGE = "Contoh: upah salah ketik"
WRONG_MONTH = "Contoh: dilaporkan untuk bulan yang salah"


@dataclass(frozen=True, slots=True)
class Slips:
    """When the mistakes happen; both are put right a month later. In a demo of few months they don't happen.

    In one month the guide's wage is reported too low. In another a worker is left out; his line is then sent as an
    addition to the month after, where it stands in the way of that month's own file.
    """

    wrong_wage_in: Month | None
    left_out_in: Month | None
    left_out: str

    def as_reported(self, lines: list[PayrollLine], employer: InventedEmployer, month: Month) -> list[PayrollLine]:
        """A payroll as the employer sends it, mistakes and all."""
        if employer is WEAVER and month == self.wrong_wage_in:
            return [
                replace(line, wage=line.wage - TOO_LITTLE) if line.member_number == GUIDE_NUMBER else line
                for line in lines
            ]
        if employer is COOK and month == self.left_out_in:
            return [line for line in lines if line.member_number != self.left_out]
        return lines


def slips(workers: Sequence[tuple[InventedPerson, Job]], first: Month, last: Month) -> Slips:
    """The mistakes in a demo of the months between the two."""
    wrong_wage_in, left_out_in = last - 9, last - 12
    there = [
        job.member_number
        for _, job in workers
        if job.employer is COOK and job.covers(left_out_in) and job.covers(left_out_in + 1)
    ]
    return Slips(
        wrong_wage_in if wrong_wage_in >= first else None,
        left_out_in if left_out_in >= first and there else None,
        there[0] if there else "",
    )
