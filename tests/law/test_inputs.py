"""The bounds of every kind of input, on both sides, and what counts as a number at all."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from lumbung.law import inputs
from lumbung.law.errors import BadInput
from lumbung.law.month import Month

MOST = 10**15
LATE = datetime(2025, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("0", 0),
        ("-1.50", Fraction(-3, 2)),
        ("9" * 20, int("9" * 20)),
        ("9" * 21, None),
        ("0." + "1" * 20, Fraction(int("1" * 20), 10**20)),
        ("0." + "1" * 21, None),
        ("1.", None),
        (" 1", None),
        ("1e3", None),
        (Decimal("1e30"), 10**30),
        (Decimal("1e31"), None),
        (Decimal("1e-30"), Fraction(1, 10**30)),
        (Decimal("1e-31"), None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
        (Fraction(1, 3), Fraction(1, 3)),
        (7, 7),
        (True, None),
        (0.5, None),
        (None, None),
    ],
)
def test_what_is_a_number(given: object, number: object) -> None:
    assert inputs.exact(given) == number


BOUNDS: list[tuple[Callable[..., Any], list[Any], list[Any]]] = [
    (inputs.wage, [0, "0", MOST, "0.5", Decimal(MOST)], [-1, "-0.1", MOST + 1, f"{MOST}.1", None, True]),
    (lambda given: inputs.rupiah(given, "owed"), [0, MOST, "7"], [-1, MOST + 1, "0.5"]),
    (lambda given: inputs.rupiah(given, "amount", -5), [-5, 0, MOST], [-6, "-4.5", MOST + 1]),
    (inputs.percent, [0, 100, "5.75"], [-1, "100.01", "5,7"]),
    (lambda given: inputs.rate(given, "inflation"), ["-99.99", 0, 1000], [-100, "1000.01"]),
    (lambda given: inputs.years(given, "years"), [0, 100], [-1, 101, "1.5"]),
    (lambda given: inputs.months(given, "months"), [0, 1200], [-1, 1201, "1.5"]),
    (lambda given: inputs.count(given, "children", 2, 4), [2, 4], [1, 5, "2.5", "x"]),
    (lambda given: inputs.year(given, "year"), [1977, 9998], [1976, 9999]),
    (lambda given: inputs.choice(given, "way", {"sea", "air"}), ["sea"], ["land", None, ["sea"]]),
    (lambda given: inputs.flag(given, "active"), [True, False], [0, 1, None, "yes"]),
    (inputs.day, [date(2025, 4, 15), "2025-04-15"], ["2025-4-15", "2025-02-30", LATE, None, 20250415]),
    (inputs.month, [Month(2025, 4), "2025-04"], ["2025-4", date(2025, 4, 1), None]),
]


@pytest.mark.parametrize(("judge", "taken", "refused"), BOUNDS)
def test_a_bound_belongs_to_what_it_bounds(
    judge: Callable[..., Any], taken: list[Any], refused: list[Any]
) -> None:
    for given in taken:
        judge(given)
    for given in refused:
        with pytest.raises(BadInput):
            judge(given)


def test_a_share_is_exact_and_a_fraction_of_a_wage_is_rounded() -> None:
    assert inputs.percent("5.75") == Fraction(575, 10_000)
    assert inputs.rate("-1.5", "inflation") == Fraction(-15, 1000)
    assert [inputs.wage(given) for given in ("0.49", "0.5", "1.5")] == [0, 1, 2]
    assert [inputs.part(base, Fraction(1, 2)) for base in (0, 1, 2, 3)] == [0, 1, 1, 2]
    assert [inputs.half_up(Fraction(n, 2)) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]


@pytest.mark.parametrize(
    ("judge", "told"),
    [
        (lambda: inputs.wage(-1), f"wage must be rupiah from 0 to {MOST}, written in digits only."),
        (lambda: inputs.wage(-1, "income"), f"income must be rupiah from 0 to {MOST}, written in digits only."),
        (lambda: inputs.rupiah(1, "cap", 2), f"cap must be whole rupiah from 2 to {MOST}, in digits only."),
        (lambda: inputs.percent(-1), "rate must be a percentage from 0 to 100, such as 5.7."),
        (lambda: inputs.rate(-100, "growth"), "growth must be a percentage from -99 to 1000, such as 5.7."),
        (lambda: inputs.years(-1, "years"), "years must be a whole number from 0 to 100."),
        (lambda: inputs.months(-1, "beyond"), "beyond must be a whole number from 0 to 1200."),
        (lambda: inputs.count(9, "children", 1, 2), "children must be a whole number from 1 to 2."),
        (lambda: inputs.year(1, "retires"), "retires must be a whole number from 1977 to 9998."),
        (lambda: inputs.choice("x", "way", {"b", "a"}), "way must be one of a, b; x is none of them."),
        (lambda: inputs.flag(1, "active"), "active must be true or false."),
        (lambda: inputs.day("x"), "x is not a day; write it as YYYY-MM-DD, for example 2025-04-15."),
        (lambda: inputs.month("x"), "x is not a month; write it as YYYY-MM, for example 2025-04."),
    ],
)
def test_what_an_input_must_be_is_told(judge: Callable[[], object], told: str) -> None:
    with pytest.raises(BadInput) as refused:
        judge()
    assert str(refused.value) == told
