"""The invented lives are what they say they are, and their books prove themselves whole."""

import pytest
from lives import LIVES, credit_year, forty_years, three_numbers

from lumbung.contributions import queries as contributions
from lumbung.ledger import queries as ledger

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "months", "balance"),
    [
        ("nothing", 0, 0),
        ("one month", 1, 285_000),
        ("three numbers", 36, None),
        ("five employers", 60, None),
        ("paid out", 14, 0),
        ("frozen", 12, 285_000 * 2 + 287_850 * 10),
    ],
)
def test_a_life_has_its_months_and_its_balance(name: str, months: int, balance: int | None) -> None:
    life = LIVES[name]()
    assert contributions.history_length(life.numbers) == months
    held = sum(ledger.balance(number, None).old_age_balance for number in life.numbers)
    assert held == balance if balance is not None else held > 0


def test_lives_stand_beside_each_other_in_whole_books() -> None:
    lives = [forty_years(), three_numbers()]
    credit_year(2025)
    assert contributions.history_length(lives[0].numbers) == 480
    assert all(ledger.balance(life.numbers[0], None).old_age_development > 0 for life in lives)
    assert ledger.check().faults == ()
