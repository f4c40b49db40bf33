"""Balances as booked by a day, and histories."""

from datetime import date, timedelta

import pytest
from samples import ANI, BUDI, DAY, NOW, contribution, withdrawal

from lumbung.ledger import actions, queries

pytestmark = pytest.mark.django_db


def test_a_number_without_an_account_has_nothing() -> None:
    balance = queries.balance("99999999999", DAY)
    assert (balance.old_age_balance, balance.pension_contributions, balance.booked_on) == (0, 0, None)
    assert queries.history("99999999999") == []


def test_a_balance_at_a_day_is_as_booked_by_its_end() -> None:
    """Value dates do not matter for it: what was booked later was not known then."""
    days = [date(2024, 1, 5), date(2024, 1, 6), date(2024, 3, 31), date(2025, 2, 1)]
    for number, day in enumerate(days):
        now = NOW.replace(year=day.year, month=day.month, day=day.day)
        actions.post(contribution(f"r:{number}", {ANI: (100, 10)}, day=date(2023, 12, 1)), now=now)
    expected = {
        date(2024, 1, 4): 0,
        date(2024, 1, 5): 100,
        date(2024, 1, 6): 200,
        date(2024, 3, 30): 200,
        date(2024, 3, 31): 300,
        date(2025, 1, 31): 300,
        date(2025, 2, 1): 400,
        date(2030, 1, 1): 400,
        date.min: 0,
        date.max: 400,
    }
    assert {day: queries.balance(ANI, day).old_age_balance for day in expected} == expected
    asked = [(number, day) for number in (ANI, BUDI) for day in expected]
    assert queries.balances(asked) == {(number, day): queries.balance(number, day) for number, day in asked}
    assert queries.balance(ANI, date(2025, 1, 31)).booked_on == date(2024, 3, 31)
    assert queries.balance(ANI, date(2025, 1, 31)).pension_months_paid == 3


def test_several_lines_of_one_day_are_all_in_its_balance() -> None:
    actions.post(contribution("r:1", {ANI: (100, 0)}), now=NOW)
    actions.post(withdrawal("w:1", {ANI: 40}), now=NOW)
    actions.post(contribution("r:2", {ANI: (1, 0)}), now=NOW + timedelta(days=1))
    assert queries.balance(ANI, NOW.date()).old_age_balance == 60
    assert queries.balance(ANI, None).old_age_balance == 61


def test_a_balance_tells_nothing_when_it_is_printed() -> None:
    actions.post(contribution("r:1", {ANI: (123457, 0)}), now=NOW)
    assert repr(queries.balance(ANI, DAY)) == "Balance(as_of=2025-03-10)"


def test_history_is_paged_newest_first_and_shows_the_bond_of_a_correction() -> None:
    wrong = actions.post(contribution("r:1", {ANI: (100, 10), BUDI: (5, 0)}), now=NOW)
    reversal = actions.reverse(wrong.entry_id, key="x:1", reason="wrong wage", now=NOW)
    actions.post(contribution("r:2", {ANI: (90, 9)}), now=NOW)
    newest, middle, oldest = queries.history(ANI)
    assert (newest.kind, newest.reverses, newest.reversed_by) == ("contribution", None, None)
    assert (middle.kind, middle.reverses, middle.reason) == ("reversal", wrong.entry_id, "wrong wage")
    assert (oldest.reversed_by, oldest.old_age_balance) == (reversal.entry_id, 100)
    assert queries.history(ANI, limit=1, offset=1) == [middle]
    assert [line.position for line in queries.history(BUDI)] == [2, 1]


def test_a_long_history_with_gaps_is_found_whole_and_page_by_page() -> None:
    days = [
        date(2001, 1, 5),
        date(2001, 2, 5),
        date(2009, 6, 1),
        date(2009, 6, 1),
        date(2024, 12, 31),
        date(2025, 1, 1),
    ]
    for number, day in enumerate(days):
        now = NOW.replace(year=day.year, month=day.month, day=day.day)
        actions.post(contribution(f"r:{number}", {ANI: (100, 10)}, day=date(2000, 12, 1)), now=now)
    whole = queries.history(ANI)
    assert [line.position for line in whole] == [6, 5, 4, 3, 2, 1]
    for limit in (1, 2, 4, 6, 9):
        pages = [queries.history(ANI, limit=limit, offset=offset) for offset in range(0, 9, limit)]
        assert [line for page in pages for line in page] == whole
        assert max(map(len, pages)) <= limit
