"""What another wage than the reported one comes to at the age for old-age savings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from lumbung.law import projection as law
from lumbung.law.month import Month
from lumbung.projections.errors import NoWageReported
from lumbung.projections.queries import Read, known_from

SCENARIO = "middle"


@dataclass(frozen=True, slots=True)
class Loss:
    """Old-age savings as the books go on, and as they would with the payslips' wages; no figure in the repr."""

    as_reported: law.Projection = field(repr=False)
    as_earned: law.Projection = field(repr=False)

    @property
    def day(self) -> date:
        """The day on which the age is reached, or today."""
        return self.as_reported.old_age.day

    @property
    def future(self) -> int:
        """The difference in rupiah of that day."""
        return self.as_earned.old_age.future - self.as_reported.old_age.future

    @property
    def today(self) -> int:
        """The difference in today's prices."""
        return self.as_earned.old_age.today - self.as_reported.old_age.today


def loss(read: Read, *, wages: Mapping[int, int], lacking_old_age: int, today: date) -> Loss:
    """The old-age savings of the person of whom this was read, if what is lacking came today and these wages were
    reported from now on.

    `wages` are the monthly wages of the payslips by the present employers' ids, in rupiah; what other employers
    report goes on. Assumptions are those of the middle scenario. Raises BadInput for a wage that can't be.
    """
    try:
        record, reported = (found := known_from(read, today=today)).record, found.reported
    except NoWageReported:
        record, reported = known_from(read, today=today, wage=0, in_pension=False).record, ()
    told = {row.employer_id: row.wage for row in reported}
    more = sum(wage - told.get(employer, 0) for employer, wage in wages.items())
    came = [*record.this_year, (Month.of(today), lacking_old_age)] if lacking_old_age else record.this_year
    right = replace(record, wage=max(record.wage + more, 0), this_year=came)
    assumed = law.assumptions(SCENARIO)
    return Loss(
        law.project(record, today=today, assumed=assumed), law.project(right, today=today, assumed=assumed)
    )
