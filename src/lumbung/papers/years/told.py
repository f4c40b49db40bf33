"""The figures of a yearly page, and their form in which they are kept; pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Expected:
    """What the middle scenario of the projection says: old age on a day, and a pension from a day on.

    Whole rupiah, of then (`future`) and in today's prices (`today`). `pension_kind` is periodic (each month),
    lump_sum, or empty when no month of it was or will be paid.
    """

    old_age_on: date
    old_age_future: int = field(repr=False)
    old_age_today: int = field(repr=False)
    pension_kind: str
    pension_from: date | None
    pension_future: int = field(repr=False)
    pension_today: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What a year brought, by value dates: `opening` + `contributions` + `result` − `withdrawals` = `closing`.

    `result` is None while the year's result is not decided. `expected` is None when nothing can be said.
    """

    opening: int = field(repr=False)
    contributions: int = field(repr=False)
    months: int
    employers: tuple[str, ...]
    result: int | None = field(repr=False)
    rate: str
    withdrawals: int = field(repr=False)
    closing: int = field(repr=False)
    pension: int = field(repr=False)
    expected: Expected | None

    @property
    def is_empty(self) -> bool:
        """Whether there was never anything to tell of."""
        return not (self.opening or self.contributions or self.result or self.withdrawals or self.pension)

    def as_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, kept: str) -> "Told":
        """As it was kept."""
        facts = json.loads(kept)
        expected = facts.pop("expected")
        employers = tuple(facts.pop("employers"))
        return cls(**facts, employers=employers, expected=expected and _expected(expected))


def _expected(facts: Mapping[str, Any]) -> Expected:
    days = {name: date.fromisoformat(facts[name]) for name in ("old_age_on", "pension_from") if facts[name]}
    return Expected(**{**facts, **days})
