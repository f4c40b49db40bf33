"""A year's result: credited to every account once, with its working, in order, at one rate."""

from datetime import date, timedelta

import pytest
from credited import DECREE, at, book, lines_of, number, results

from lumbung.development import actions, bookkeeping, queries
from lumbung.development.errors import (
    BadDecree,
    BadRate,
    EarlierYearMissing,
    LaterYearCredited,
    OtherTerms,
    ProofFailed,
    YearNotOver,
)
from lumbung.development.models import DevelopmentChunk, DevelopmentRun, DevelopmentWorking
from lumbung.ledger import queries as ledger

pytestmark = pytest.mark.django_db
NOW = at(date(2024, 2, 10))


def credit(year: int = 2023, rate: str = "5.60", decree: str = DECREE, **more):
    return actions.credit(year=year, rate=rate, decree=decree, now=more.pop("now", NOW), **more)


def some_accounts() -> None:
    """An old account, one that saves each month, one that came and went, one of a few rupiah, one of next year."""
    book("old", {number(1): 10_000_000, number(4): 3}, day=date(2022, 5, 1), booked=date(2022, 5, 2))
    for month in range(1, 13):
        day = date(2023, month, 15)
        book(f"m{month}", {number(2): 570_000}, day=day, booked=day + timedelta(days=2))
    book("in", {number(3): 900_000}, day=date(2023, 3, 5), booked=date(2023, 3, 5))
    book("out", {number(3): -900_000}, day=date(2023, 9, 5), booked=date(2023, 9, 6))
    book("next", {number(5): 800_000}, day=date(2024, 1, 1), booked=date(2023, 12, 31))


def test_every_account_gets_what_the_law_says() -> None:
    some_accounts()
    done = credit()
    assert results(2023) == {
        number(1): 560_000,
        number(2): 207_480,  # 570,000 × 78 × 5.6 / 1200
        number(3): 25_200,  # 900,000 for six months
    }
    summary = done.summary
    assert (done.is_new, summary.accounts, summary.credited, summary.amount) == (True, 5, 3, 792_680)
    assert summary.skipped == {"no_basis": 1, "nothing_earned": 1}
    for place in (1, 2, 3):
        lines = [line for line in lines_of(number(place)) if line.day < date(2023, 12, 31)]
        assert bookkeeping.entitled(bookkeeping.basis(lines, 2023), "5.60") == results(2023)[number(place)]
    assert ledger.control_totals()["development_reserve"] == 792_680
    assert ledger.check().faults == ()
    assert queries.proof(done.summary.run).faults == ()


def test_a_second_run_credits_nothing_and_other_terms_are_refused() -> None:
    some_accounts()
    credit()
    before = results(2023)
    again = credit(rate="5.6", now=NOW + timedelta(days=9))
    assert (again.is_new, results(2023), again.summary.amount) == (False, before, 792_680)
    with pytest.raises(OtherTerms) as refused:
        credit(rate="5.61")
    assert "5.60 %" in str(refused.value)
    with pytest.raises(OtherTerms):
        credit(decree="Another decree")
    assert DevelopmentRun.objects.count() == 1


@pytest.mark.parametrize(
    "rate",
    ["0", "-5.6", "25.01", "560", "5,60", "5.60000001", "NaN", "Infinity", "", "x", "1_0", "1e1", "٥", "5.6\n6"],
)
def test_a_silly_rate_is_refused(rate: str) -> None:
    with pytest.raises(BadRate):
        credit(rate=rate)


@pytest.mark.parametrize("decree", ["", "   ", "two\nlines", "x" * 201])
def test_a_decree_is_named(decree: str) -> None:
    with pytest.raises(BadDecree):
        credit(decree=decree)


def test_a_year_must_be_over_in_the_funds_own_time() -> None:
    with pytest.raises(YearNotOver):
        credit(year=2024)
    with pytest.raises(YearNotOver):
        credit(now=at(date(2023, 12, 31), 16))
    assert credit(now=at(date(2023, 12, 31), 17)).is_new, "midnight in Jakarta"


