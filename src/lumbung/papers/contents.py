"""What a card and a statement say, as values and as the payload that is signed; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

CARD = "card"
STATEMENT = "statement"
MOST_NUMBERS = 6  # of one person, as the card shows and signs them


class BadContents(Exception):
    """Signed by one of our keys, yet no card and no statement as this version knows them."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What each paper has of its own: a random reference, the fund that issued it, and when."""

    reference: str
    issuer: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A member on a day. `numbers` are the last four digits of each member number.

    `programmes` are those that cover on the day; none of them when the member is not active. `expires_at` is the
    end of its last day.
    """

    issue: Issue
    name: str = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    valid_on: date
    programmes: tuple[str, ...]
    expires_at: datetime

    kind = CARD

    @property
    def is_active(self) -> bool:
        return bool(self.programmes)

    def payload(self) -> dict[str, Any]:
        """As it is signed; names of RFC 7519 where it has one."""
        return {
            **_head(CARD, self.issue),
            "exp": int(self.expires_at.timestamp()),
            "name": self.name,
            "no": " ".join(self.numbers),
            "on": self.valid_on.isoformat(),
            "for": " ".join(self.programmes),
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """The old-age savings of all numbers together between two days, as booked; whole rupiah."""

    issue: Issue
    name: str = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    first: date
    last: date
    opening: int = field(repr=False)
    closing: int = field(repr=False)

    kind = STATEMENT

    def payload(self) -> dict[str, Any]:
        """As it is signed."""
        return {
            **_head(STATEMENT, self.issue),
            "name": self.name,
            "no": " ".join(self.numbers),
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "open": self.opening,
            "close": self.closing,
        }


Contents = Card | Statement


def from_payload(payload: Mapping[str, Any]) -> Contents:
    """The paper behind a payload whose signature is right. Raises BadContents."""
    try:
        issue = Issue(str(payload["jti"]), str(payload["iss"]), _instant(payload["iat"]))
        name, numbers = str(payload["name"]), tuple(payload["no"].split())
        if payload["doc"] == CARD:
            valid_on = date.fromisoformat(payload["on"])
            return Card(issue, name, numbers, valid_on, tuple(payload["for"].split()), _instant(payload["exp"]))
        if payload["doc"] == STATEMENT:
            first, last = date.fromisoformat(payload["from"]), date.fromisoformat(payload["to"])
            return Statement(issue, name, numbers, first, last, int(payload["open"]), int(payload["close"]))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise BadContents from None
    raise BadContents


def endings(numbers: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The last four digits of each number; of many the first ones."""
    return tuple(number[-4:] for number in numbers[:MOST_NUMBERS])


def _head(kind: str, issue: Issue) -> dict[str, Any]:
    return {
        "iss": issue.issuer, "jti": issue.reference, "iat": int(issue.issued_at.timestamp()), "doc": kind,
    }  # fmt: skip


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
