"""What is booked after a credit with a value date before its end is made good by an entry, and nothing else is."""

from datetime import date

import pytest
from credited import DECREE, at, book, lines_of, number, results

from lumbung.development import actions, bookkeeping, queries
from lumbung.development.errors import NotCredited
from lumbung.development.models import DevelopmentWorking
from lumbung.ledger import actions as ledger
from lumbung.ledger import queries as books_of
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.ledger.models import Entry

pytestmark = pytest.mark.django_db
CREDITED, LATER = date(2024, 2, 10), date(2024, 3, 1)
ONE, TWO = number(1), number(2)


@pytest.fixture(autouse=True)
def _credited() -> None:
    """Two accounts with an opening balance, and the result of 2023 credited at 6 %."""
    book("opening", {ONE: 1_000_000, TWO: 2_000_000}, day=date(2022, 5, 1), booked=date(2022, 5, 2))
    actions.credit(year=2023, rate="6", decree=DECREE, now=at(CREDITED))
    assert results(2023) == {ONE: 60_000, TWO: 120_000}


def adjust(day: date = LATER, **more):
    return actions.adjust(now=at(day, 9), **more)


def test_a_back_dated_contribution_earns_from_its_own_month() -> None:
    book("late file", {ONE: 600_000}, day=date(2023, 4, 20), booked=date(2024, 2, 20))
    (made,) = adjust()
    assert results(2023) == {ONE: 60_000 + 27_000, TWO: 120_000}  # nine months of 600,000
    assert (made.accounts, made.credited, made.amount, made.run.kind) == (1, 1, 27_000, "adjustment")
    assert queries.waiting(2023, "6") == 0
    assert books_of.check().faults == ()
    assert [queries.proof(run.run).faults for run in queries.runs(2023)] == [(), ()]
    assert adjust(date(2024, 3, 2)) == []


def test_one_back_dated_before_the_year_raises_the_opening() -> None:
    book("very late", {TWO: 500_000, number(9): 100_000}, day=date(2021, 1, 4), booked=date(2024, 2, 20))
    adjust()
    assert results(2023) == {ONE: 60_000, TWO: 150_000, number(9): 6_000}, "an account without a working, too"


def test_a_late_contribution_belongs_to_the_next_year() -> None:
    book("late", {ONE: 600_000}, day=date(2024, 1, 2), booked=date(2024, 2, 20))
    assert adjust() == []
    assert results(2023) == {ONE: 60_000, TWO: 120_000}


def test_an_adjustment_raises_the_opening_of_the_year_after() -> None:
    actions.credit(year=2024, rate="10", decree=DECREE, now=at(date(2025, 1, 20)))
    assert results(2024) == {ONE: 106_000, TWO: 212_000}
    book("late", {ONE: 100_000}, day=date(2023, 12, 31), booked=date(2025, 2, 1))
    made = adjust(date(2025, 2, 2))
    assert [(run.run.year, run.amount) for run in made] == [(2023, 500), (2024, 10_050)]
    assert results(2024)[ONE] == 116_050
    assert adjust(date(2025, 2, 3)) == []


def test_a_reversed_contribution_takes_its_result_with_it() -> None:
    entry = book("wrong", {ONE: 120_000}, day=date(2023, 1, 5), booked=date(2024, 2, 20))
    adjust()
    assert results(2023)[ONE] == 67_200
    ledger.reverse(entry, key="r", reason="wrong member", now=at(date(2024, 3, 5)))
    (made,) = adjust(date(2024, 3, 6))
    assert (results(2023)[ONE], made.amount) == (60_000, -7_200)
    assert books_of.control_totals()["development_reserve"] == 180_000


