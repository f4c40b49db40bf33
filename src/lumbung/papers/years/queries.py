"""What a year brought and what to expect: worked out once when the page is made, then read as it was told."""

from datetime import date

from lumbung.contributions import queries as contributions
from lumbung.development import queries as development
from lumbung.errors import Refusal
from lumbung.papers.models import YearTold
from lumbung.papers.statements import account
from lumbung.papers.statements import queries as statements
from lumbung.papers.years.told import Expected, Told
from lumbung.projections import queries as projections
from lumbung.registry.models import Person

FIRST_YEAR = 1993  # in which the old-age programme began


def may_be_told(year: int, *, today: date) -> bool:
    """Whether it is a whole year of the programme."""
    return FIRST_YEAR <= year < today.year


def year_told(person: Person, year: int) -> YearTold | None:
    """The page of a year, when it was made."""
    return YearTold.objects.filter(person=person, year=year).first()


def told(person: Person, year: int, *, today: date) -> Told:
    """The figures of a year, and what to expect as of today. Reads the whole record: not for each look.

    By value dates, from all numbers together, so the year's result is in it.
    """
    numbers = person.member_numbers.order_by("number").values_list("number", flat=True)
    lines = [line for number in numbers for line in statements.booked(number)]
    within = [line for line in lines if line.day.year == year]
    returns = {returned for line in within if (returned := account.return_of(line.key)) is not None}
    result = sum(line.development for line in within)
    is_decided = bool(result) or year in development.credited_years()
    return Told(
        opening=sum(line.change for line in lines if line.day.year < year),
        contributions=sum(line.contribution for line in within),
        months=len({line.month for line in within if line.month is not None and line.contribution > 0}),
        employers=tuple(sorted(set(contributions.employer_names(returns).values()))),
        result=result if is_decided else None,
        rate=development.decreed().get((year, 1), ("", ""))[0],
        withdrawals=sum(line.withdrawal for line in within),
        closing=sum(line.change for line in lines if line.day.year <= year),
        pension=sum(line.pension for line in within),
        expected=_expected(person, today),
    )


def _expected(person: Person, today: date) -> Expected | None:
    """The middle scenario; none when the record gives nothing to carry forward."""
    try:
        found = projections.outlook(person, today=today).scenarios["middle"]
    except Refusal:
        return None
    pension = found.pension
    return Expected(
        old_age_on=found.old_age.day,
        old_age_future=found.old_age.future,
        old_age_today=found.old_age.today,
        pension_kind=found.pension_kind or "",
        pension_from=found.pension_from,
        pension_future=pension.future if pension else 0,
        pension_today=pension.today if pension else 0,
    )
