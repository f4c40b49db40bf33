"""Invented entries for the ledger's tests."""

from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime

from lumbung.ledger.drafts import Draft, MemberLines

DAY = date(2025, 3, 10)
NOW = datetime(2025, 3, 11, 3, 0, tzinfo=UTC)
MONTH = date(2025, 2, 1)
ANI, BUDI, CITRA = "10000000001", "10000000002", "123456789012"
DEWI, EKA = "20000000004", "20000000005"


def contribution(
    key: str, shares: Mapping[str, tuple[int, int]], *, day: date = DAY, month: date = MONTH
) -> Draft:
    """Old-age and pension contributions of some members, received at the bank."""
    numbers = sorted(shares)
    old_age = [shares[number][0] for number in numbers]
    pension = [shares[number][1] for number in numbers]
    amounts = {
        "bank": sum(old_age) + sum(pension),
        "member_old_age": -sum(old_age),
        "member_pension": -sum(pension),
    }
    lines = MemberLines(numbers, [month], old_age, (), (), pension, [int(amount > 0) for amount in pension])
    return Draft(key, "contribution", day, [item for item in amounts.items() if item[1]], lines)


def development(key: str, amounts: Mapping[str, int], *, day: date = DAY) -> Draft:
    """A development result, from the reserve."""
    numbers = sorted(amounts)
    total = sum(amounts.values())
    lines = MemberLines(numbers, developments=[amounts[number] for number in numbers])
    return Draft(key, "development", day, (("development_reserve", total), ("member_old_age", -total)), lines)


def withdrawal(key: str, amounts: Mapping[str, int], *, day: date = DAY) -> Draft:
    """Old-age money paid out."""
    numbers = sorted(amounts)
    total = sum(amounts.values())
    lines = MemberLines(numbers, withdrawals=[amounts[number] for number in numbers])
    return Draft(key, "withdrawal", day, (("member_old_age", total), ("bank", -total)), lines)


def receipt(key: str, amount: int, *, day: date = DAY) -> Draft:
    """Money at the bank that is nobody's yet."""
    return Draft(key, "receipt", day, (("bank", amount), ("suspense", -amount)))


@contextmanager
def plain(url: str, *, autocommit: bool = True):
    """A connection with nothing of Django in between."""
    import psycopg

    with psycopg.connect(url, autocommit=autocommit) as connection:
        yield connection
