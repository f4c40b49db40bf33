"""What a settled correction means in the books: which lines go, and what stands for them from which day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lumbung.contributions.bookkeeping import Columns, Premiums, contribution, return_key
from lumbung.law.month import Month
from lumbung.ledger.drafts import Draft, MemberLines


@dataclass(frozen=True, slots=True)
class Held:
    """What a member got by one entry: whole rupiah, and whether it counted a pension month."""

    old_age: int
    pension: int
    pension_months: int


@dataclass(frozen=True, slots=True)
class Layer:
    """An entry of the return that was wrong: its value date, and what the corrected members got by it."""

    entry_id: int
    day: date
    held: Mapping[str, Held]


@dataclass(frozen=True, slots=True)
class Pair:
    """A wrong line and the right one: members and amounts, in whole rupiah.

    `was_counted` and `is_counted` say whether another line in force counts the wrong or the right pension month.
    """

    wrong_member: str
    right_member: str
    old_age: int
    pension: int
    was_counted: bool
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """The facts of a correction that is to be booked; `day` is that of the money it asked for, if it did."""

    return_id: int
    wrong_month: Month
    right_month: Month
    day: date
    reason: str
    pairs: Sequence[Pair]
    layers: Sequence[Layer]

    def counted_here(self, number: str) -> int:
        """Whether the wrong lines counted the member's pension month (1 or 0)."""
        return sum(layer.held[number].pension_months for layer in self.layers if number in layer.held)

    def new_month(self, pair: Pair) -> int:
        """Whether the right line counts its pension month (1 or 0)."""
        if not pair.pension:
            return 0
        if self.stays(pair) and pair.was_counted:
            return self.counted_here(pair.wrong_member)
        return int(not pair.is_counted)

    def stays(self, pair: Pair) -> bool:
        """Whether the right line is of the same member and month as the wrong one."""
        return pair.wrong_member == pair.right_member and self.wrong_month == self.right_month


def right_drafts(correction: Correction, premiums: Premiums) -> list[Draft]:
    """The drafts of what is right, a value date each, by date: the money keeps the day on which the bank got it.

    What a member had already keeps its days, the oldest money first; only what comes on top has the day of the
    correction's own payment. The premiums stand in the last draft.
    """
    shares = _shares(correction)
    days = sorted(shares) or [correction.day] * bool(premiums.total)
    drafts = []
    for place, day in enumerate(days, 1):
        drafts.append(
            contribution(
                key=return_key(correction.return_id, place),
                month=correction.right_month,
                day=day,
                columns=_columns(shares.get(day, {})),
                premiums=premiums if place == len(days) else Premiums(0, 0),
                reason=correction.reason,
            )
        )
    return drafts


Share = tuple[int, int, int]


def _shares(correction: Correction) -> dict[date, dict[str, Share]]:
    """Day → member → old age, pension and pension months of the right lines."""
    shares: dict[date, dict[str, Share]] = defaultdict(dict)
    for pair in correction.pairs:
        months = correction.new_month(pair)
        for day, old_age, pension in _parts(correction, pair):
            had = shares[day].get(pair.right_member, (0, 0, 0))
            counts = months if pension else 0
            months -= counts
            shares[day][pair.right_member] = (had[0] + old_age, had[1] + pension, had[2] + counts)
    return shares


def _parts(correction: Correction, pair: Pair) -> Iterator[tuple[date, int, int]]:
    """Day, old age and pension of a right line: first what the wrong one held, then the rest; none empty."""
    old_age, pension = pair.old_age, pair.pension
    for layer in sorted(correction.layers, key=lambda layer: layer.day):
        held = layer.held.get(pair.wrong_member, Held(0, 0, 0))
        part = min(held.old_age, old_age), min(held.pension, pension)
        if any(part):
            yield layer.day, *part
        old_age, pension = old_age - part[0], pension - part[1]
    if old_age or pension:
        yield correction.day, old_age, pension


def _columns(shares: Mapping[str, Share]) -> Columns:
    numbers = sorted(shares)
    return Columns(
        member_numbers=numbers,
        old_age=[shares[number][0] for number in numbers],
        pension=[shares[number][1] for number in numbers],
        pension_months=[shares[number][2] for number in numbers],
    )


def kept_months(correction: Correction) -> Draft | None:
    """The draft that lets a pension month count on, when its line is taken back and another payment stands for it.

    It moves no money: what it takes from a control account it gives back.
    """
    kept = sorted(
        pair.wrong_member
        for pair in correction.pairs
        if pair.was_counted
        and correction.counted_here(pair.wrong_member)
        and not (correction.stays(pair) and pair.pension)
    )
    if not kept:
        return None
    return Draft(
        key=f"{return_key(correction.return_id)}:months",
        kind="pension_months",
        day=correction.day,
        control=(("suspense", len(kept)), ("suspense", -len(kept))),
        members=MemberLines(kept, [correction.wrong_month.first_day], pension_months=[1]),
        reason=correction.reason,
    )


def taken_back(layer: Layer, premiums: Premiums) -> tuple[tuple[str, int], ...]:
    """The lines of the general ledger that undo the members' lines of a layer, and these premiums."""
    members = [
        ("member_old_age", sum(held.old_age for held in layer.held.values())),
        ("member_pension", sum(held.pension for held in layer.held.values())),
    ]
    debits = [(account, amount) for account, amount in members if amount]
    debits += [(account, -amount) for account, amount in premiums.credits]
    return (*debits, ("suspense", -sum(amount for _, amount in debits)))


def premiums_taken_back(correction: Correction, premiums: Premiums) -> Draft:
    """The draft that undoes premiums of lines by which no member got anything."""
    return Draft(
        key=f"{return_key(correction.return_id)}:back",
        kind="premiums_back",
        day=correction.layers[-1].day,
        control=taken_back(Layer(0, correction.day, {}), premiums),
        reason=correction.reason,
    )
