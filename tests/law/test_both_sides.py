"""Both sides of every date of those parameters that no case asks for: what is answered on the day and before it.

The cases hold the others (test_cases.py). A new value of any parameter fails one of the two tests until both of
its sides stand somewhere.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lumbung.law import accident, contributions, death, job_loss, job_loss_benefit, old_age
from lumbung.law.errors import NotYetInForce, Unknown
from lumbung.law.job_loss_benefit import problems
from lumbung.law.month import Month
from lumbung.law.parameter import Parameter, parameter
from lumbung.law.projection import assumptions

from .test_cases import NOT_ASKED_BY_CASES

NOT_YET, NOBODY_KNOWS = NotYetInForce.code, Unknown.code
Answers = Mapping[date, object]
ALL_PROGRAMMES = frozenset({"JHT", "JP", "JKK", "JKM"})


def paid_before(day: date, months: int) -> list[Month]:
    """So many months up to the one before the day's."""
    return [Month.of(day) - back for back in range(1, months + 1)]


def wrong(day: date, **facts: object) -> tuple[str, ...]:
    """What stands against a claim for job loss of somebody dismissed on the day, who paid two years."""
    asked: dict[str, object] = {"months_paid": paid_before(day, 24), "claimed_on": day, **facts}
    return problems(reason="dismissed", dismissed_on=day, **asked)  # type: ignore[arg-type]


def ways(day: date) -> tuple[int, ...]:
    return tuple(accident.transport(way, day) for way in accident.WAYS)


def rate(name: str) -> Callable[[date], object]:
    return lambda day: parameter(name).at(day).content


START, SECOND_OF_DECEMBER = date(2015, 7, 1), date(2019, 12, 2)
JOB_LOSS, NEW_JOB_LOSS = date(2021, 2, 2), date(2025, 2, 7)
BEFORE = timedelta(days=1)
CLAIMS = date(2022, 4, 26)
GROWTH = ["4.79", "5.02", "5.07", "5.17", "5.02", "-2.07", "3.69", "5.31", "5.05", "5.03", "5.11"]
INFLATION = ["3.35", "3.02", "3.61", "3.13", "2.72", "1.68", "1.87", "5.51", "2.61", "1.57", "2.92"]


def yearly(rates: list[str]) -> Answers:
    """The rates of the years from 2015 on, on the first and the last day of each; the next year's is unknown."""
    answers: dict[date, object] = {date(2014, 12, 31): NOT_YET, date(2015 + len(rates), 1, 1): NOBODY_KNOWS}
    for place, each in enumerate(rates):
        answers[date(2015 + place, 1, 1)] = answers[date(2015 + place, 12, 31)] = Decimal(each)
    return answers


