"""What a person may expect, from what is known of where he stands: one more statement."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lumbung.contributions.gaps import facts as gaps
from lumbung.development.bookkeeping import Line
from lumbung.development.queries import credited_years
from lumbung.law.month import Month
from lumbung.ledger.lines import MOVEMENTS
from lumbung.prepared import asked_by, together
from lumbung.projections.queries import Read, month_paid, months_paid
from lumbung.standing.queries import Standing


def read(found: Standing) -> Read:
    """All that a projection starts from, as `projections.queries.known` reads it."""
    numbers = tuple(found.numbers)
    work = found.employers
    paid, moved, credited = together(
        asked_by(months_paid(numbers)), (MOVEMENTS, [list(numbers)]), asked_by(credited_years())
    )
    return Read(
        member_numbers=numbers,
        born=found.born,
        paid=[month_paid(date.fromisoformat(first_day), *row) for first_day, *row in paid],
        sizes={each.employer_id: each.size for each in work},
        employers=tuple(dict.fromkeys(each.name for each in work)),
        own=_own_savings(found),
        lines=[Line(date.fromisoformat(day), *amounts) for day, *amounts in moved],
        credited={year for (year,) in credited},
        pension_paid=found.total.pension_contributions,
    )


def _own_savings(found: Standing) -> Mapping[str, Any]:
    """What the person saves for old age by himself: fields of the law's record, none when nothing."""
    for own in found.own:
        covers_today = own.starts <= found.today and (own.ends is None or own.ends >= found.today)
        if own.segment == gaps.BPU and own.old_age and covers_today:
            return {"income": own.terms["income"]}
    for own in found.own:
        if own.segment == gaps.PMI and own.chosen and own.ends is not None and own.ends >= found.today:
            return {"chosen": own.chosen, "chosen_until": Month.of(own.ends)}
    return {}
