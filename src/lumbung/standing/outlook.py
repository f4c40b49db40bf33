"""What a person may expect, from what is known of where he stands: three more statements, however many numbers."""

from collections.abc import Mapping
from typing import Any

from lumbung.contributions.gaps import facts as gaps
from lumbung.development.bookkeeping import Line
from lumbung.development.queries import credited_years
from lumbung.law.month import Month
from lumbung.ledger.lines import movements
from lumbung.projections.queries import Read, months_paid
from lumbung.standing.queries import Standing


def read(found: Standing) -> Read:
    """All that a projection starts from, as `projections.queries.known` reads it."""
    numbers = tuple(found.numbers)
    work = found.employers
    return Read(
        member_numbers=numbers,
        born=found.born,
        paid=months_paid(numbers),
        sizes={each.employer_id: each.size for each in work},
        employers=tuple(dict.fromkeys(each.name for each in work)),
        own=_own_savings(found),
        lines=[Line(*moved) for moved in movements(numbers)],
        credited=credited_years(),
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
