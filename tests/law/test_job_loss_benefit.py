"""Money after losing the job: who has a right to it, on both sides of each date, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.bounded import bounded

from lumbung.law import job_loss_benefit
from lumbung.law.derivation import recomputed, walk
from lumbung.law.errors import BadInput, NotYetInForce, WrongOrder
from lumbung.law.job_loss_benefit import PROBLEMS, problems
from lumbung.law.month import Month

OLD, NEW = date(2025, 2, 6), date(2025, 2, 7)


def paid(last: str, number: int) -> list[Month]:
    return [Month.parse(last) - back for back in range(number)]


def asked(day: date = NEW, **changed: object) -> tuple[str, ...]:
    facts = {"reason": "dismissed", "dismissed_on": day, "claimed_on": day, "months_paid": paid("2025-01", 24)}
    return problems(**{**facts, **changed})  # type: ignore[arg-type]


def test_who_was_dismissed_after_two_years_has_a_right() -> None:
    assert asked(OLD) == asked(NEW) == ()


@pytest.mark.parametrize("reason", [reason for reason in job_loss_benefit.REASONS if reason != "dismissed"])
def test_only_a_dismissal_gives_a_right(reason: str) -> None:
    assert asked(reason=reason) == ("reason",)


@pytest.mark.parametrize("day", [OLD, NEW, date(2021, 2, 2)])
def test_twelve_months_of_the_last_twenty_four_must_be_paid(day: date) -> None:
    last = Month.of(day)
    enough = [last - back for back in range(12)]
    assert asked(day, months_paid=enough) == ()
    assert asked(day, months_paid=enough[:-1]) == ("too_few_months",)


def test_months_longer_ago_than_two_years_do_not_count() -> None:
    old = [Month(2023, 2) - back for back in range(12)]
    assert "too_few_months" in asked(months_paid=old)
    assert asked(months_paid=[Month(2023, 3) + n for n in range(12)]) == ()
    assert "too_few_months" in asked(months_paid=[Month(2023, 2) + n for n in range(12)])


def test_six_months_in_a_row_were_needed_until_6_february_2025() -> None:
    with_a_gap = [month for month in paid("2025-01", 24) if month != Month(2024, 10)]
    assert asked(OLD, months_paid=with_a_gap) == ("months_not_in_a_row",)
    assert asked(NEW, months_paid=with_a_gap) == ()
    older_gap = [month for month in paid("2025-01", 24) if month != Month(2024, 7)]
    assert asked(OLD, months_paid=older_gap) == ()
    assert asked(date(2021, 2, 2), months_paid=paid("2020-12", 24)) == ("months_not_in_a_row",)


@pytest.mark.parametrize("day", [OLD, NEW, date(2021, 2, 2)])
def test_the_money_is_paid_three_times_in_a_working_life(day: date) -> None:
    months = [Month.of(day) - back for back in range(24)]
    assert asked(day, months_paid=months, times_before=2) == ()
    assert asked(day, months_paid=months, times_before=3) == ("too_many_times",)


def test_the_last_day_to_claim_is_still_in_time() -> None:
    assert asked(OLD, claimed_on=date(2025, 5, 6)) == ()
    assert asked(OLD, claimed_on=date(2025, 5, 7)) == ("too_late",)
    assert asked(NEW, claimed_on=date(2025, 8, 7)) == ()
    assert asked(NEW, claimed_on=date(2025, 8, 8)) == ("too_late",)


def test_who_does_not_want_to_work_has_no_right() -> None:
    assert asked(willing=False) == ("not_willing",)


def test_everything_wrong_is_told_at_once() -> None:
    wrong = asked(
        OLD, reason="resigned", claimed_on=date(2026, 1, 1), months_paid=[], times_before=5, willing=False
    )
    assert wrong == tuple(PROBLEMS)
    assert all(sentence.endswith(".") for sentence in PROBLEMS.values())


def test_nobody_claims_before_the_programme_or_before_the_dismissal() -> None:
    with pytest.raises(NotYetInForce):
        asked(date(2021, 2, 1))
    with pytest.raises(WrongOrder, match="claimed_on can't lie before dismissed_on"):
        asked(NEW, claimed_on=OLD)
    with pytest.raises(BadInput):
        asked(reason="bored")


days = st.dates(date(2021, 2, 2), date(2030, 12, 31))


@bounded
@given(st.integers(0, 10**8), days, st.integers(0, 200), st.integers(1, 6))
def test_each_month_is_recomputed_and_follows_its_own_day(wage: int, day: date, wait: int, months: int) -> None:
    first = day + timedelta(days=wait)
    got = job_loss_benefit.job_loss(wage=wage, dismissed_on=day, months=months, first_paid_on=first)
    assert len(got.monthly) == months
    assert sum(got.monthly) == got.total == got.derivation.value
    assert all(0 <= amount <= 3_000_000 for amount in got.monthly)
    assert got.claim_by > day
    assert all(recomputed(step) == step.value for step in walk(got.derivation))
    if first >= NEW:
        assert len(set(got.monthly)) == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"reason": "bored"},
            "reason must be one of contract_ended, death, dismissed, pension, resigned, total_disa",
        ),
        ({"times_before": -1}, "times_before must be a whole number from 0 to 100"),
        ({"times_before": 101}, "times_before must be a whole number from 0 to 100"),
        ({"willing": 1}, "willing must be true or false"),
    ],
)
def test_what_a_claim_says_wrongly_is_named(changed: dict, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        asked(**changed)


def test_times_and_willingness_are_good_unless_said_otherwise() -> None:
    day, months = NEW, paid("2025-01", 24)
    assert problems(reason="dismissed", dismissed_on=day, claimed_on=day, months_paid=months) == ()
    assert asked(times_before=100) == ("too_many_times",)


def test_the_months_of_money_are_named_in_order() -> None:
    told = job_loss_benefit.job_loss(wage=4_000_000, dismissed_on=NEW)
    assert [step.name for step in told.derivation.children] == [f"month_{n}" for n in range(1, 7)]


def test_the_ways_in_which_work_ends() -> None:
    ways = {"dismissed", "resigned", "contract_ended", "pension", "total_disability", "death"}
    assert {way for way in ways if asked(reason=way) == ("reason",)} == ways - {"dismissed"}
