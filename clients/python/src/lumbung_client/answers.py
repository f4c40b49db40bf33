"""What the server answers, as frozen values: whole rupiah, exact shares, days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

Told = int | str | bool | Fraction | date | None


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter of the law is from a day on; `content` is a number, text, list or table, or "unknown"."""

    start: date
    content: Any
    title: str
    url: str | None
    confidence: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated number or table of the law. `cases` prove it; they come when it is asked for alone."""

    name: str
    label: str
    unit: str
    values: tuple[Value, ...]
    law_version: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a value of the law stands."""

    parameter: str
    key: str | int | None
    start: date
    title: str
    url: str | None
    confidence: str


@dataclass(frozen=True, slots=True)
class Step:
    """A value and how it follows from those below it."""

    name: str
    label: str
    value: Told
    unit: str
    operation: str
    formula: str
    clause: Clause | None
    steps: tuple["Step", ...]

    def walk(self) -> Iterator["Step"]:
        """This step and all below it."""
        yield self
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a result."""

    name: str
    label: str
    value: Told
    unit: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the law gives, with its version; `notes` by their codes."""

    law_version: str
    figures: tuple[Figure, ...]
    notes: dict[str, str]
    derivation: Step | None

    def amount(self, name: str) -> int:
        """A figure that is a whole number. KeyError without one of this name, TypeError for another kind."""
        found = {figure.name: figure.value for figure in self.figures}[name]
        if isinstance(found, bool) or not isinstance(found, int):
            raise TypeError(f"{name} is no whole number")
        return found


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account it is; member numbers are masked."""

    name: str
    username: str
    member_numbers: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberBalance:
    """What one member number has, in whole rupiah."""

    member_number: str
    old_age_balance: int
    old_age_contributions: int
    old_age_development: int
    old_age_withdrawals: int
    pension_contributions: int
    pension_months_paid: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What all member numbers have, and the cover of today."""

    as_of: date
    old_age_balance: int
    accounts: tuple[NumberBalance, ...]
    active: bool
    reason: str
    employer: str | None
    programmes: tuple[str, ...]
    last_month_paid: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """One month from one employer, as paid, in whole rupiah."""

    month: str
    member_number: str
    employer: str
    wage: int
    jht_employer: int
    jht_member: int
    jp_employer: int
    jp_member: int
    jkk: int
    jkm: int
    paid_on: date
    is_taken_back: bool


@dataclass(frozen=True, slots=True)
class MonthState:
    """What is true of a month with one payer, and who must act by when; whole rupiah, None where nobody knows.

    `employer` is None where the member pays; `by` is None for at once, and where `who` is nobody.
    """

    month: str
    member_number: str
    segment: str
    employer: str | None
    state: str
    sentence: str
    is_problem: bool
    who: str
    by: date | None
    due: date | None
    wage: int | None
    expected: int | None
    reported: int | None
    paid: int
    waiting: int
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class Months:
    """The months of one year, the newest first, and all years of which something is known."""

    year: int | None
    years: tuple[int, ...]
    months: tuple[MonthState, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """The membership card that stands, as it was signed; `text` is what its QR code holds."""

    reference: str
    text: str
    name: str
    member_numbers: tuple[str, ...]
    valid_on: date
    active: bool
    programmes: tuple[str, ...]
    last_day: date
    is_over: bool
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One message of the inbox; `kind` is what it is about: security, contact, request, contribution, …"""

    id: int
    kind: str
    title: str
    text: str
    made_at: datetime
    is_new: bool


def told(value: Any, unit: str) -> Told:
    """A value as its unit says: days as days, exact shares as fractions."""
    if unit == "day" and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, str) and "/" in value:
        return Fraction(value)
    found: Told = value
    return found


def step(data: dict[str, Any]) -> Step:
    """A derivation from its data."""
    at = data.get("clause")
    clause = None if at is None else Clause(**{**_without(at, "from"), "start": date.fromisoformat(at["from"])})
    below = tuple(step(each) for each in data.get("steps", ()))
    facts = _without(data, "clause", "steps", "value")
    return Step(**facts, value=told(data["value"], data["unit"]), clause=clause, steps=below)


def result(data: dict[str, Any]) -> Result:
    """A result from its data."""
    figures = tuple(
        Figure(each["name"], each["label"], told(each["value"], each["unit"]), each["unit"])
        for each in data["figures"]
    )
    notes = {note["code"]: note["text"] for note in data["notes"]}
    derivation = None if data["derivation"] is None else step(data["derivation"])
    return Result(data["law_version"], figures, notes, derivation)


def parameter(data: dict[str, Any], law_version: str, cases: tuple[str, ...] = ()) -> Parameter:
    """A parameter from its data."""
    values = tuple(
        Value(date.fromisoformat(each["from"]), each["value"], each["title"], each["url"], each["confidence"])
        for each in data["values"]
    )
    return Parameter(data["name"], data["label"], data["unit"], values, law_version, cases)


def balance(data: dict[str, Any]) -> Balance:
    """A balance from its data."""
    accounts = tuple(NumberBalance(**each) for each in data["accounts"])
    facts = _without(data, "accounts", "as_of", "programmes")
    day, programmes = date.fromisoformat(data["as_of"]), tuple(data["programmes"])
    return Balance(**facts, as_of=day, accounts=accounts, programmes=programmes)


def month(data: dict[str, Any]) -> Month:
    """A month paid from its data."""
    return Month(**_without(data, "paid_on"), paid_on=date.fromisoformat(data["paid_on"]))


def months(data: dict[str, Any]) -> Months:
    """A year's months from their data."""
    found = tuple(MonthState(**_with_days(each, "by", "due", "paid_on")) for each in data["months"])
    return Months(data["year"], tuple(data["years"]), found)


def card(data: dict[str, Any]) -> Card:
    """A card from its data."""
    lists = {name: tuple(data[name]) for name in ("member_numbers", "programmes")}
    return Card(**_with_days({**data, **lists, "issued_at": _instant(data["issued_at"])}, "valid_on", "last_day"))


def notice(data: dict[str, Any]) -> Notice:
    """A message from its data."""
    return Notice(**{**data, "made_at": _instant(data["made_at"])})


def _with_days(data: dict[str, Any], *names: str) -> dict[str, Any]:
    days = {name: None if data[name] is None else date.fromisoformat(data[name]) for name in names}
    return {**data, **days}


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}