# Parameter: what asks it, and its answer by day, a code of refusal where the law refuses.
DATED: Mapping[str, tuple[Callable[[date], object], Answers]] = {
    "accident_transport": (
        ways,
        {
            START - BEFORE: NOT_YET,
            START: (1_000_000, 1_500_000, 2_500_000),
            SECOND_OF_DECEMBER - BEFORE: (1_000_000, 1_500_000, 2_500_000),
            SECOND_OF_DECEMBER: (5_000_000, 2_000_000, 10_000_000),
        },
    ),
    "death_scholarship_years": (
        death.scholarship_after,
        {
            START - BEFORE: NOT_YET,
            START: NOBODY_KNOWS,
            SECOND_OF_DECEMBER - BEFORE: NOBODY_KNOWS,
            SECOND_OF_DECEMBER: 3,
        },
    ),
    "disability_table": (
        lambda day: len(accident.disabilities(day)),
        {START - BEFORE: NOT_YET, START: 46},
    ),
    "economic_growth": (rate("economic_growth"), yearly(GROWTH)),
    "inflation": (rate("inflation"), yearly(INFLATION)),
    "job_loss_age_limit": (
        lambda day: [
            job_loss.may_join(born=born, day=day)
            for born in (date(1967, 2, 2), date(1967, 2, 3), date(1990, 1, 1))
        ],
        # Who works already on the first day is judged on it: 54 then, or one day short of it.
        {JOB_LOSS - BEFORE: [False, True, True], JOB_LOSS: [False, True, True]},
    ),
    "job_loss_consecutive_months": (
        # A month is missing two months before the dismissal; 23 others are paid.
        lambda day: wrong(day, months_paid=[m for m in paid_before(day, 24) if m != Month.of(day) - 2]),
        {
            JOB_LOSS - BEFORE: NOT_YET,
            JOB_LOSS: ("months_not_in_a_row",),
            NEW_JOB_LOSS - BEFORE: ("months_not_in_a_row",),
            NEW_JOB_LOSS: (),
        },
    ),
    "job_loss_months_looked_at": (
        # Twelve months, the oldest of which is the 23rd before the dismissal's own, or the 24th.
        lambda day: [
            "too_few_months" in wrong(day, months_paid=[*paid_before(day, 11), Month.of(day) - back])
            for back in (23, 24)
        ],
        {JOB_LOSS - BEFORE: NOT_YET, JOB_LOSS: [False, True]},
    ),
    "job_loss_months_paid": (
        lambda day: [wrong(day, months_paid=paid_before(day, months)) for months in (12, 11)],
        {
            JOB_LOSS - BEFORE: NOT_YET,
            JOB_LOSS: [(), ("too_few_months",)],
            NEW_JOB_LOSS - BEFORE: [(), ("too_few_months",)],
            NEW_JOB_LOSS: [(), ("too_few_months",)],
        },
    ),
    "job_loss_programmes": (
        lambda day: [
            job_loss.qualifies(size=size, programmes=ALL_PROGRAMMES - {without}, day=day)
            for size, without in (("large", "JP"), ("small", "JP"), ("micro", "JHT"))
        ],
        {JOB_LOSS - BEFORE: NOT_YET, JOB_LOSS: [False, True, False]},
    ),
    "job_loss_times": (
        lambda day: [wrong(day, times_before=times) for times in (2, 3)],
        {JOB_LOSS - BEFORE: NOT_YET, JOB_LOSS: [(), ("too_many_times",)]},
    ),
    "old_age_claim_documents": (
        lambda day: old_age.documents("age", day),
        {CLAIMS - BEFORE: NOT_YET, CLAIMS: ("member_card", "identity_card")},
    ),
    "old_age_decision_days": (old_age.decision_days, {CLAIMS - BEFORE: NOT_YET, CLAIMS: 5}),
    "old_age_electronic_limit": (
        old_age.electronic_limit,
        {
            date(2021, 8, 31): NOT_YET,
            date(2021, 9, 1): 10_000_000,
            date(2025, 4, 30): 10_000_000,
            date(2025, 5, 1): 15_000_000,
        },
    ),
    # Bounds and caps move in March: test_pension.py holds what comes of it in each year.
    "pension_bound_step": (
        rate("pension_bound_step"),
        {START - BEFORE: NOT_YET, START: 50, date(2023, 2, 28): 50, date(2023, 3, 1): 100},
    ),
    "pension_wage_cap_step": (rate("pension_wage_cap_step"), {START - BEFORE: NOT_YET, START: 100}),
    "programmes_by_size": (
        lambda day: [sorted(contributions.programmes_of(size, Month.of(day))) for size in contributions.SIZES],
        {
            START - BEFORE: NOT_YET,
            START: [["JKK", "JKM"], ["JHT", "JKK", "JKM"], *[["JHT", "JKK", "JKM", "JP"]] * 2],
        },
    ),
    # Our own assumptions; a projection asks for the latest ones.
    "projection_assumptions": (
        lambda day: parameter("projection_assumptions").at(day).content["middle"]["inflation"],
        {START - BEFORE: NOT_YET, START: assumptions("middle").inflation},
    ),
}


def unheld(each: Parameter, answers: Answers) -> list[date]:
    """The starts, and the days before them, for which no answer is held."""
    sides = [day for value in each.values for day in (value.start - BEFORE, value.start)]
    return [day for day in sides if day not in answers]


def test_those_that_no_case_asks_for_stand_here_and_no_others() -> None:
    assert set(DATED) == NOT_ASKED_BY_CASES


@pytest.mark.parametrize("name", list(DATED))
def test_both_sides_of_every_date_are_held(name: str) -> None:
    assert unheld(parameter(name), DATED[name][1]) == []


@pytest.mark.parametrize(
    ("name", "day", "answer"),
    [(name, day, each) for name, (_, held) in DATED.items() for day, each in held.items()],
)
def test_the_answer_of_each_side(name: str, day: date, answer: object) -> None:
    ask = DATED[name][0]
    if answer in (NOT_YET, NOBODY_KNOWS):
        with pytest.raises((NotYetInForce, Unknown)) as refused:
            ask(day)
        assert refused.value.code == answer
    else:
        assert ask(day) == answer


def test_a_new_value_without_answers_is_found() -> None:
    limit = parameter("old_age_electronic_limit")
    later = Parameter(limit.name, limit.label, limit.unit, (*limit.values, *parameter("inflation").values[-1:]))
    assert unheld(later, DATED[limit.name][1]) == [date(2025, 12, 31), date(2026, 1, 1)]


def test_the_function_that_asks_for_job_loss_asks_nothing_else_of_two_years_of_payments() -> None:
    assert wrong(NEW_JOB_LOSS) == wrong(JOB_LOSS) == ()
    assert job_loss_benefit.PROBLEMS.keys() >= {"too_few_months", "months_not_in_a_row", "too_many_times"}
