"""Job loss: the parts add up to the rates that everybody is billed, and the age of joining is that of the day."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.law.errors import BadInput, MissingInput, NotYetInForce
from lumbung.law.job_loss import funding, funding_of_month, may_join, qualifies
from lumbung.law.month import Month
from lumbung.law.parameter import parameter

from .bounded import bounded

FIRST_DAY = date(2021, 2, 2)
ALL = frozenset({"JHT", "JP", "JKK", "JKM"})

days = st.dates(FIRST_DAY, date(2035, 12, 31))
classes = st.sampled_from(["I", "II", "III", "IV", "V"])


@bounded
@given(days, classes)
def test_the_parts_add_up_to_what_everybody_is_billed(day: date, risk_class: str) -> None:
    parts = funding(day=day, risk_class=risk_class)
    assert parts.total == parts.government + parts.from_jkk + parts.from_jkm
    assert parts.jkk == parameter("jkk_rate").at(day).share(risk_class)
    assert parts.jkm == parameter("jkm_rate").at(day).share()
    assert min(parts.jkk_kept, parts.jkm_kept, parts.from_jkm) >= 0


def test_the_parts_of_both_laws() -> None:
    before = funding(day=date(2025, 2, 6), risk_class="I")
    after = funding(day=date(2025, 2, 7), risk_class="I")
    assert (before.from_jkk, before.from_jkm, before.total) == (
        Fraction(14, 10000),
        Fraction(10, 10000),
        Fraction(46, 10000),
    )
    assert (after.from_jkk, after.from_jkm, after.total) == (Fraction(14, 10000), 0, Fraction(36, 10000))


def test_a_contribution_month_follows_the_law_of_its_last_day() -> None:
    assert funding_of_month(month=Month(2021, 2), risk_class="I").total == Fraction(46, 10000)
    assert funding_of_month(month=Month(2025, 1), risk_class="I").from_jkm == Fraction(1, 1000)
    assert funding_of_month(month=Month(2025, 2), risk_class="I").from_jkm == 0
    with pytest.raises(NotYetInForce):
        funding_of_month(month=Month(2021, 1), risk_class="I")


@pytest.mark.parametrize("wrong", [{"risk_class": "VI"}, {"risk_class": 2}, {"day": "2025-02-30"}, {"day": None}])
def test_bad_inputs_are_refused(wrong: dict) -> None:
    with pytest.raises(BadInput):
        funding(**{"day": date(2025, 3, 1), "risk_class": "I", **wrong})
    with pytest.raises(MissingInput):
        funding(day=date(2025, 3, 1), risk_class=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("born", "day", "joins"),
    [
        (date(1971, 3, 1), date(2025, 2, 28), True),
        (date(1971, 3, 1), date(2025, 3, 1), False),
        (date(1968, 2, 29), date(2022, 2, 28), True),  # a birthday on 29 February is kept on 1 March
        (date(1968, 2, 29), date(2022, 3, 1), False),
        (date(1967, 2, 3), date(2010, 1, 1), True),  # at work before the programme: judged on its first day
        (date(1967, 2, 2), date(2010, 1, 1), False),
        (date(1967, 2, 2), date(2021, 2, 1), False),
        (date(2005, 1, 1), date(2025, 1, 1), True),
    ],
)
def test_who_is_under_fifty_four_may_join(born: date, day: date, joins: bool) -> None:
    assert may_join(born=born, day=day) is joins


@bounded
@given(st.dates(date(1940, 1, 1), date(2010, 12, 31)), days, st.integers(0, 3000))
def test_who_may_not_join_may_not_join_later(born: date, day: date, later: int) -> None:
    assert may_join(born=born, day=day) or not may_join(born=born, day=day + timedelta(days=later))


def test_a_birthday_beyond_the_calendar_is_refused_and_a_bad_day_too() -> None:
    with pytest.raises(BadInput):
        may_join(born=date(9990, 1, 1), day=date(9999, 1, 1))
    with pytest.raises(BadInput):
        may_join(born="1990-13-01", day=date(2025, 1, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "programmes", "enough"),
    [
        ("large", ALL, True),
        ("medium", ALL - {"JP"}, False),
        ("small", ALL - {"JP"}, True),
        ("micro", ALL - {"JP"}, True),
        ("micro", frozenset({"JKK", "JKM"}), False),
    ],
)
def test_job_loss_is_built_on_other_programmes(size: str, programmes: frozenset[str], enough: bool) -> None:
    assert qualifies(size=size, programmes=programmes, day=date(2025, 1, 1)) is enough
    with pytest.raises(NotYetInForce):
        qualifies(size=size, programmes=programmes, day=FIRST_DAY - timedelta(days=1))


def test_a_size_or_programme_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput):
        qualifies(size="huge", programmes=ALL, day=date(2025, 1, 1))
    with pytest.raises(BadInput):
        qualifies(size="large", programmes={"JKP"}, day=date(2025, 1, 1))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda: funding(day=FIRST_DAY, risk_class="VI"),
            "risk_class must be one of I, II, III, IV, V; VI is none",
        ),
        (lambda: funding(day=FIRST_DAY, risk_class=None), "risk_class is missing"),  # type: ignore[arg-type]
        (
            lambda: qualifies(size="huge", programmes=ALL, day=FIRST_DAY),
            "size must be one of large, medium, micro, ",
        ),
        (
            lambda: qualifies(size="large", programmes={"X"}, day=FIRST_DAY),
            "programmes must be one of JHT, JKK, JKM",
        ),
    ],
)
def test_what_can_not_be_used_is_named(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        ask()
