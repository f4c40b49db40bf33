"""A registered person's record as the law's projection takes it, and what the law makes of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lumbung.contributions.queries import in_force
from lumbung.development.bookkeeping import Line
from lumbung.development.queries import credited_years
from lumbung.errors import marked
from lumbung.law import projection as law
from lumbung.law.contributions import programmes_of
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.ledger.lines import movements
from lumbung.projections import record
from lumbung.projections.errors import NoWageReported
from lumbung.projections.record import MonthPaid
from lumbung.registry import queries as registry
from lumbung.registry.models import Person

NOTES: Mapping[str, str] = {
    "not_at_work": marked(
        "There is no employer today, so no further contribution is counted. Say a monthly wage to see what work"
        " would bring."
    ),
    "wage_of_another": marked("The present employer has not reported a wage yet: the last one known is taken."),
    "several_numbers": marked("Several member numbers belong to this person; they are counted together."),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the books and the registry say of a person, and where it comes from; his figures stay out of the repr.

    `employers` are those of today. `reported` are the rows the wage was taken from, `notes` keys of NOTES.
    """

    member_numbers: tuple[str, ...] = field(repr=False)
    record: law.Record = field(repr=False)
    employers: tuple[str, ...]
    reported: tuple[MonthPaid, ...] = field(repr=False)
    notes: tuple[str, ...]

    @property
    def pension_months(self) -> int:
        """Months with pension contributions so far."""
        return sum(row.months for row in self.record.pension_years)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A projection for each scenario (`low`, `middle`, `high`), and the record that it starts from."""

    known: Known
    scenarios: Mapping[str, law.Projection] = field(repr=False)


def outlook(
    person: Person,
    *,
    today: date,
    wage: int | None = None,
    in_pension: bool | None = None,
    stops_work: date | None = None,
    changed: Mapping[str, Mapping[str, Any]] | None = None,
) -> Outlook:
    """What a person may expect, from all of his member numbers together.

    `wage` (rupiah a month) and `in_pension` take the place of what was reported; `changed` are assumptions by
    scenario and name, in percent a year. Raises NoWageReported, and BadInput for an assumption that can't be.
    """
    found = known(person, today=today, wage=wage, in_pension=in_pension)
    return carried_forward(found, today=today, stops_work=stops_work, changed=changed)


def carried_forward(
    found: Known,
    *,
    today: date,
    stops_work: date | None = None,
    changed: Mapping[str, Mapping[str, Any]] | None = None,
) -> Outlook:
    """The projections of a record that is known. Raises BadInput for an assumption that can't be."""
    scenarios = {
        scenario: law.project(
            found.record,
            today=today,
            assumed=law.assumptions(scenario, **(changed or {}).get(scenario, {})),
            stops_work=stops_work,
        )
        for scenario in law.SCENARIOS
    }
    return Outlook(found, scenarios)


def known(person: Person, *, today: date, wage: int | None = None, in_pension: bool | None = None) -> Known:
    """The record of a person on a day. Raises NoWageReported when nothing was paid and no wage is said."""
    numbers = tuple(person.member_numbers.order_by("number").values_list("number", flat=True))
    work = registry.employments_on(person.pk, today)
    read = Read(
        member_numbers=numbers,
        born=person.birth_date,
        paid=months_paid(numbers),
        sizes={each.employer_id: each.employer.size for each in work},
        employers=tuple(dict.fromkeys(each.employer.name for each in work)),
        own=_own_savings(person.pk, today),
        lines=[Line(*moved) for moved in movements(numbers)],
        credited=credited_years(),
        pension_paid=sum(ledger.balance(number, None).pension_contributions for number in numbers),
    )
    return known_from(read, today=today, wage=wage, in_pension=in_pension)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a person; figures stay out of the repr.

    `sizes` are the present employers', by id; `own` what he saves for old age by himself, as fields of the law's
    record; `credited` the years whose result is credited; `pension_paid` all pension contributions so far.
    """

    member_numbers: tuple[str, ...] = field(repr=False)
    born: date = field(repr=False)
    paid: Sequence[MonthPaid] = field(repr=False)
    sizes: Mapping[int, str]
    employers: tuple[str, ...]
    own: Mapping[str, Any] = field(repr=False)
    lines: Sequence[Line] = field(repr=False)
    credited: Collection[int]
    pension_paid: int = field(repr=False)


def known_from(read: Read, *, today: date, wage: int | None = None, in_pension: bool | None = None) -> Known:
    """The record from what was read. Raises NoWageReported when nothing was paid and no wage is said."""
    reported = record.last_paid(read.paid, read.sizes)
    if wage is None and not reported and (read.sizes or not (read.own or read.lines)):
        raise NoWageReported
    old_age = record.account(read.lines, credited=read.credited, today=today)
    return Known(
        member_numbers=read.member_numbers,
        record=law.Record(
            born=read.born,
            wage=_wage(reported, read.sizes) if wage is None else wage,
            **read.own,
            opened=old_age.opened,
            old_age_opening=old_age.old_age_opening,
            earlier=old_age.earlier,
            this_year=old_age.this_year,
            pension_years=record.pension_years(read.paid),
            pension_paid=read.pension_paid,
            in_pension=_in_pension(reported, read.sizes) if in_pension is None else in_pension,
        ),
        employers=read.employers,
        reported=tuple(reported),
        notes=tuple(_notes(read.member_numbers, reported, read.sizes, read.own, wage)),
    )


def months_paid(member_numbers: Sequence[str]) -> list[MonthPaid]:
    """What employers paid for these member numbers, as corrected, the oldest month first."""
    rows = in_force().filter(member_number__in=member_numbers).order_by("returned__month", "pk")
    columns = ("returned__month", "returned__employer", "returned__employer__name", "wage", "jp_wage")
    return [
        MonthPaid(Month.of(month), employer, name, wage, pension_wage)
        for month, employer, name, wage, pension_wage in rows.values_list(*columns)
    ]


def _wage(reported: Sequence[MonthPaid], employers: Collection[int]) -> int:
    """The monthly wage of today: what the present employers pay together; nobody's, 0."""
    return sum(row.wage for row in reported) if employers else 0


def _in_pension(reported: Sequence[MonthPaid], sizes: Mapping[int, str]) -> bool:
    """Whether a present employer takes part in the pension programme; without one, whether the last did."""
    if sizes:
        return any("JP" in programmes_of(size) for size in sizes.values())
    return any(row.pension_wage for row in reported)


def _own_savings(person_id: int, today: date) -> dict[str, Any]:
    """What the person saves for old age by himself: the record's fields, none when nothing."""
    for enrolment in registry.self_employments_on(person_id, today):
        if enrolment.old_age:
            return {"income": enrolment.income}
    for contract in registry.migrant_contracts_on(person_id, today):
        if contract.old_age:
            return {"chosen": contract.old_age, "chosen_until": Month.of(contract.ends)}
    return {}


def _notes(
    numbers: Sequence[str],
    reported: Sequence[MonthPaid],
    employers: Collection[int],
    own: Mapping[str, Any],
    wage: int | None,
) -> list[str]:
    held = {
        "several_numbers": len(numbers) > 1,
        "not_at_work": wage is None and not employers and not own,
        "wage_of_another": wage is None
        and bool(employers)
        and not any(row.employer_id in employers for row in reported),
    }
    return [note for note, is_so in held.items() if is_so]
