"""Whatever is booked, in whatever order: each year's result is what the law gives on the lines by value date."""

from datetime import date, timedelta

import pytest
from credited import DECREE, at, lines_of, number
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumbung.development import actions, bookkeeping, queries
from lumbung.development.bookkeeping import Line
from lumbung.development.models import DevelopmentRun, DevelopmentWorking
from lumbung.ledger import actions as ledger
from lumbung.ledger import queries as books_of
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.ledger.errors import AlreadyReversed, NotReversible, Overdrawn

FIRST, LAST = date(2021, 11, 1), date(2024, 4, 30)
YEARS = (2022, 2023)
ACCOUNTS = [number(place) for place in range(3)]

AMOUNTS = st.one_of(
    st.integers(1, 60), st.integers(1, 5_000_000), st.integers(1, 10**12), st.integers(-(10**7), -1)
)
BACK = st.one_of(st.integers(-1, 40), st.integers(0, 1200))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[date, str, object]]:
    """Bookings in the order of their days; adjustments stand anywhere, each year's credit after its end."""
    days = st.dates(FIRST, LAST)
    events: list[tuple[date, str, object]] = [
        (draw(days), "money", (draw(st.sampled_from(ACCOUNTS)), draw(AMOUNTS), draw(BACK)))
        for _ in range(draw(st.integers(1, 14)))
    ]
    events += [(draw(days), "reverse", draw(st.integers(0, 20))) for _ in range(draw(st.integers(0, 3)))]
    events += [(draw(days), "adjust", None) for _ in range(draw(st.integers(0, 2)))]
    for year in YEARS:
        events.append((draw(st.dates(date(year + 1, 1, 1), date(year + 1, 4, 15))), "credit", year))
    return sorted(events, key=lambda event: event[0])


RATES = st.integers(1, 250_000).map(lambda n: f"{n // 10_000}.{n % 10_000:04d}") | st.just("5.60")


@pytest.fixture
def months(db: None) -> None:
    """The partitions of all months, made once: an example is rolled back, and would make them anew.

    The account that opens them has no old-age money, so that no result is posted to it.
    """
    day = FIRST
    while day <= LAST + timedelta(days=31):
        draft = Draft(f"m:{day}", "receipt", day, (("bank", 5), ("member_pension", -5)),
                      MemberLines(["MONTHS"], pensions=[5]))  # fmt: skip
        ledger.post(draft, now=at(day))
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), rates=st.tuples(RATES, RATES))
def test_credits_and_adjustments_come_to_what_the_law_gives(
    months: None, history: list[tuple[date, str, object]], rates: tuple[str, str]
) -> None:
    with transaction.atomic():
        play(history, dict(zip(YEARS, rates, strict=True)))
        judge(dict(zip(YEARS, rates, strict=True)))
        transaction.set_rollback(True)


def play(history: list[tuple[date, str, object]], rates: dict[int, str]) -> None:
    entries: list[int] = []
    for place, (day, what, facts) in enumerate(history):
        now = at(day, 0) + timedelta(seconds=place)
        if what == "money":
            entries += money(f"e:{place}", *facts, day=day, now=now)  # type: ignore[misc]
        elif what == "reverse" and entries:
            take_back(entries[facts % len(entries)], f"r:{place}", now)  # type: ignore[operator]
        elif what == "adjust":
            actions.adjust(now=now)
        elif what == "credit":
            actions.credit(year=facts, rate=rates[facts], decree=DECREE, now=now, chunk=2)  # type: ignore[arg-type,index]
    actions.adjust(now=at(LAST + timedelta(days=1)))


def money(key: str, who: str, amount: int, back: int, *, day: date, now: object) -> list[int]:
    """Money that comes or, as far as it is there, goes; a value date of tomorrow is allowed."""
    value = max(day - timedelta(days=back), date(2019, 1, 1))
    if amount < 0:
        amount = -min(-amount, books_of.balance(who, None).old_age_balance)
    if not amount:
        return []
    lines = MemberLines([who], contributions=[max(amount, 0)], withdrawals=[max(-amount, 0)])
    draft = Draft(key, "money", value, (("bank", amount), ("member_old_age", -amount)), lines)
    return [ledger.post(draft, now=now).entry_id]  # type: ignore[arg-type]


def take_back(entry: int, key: str, now: object) -> None:
    try:
        with transaction.atomic():
            ledger.reverse(entry, key=key, reason="a test", now=now)  # type: ignore[arg-type]
    except (AlreadyReversed, NotReversible, Overdrawn):
        pass


def judge(rates: dict[int, str]) -> None:
    for who in ACCOUNTS:
        lines = lines_of(who)
        moved = [line for line in lines if not line.development]
        owed = False
        for year, rate in rates.items():
            basis = bookkeeping.basis(lines, year)
            newest = DevelopmentWorking.objects.filter(year=year, member_number=who).order_by("-run_id").first()
            if newest is not None and newest.skipped == "overdrawn":
                assert basis.credited - bookkeeping.entitled(basis, rate) == -newest.difference > 0
                owed = True
                continue
            assert basis.credited == bookkeeping.entitled(basis, rate), (who, year)
            # And the same as if everything had been booked before the credit.
            before = bookkeeping.entitled(bookkeeping.basis(moved, year), rate)
            assert owed or basis.credited == before, (who, year)
            moved.append(Line(date(year, 12, 31), development=before))
    for year, rate in rates.items():
        assert queries.waiting(year, rate) == 0
        assert all(run.state == "finished" for run in DevelopmentRun.objects.filter(year=year))
        assert all(queries.proof(summary.run).faults == () for summary in queries.runs(year))
    assert books_of.check().faults == ()