def test_years_are_credited_in_their_order() -> None:
    some_accounts()
    credit(year=2022, now=at(date(2024, 1, 5)))
    with pytest.raises(LaterYearCredited):
        credit(year=2021)
    credit(year=2023)
    later = at(date(2025, 12, 1))
    DevelopmentRun.objects.filter(year=2023).update(state="working", finished_at=None)
    with pytest.raises(EarlierYearMissing):
        credit(year=2024, now=later)
    DevelopmentRun.objects.filter(year=2023).update(state="finished", finished_at=NOW)
    credit(year=2024, now=later)


def test_a_year_left_out_is_named() -> None:
    some_accounts()
    credit(year=2022)
    with pytest.raises(EarlierYearMissing) as refused:
        credit(year=2024, now=at(date(2025, 6, 1)))
    assert refused.value.facts == {"missing": 2023}


def test_a_result_earns_in_the_next_year() -> None:
    some_accounts()
    credit()
    credit(year=2024, rate="10", now=at(date(2025, 1, 20)))
    assert results(2024)[number(1)] == 1_056_000
    assert queries.waiting(2023, "5.60") == queries.waiting(2024, "10") == 0


def test_chunks_cut_the_accounts_and_each_is_one_entry() -> None:
    book("many", {number(place): 1000 * (place + 1) for place in range(25)}, day=NOW.date().replace(year=2022),
         booked=date(2022, 3, 1))  # fmt: skip
    told: list[tuple[int, int]] = []
    credit(chunk=10, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    chunks = DevelopmentChunk.objects.order_by("number")
    assert [(c.first, c.beyond, c.accounts) for c in chunks] == [
        ("", number(10), 10), (number(10), number(20), 10), (number(20), None, 5),
    ]  # fmt: skip
    assert len({c.entry_id for c in chunks}) == 3
    assert sum(results(2023).values()) == sum(56 * (place + 1) for place in range(25))


def test_no_account_at_all_is_a_year_that_is_done() -> None:
    assert credit().summary.accounts == 0
    assert not credit().is_new


def test_the_working_says_what_was_counted() -> None:
    some_accounts()
    credit()
    working = DevelopmentWorking.objects.get(member_number=number(3))
    assert (working.opening, working.moved, working.weighted) == (0, 0, 900_000 * 6)
    assert (working.entitled, working.credited, working.position, working.skipped) == (25_200, 0, 2, "")


def a_late_comer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account comes into being when all chunks are done, before the run is closed."""
    finish = actions._finish

    def later(run: DevelopmentRun, now: object) -> bool:
        book("late-comer", {number(0): 1_200_000}, day=date(2023, 7, 1), booked=date(2024, 2, 10))
        return finish(run, now)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "_finish", later)


def test_an_account_born_after_its_chunk_is_listed_and_gets_its_due_by_an_adjustment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some_accounts()
    a_late_comer(monkeypatch)
    done = credit(chunk=2)
    assert (done.summary.accounts, done.summary.skipped["too_new"]) == (6, 1)
    assert queries.proof(done.summary.run).faults == ()
    (made,) = actions.adjust(now=at(date(2024, 2, 11)))
    assert (made.accounts, results(2023)[number(0)]) == (1, 33_600)
    assert actions.adjust(now=at(date(2024, 2, 12))) == []


def test_a_run_that_is_not_proven_stays_open_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    some_accounts()
    a_late_comer(monkeypatch)
    with monkeypatch.context() as forgetful:
        forgetful.setattr(actions, "_list_too_new", lambda run: None)
        with pytest.raises(ProofFailed, match="1 accounts without a working"):
            credit()
    assert DevelopmentRun.objects.get().state == "working"
    with pytest.raises(EarlierYearMissing):
        credit(year=2024, now=at(date(2025, 1, 5)))
    assert credit().is_new
    assert DevelopmentRun.objects.get().state == "finished"