def test_what_goes_up_and_down_in_one_chunk_stands_apart_in_the_general_ledger() -> None:
    entry = book("wrong", {ONE: 120_000}, day=date(2023, 1, 5), booked=date(2024, 2, 20))
    adjust()
    ledger.reverse(entry, key="r", reason="wrong member", now=at(date(2024, 3, 5)))
    book("right", {TWO: 120_000}, day=date(2023, 1, 5), booked=date(2024, 3, 5))
    (made,) = adjust(date(2024, 3, 6))
    assert (made.credited, made.amount) == (2, 0)
    entry = Entry.objects.get(kind="development", recorded_at__gte=at(date(2024, 3, 6)))
    assert [line.amount for line in entry.control_lines.order_by("position")] == [7200, -7200, -7200, 7200]


def test_a_result_reversed_by_hand_is_given_again() -> None:
    """The result follows from the lines and the decree; to take one away, its reason must go."""
    credit = Entry.objects.get(kind="development")
    ledger.reverse(credit.pk, key="r", reason="by mistake", now=at(date(2024, 2, 20)))
    assert results(2023) == {}
    adjust()
    assert results(2023) == {ONE: 60_000, TWO: 120_000}


def test_what_the_account_no_longer_holds_is_kept_and_taken_when_it_does() -> None:
    entry = book("wrong", {ONE: 1_200_000}, day=date(2023, 1, 5), booked=date(2024, 2, 20))
    adjust()
    ledger.reverse(entry, key="r", reason="wrong member", now=at(date(2024, 3, 5)))
    book("all of it", {ONE: -1_132_000}, day=date(2024, 3, 6), booked=date(2024, 3, 6))
    (made,) = adjust(date(2024, 3, 7))
    assert (made.credited, made.skipped) == (0, {"overdrawn": 1})
    kept = DevelopmentWorking.objects.get(skipped="overdrawn")
    assert kept.difference == -72_000
    assert adjust(date(2024, 3, 8)) == [], "not each night anew"
    book("new money", {ONE: 500_000}, day=date(2024, 4, 1), booked=date(2024, 4, 1))
    (made,) = adjust(date(2024, 4, 2))
    assert made.amount == -72_000
    assert results(2023)[ONE] == 60_000
    assert adjust(date(2024, 4, 3)) == []
    assert books_of.check().faults == ()


def test_a_result_paid_with_a_claim_in_mid_year_is_part_of_the_years_result() -> None:
    """Its place is left: the claim posts one line that brings the interim result and takes everything."""
    gone = 2_120_000 + 53_000
    lines = MemberLines([TWO], developments=[53_000], withdrawals=[gone])
    control = (("development_reserve", 53_000), ("member_old_age", gone - 53_000), ("bank", -gone))
    ledger.post(Draft("claim:1", "claim", date(2024, 7, 3), control, lines), now=at(date(2024, 7, 3)))
    actions.credit(year=2024, rate="6", decree=DECREE, now=at(date(2025, 1, 20)))
    entitled = 2_120_000 * 6 * 6 // 1200  # six whole months
    assert results(2024)[TWO] == entitled == 63_600
    assert lines_of(TWO)[-1] == bookkeeping.Line(date(2024, 12, 31), development=10_600)


def test_a_broken_off_adjustment_goes_on_in_chunks() -> None:
    many = {number(place): 1000 * place for place in range(10, 35)}
    book("late", many, day=date(2023, 1, 4), booked=date(2024, 2, 20))
    run = actions._start_adjustment(2023, now=at(LATER), size=10)
    assert run is not None
    assert all(actions._next_chunk(run, at(LATER)) for _ in range(2))
    assert (run.state, queries.progress(run)) == ("working", (2, 3))
    (made,) = adjust(date(2024, 3, 2))
    assert (made.run.pk, made.accounts, made.run.state) == (run.pk, 25, "finished")
    assert queries.waiting(2023, "6") == 0


def test_only_a_credited_year_is_adjusted() -> None:
    with pytest.raises(NotCredited):
        actions.adjust(year=2022, now=at(LATER))
    assert actions.adjust(year=2023, now=at(LATER)) == []


def test_each_night_the_queue_adjusts_all_years() -> None:
    book("late", {ONE: 1_200_000}, day=date(2023, 7, 1), booked=date(2024, 2, 20))
    actions.adjust_nightly(timestamp=0)
    assert results(2023)[ONE] == 60_000 + 36_000
