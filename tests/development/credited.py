"""Invented accounts for the development result: lines by book day and value date, and what the books hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lumbung.development.bookkeeping import Line
from lumbung.ledger import actions as ledger
from lumbung.ledger.drafts import Draft, MemberLines
from lumbung.ledger.models import MemberLine

DECREE = "Decree 12 of 2025 (invented)"


def number(place: int) -> str:
    return f"{10_000_000_000 + place * 37}"


def at(day: date, hour: int = 5) -> datetime:
    """An instant of a book day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Move:
    """Money that comes (above zero) or goes, booked on one day with the value date of another."""

    booked: date
    day: date
    amount: int


def book(key: str, shares: Mapping[str, int], *, day: date, booked: date, now: datetime | None = None) -> int:
    """Contributions (above zero) or withdrawals (below) of some members as one entry; returns its id."""
    numbers = sorted(shares)
    come = [max(shares[n], 0) for n in numbers]
    go = [max(-shares[n], 0) for n in numbers]
    gained = sum(come) - sum(go)
    control = (("bank", gained), ("member_old_age", -gained)) if gained else _level(sum(come))
    draft = Draft(
        key=key.replace(" ", "-"),
        kind="contribution" if gained >= 0 else "withdrawal",
        day=day,
        control=control,
        members=MemberLines(numbers, contributions=come, withdrawals=go),
    )
    return ledger.post(draft, now=now or at(booked)).entry_id


def _level(total: int) -> tuple[tuple[str, int], ...]:
    return (("bank", total), ("member_old_age", -total), ("bank", -total), ("member_old_age", total))


def lines_of(member_number: str) -> list[Line]:
    """The lines of an account as the pure formula takes them, oldest first."""
    rows = MemberLine.objects.filter(member_number=member_number).order_by("position")
    return [Line(row.day, row.contribution, row.development, row.withdrawal) for row in rows]


def books(**filters: object) -> list[tuple[object, ...]]:
    """All lines in order, with everything but ids, entry numbers and book times."""
    return list(
        MemberLine.objects.filter(**filters)
        .order_by("member_number", "position")
        .values_list(
            "member_number", "position", "day", "contribution_month", "contribution", "development", "withdrawal",
            "pension", "pension_months", "contribution_total", "development_total", "withdrawal_total",
            "entry__kind", "entry__day", "entry__key", "entry__reason",
        )
    )  # fmt: skip


def results(year: int) -> dict[str, int]:
    """What each account was credited for a year in all."""
    found: dict[str, int] = {}
    for row in MemberLine.objects.filter(day__year=year).exclude(development=0):
        found[row.member_number] = found.get(row.member_number, 0) + row.development
    return {n: amount for n, amount in found.items() if amount}


def post_all(moves: Iterable[tuple[str, Move]], prefix: str = "m") -> None:
    """Each move as an entry of its own, in the order of book days."""
    for place, (who, move) in enumerate(sorted(moves, key=lambda item: item[1].booked)):
        book(f"{prefix}:{place}", {who: move.amount}, day=move.day, booked=move.booked)
