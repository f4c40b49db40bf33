"""The ledger's accounts as accountants file them, and what the exports of the books have in common."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # the ledger can be imported only once Django is set up
    from lumbung.ledger.journal import JournalEntry, JournalLine

MEMBERS = {"member_old_age": "Liabilities:Members:OldAge", "member_pension": "Liabilities:Members:Pension"}
# What the fund owes stands under Liabilities: to members, to whom money in suspense belongs, to the tax office.
# Premiums and fines are earned. The reserve is what was earned with members' money and not yet credited to them.
PLACES = {
    "bank": "Assets:Bank",
    "receivable": "Assets:Receivable:Employers",
    **MEMBERS,
    "suspense": "Liabilities:Suspense",
    "tax_withheld": "Liabilities:TaxWithheld",
    "development_reserve": "Equity:DevelopmentReserve",
    "premium_accident": "Income:Premiums:Accident",
    "premium_death": "Income:Premiums:Death",
    "premium_job_loss": "Income:Premiums:JobLoss",
    "premium_migrant": "Income:Premiums:Migrant",
    "fines": "Income:Fines",
}
Number = Callable[[str], str]


class Posting(NamedTuple):
    """An amount on an account, debits positive. A member's has the part of his line that it is, and its month."""

    place: str
    amount: int
    part: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """How numbers and words of the books appear outside: as they are, or behind pseudonyms."""

    number: Number
    key: Callable[[str], str]
    reason: Callable[[str], str]


class Format(Protocol):
    """What a module that writes for one program offers. Everything is text with whole lines."""

    def head(self, remarks: Sequence[str], first_day: date) -> str: ...

    def control_account(self, code: str, name: str, day: date) -> str: ...

    def member_account(self, place: str, day: date) -> str: ...

    def entry(self, entry: "JournalEntry", words: Words) -> str: ...

    def posting(self, posting: Posting) -> str: ...

    def balances(self, day: date, amounts: Iterable[tuple[str, int]], *, with_sub_accounts: bool) -> str: ...


def printable(text: str) -> str:
    """The text on one line, whatever stands in it: any space is a blank, what has no glyph is �."""
    return "".join(map(_glyph, text)) if not (text.isascii() and text.isprintable()) else text


def _glyph(letter: str) -> str:
    if letter.isprintable():
        return letter
    return " " if unicodedata.category(letter) == "Zs" else "\N{REPLACEMENT CHARACTER}"


def as_it_is(number: str) -> str:
    """A member number as part of an account's name, which may not begin with a hyphen."""
    return number if number[0] != "-" else f"No{number}"


def postings(entry: "JournalEntry", lines: Iterable["JournalLine"] | None, number: Number) -> Iterator[Posting]:
    """What an entry posts: each member's line on his own accounts, in the place of the members' control lines.

    So members who do not sum to their control lines make an entry that does not balance. With `lines` None the
    control lines stay.
    """
    for code, amount in entry.control:
        if lines is None or code not in MEMBERS:
            yield Posting(PLACES[code], amount)
    old_age, pension = MEMBERS.values()
    for member_number, day, contribution, development, withdrawal, paid_for_pension in lines or ():
        who, month = number(member_number), day.isoformat()[:7] if day else ""
        if contribution:
            yield Posting(f"{old_age}:{who}", -contribution, "contribution", month)
        if development:
            yield Posting(f"{old_age}:{who}", -development, "development", month)
        if withdrawal:
            yield Posting(f"{old_age}:{who}", withdrawal, "withdrawal", month)
        if paid_for_pension:
            yield Posting(f"{pension}:{who}", -paid_for_pension, "pension", month)


def open_words() -> Words:
    """Numbers, keys and reasons as they stand in the books."""
    return Words(as_it_is, lambda key: key, lambda reason: reason)


def hidden_words(pseudonym: Number) -> Words:
    """Pseudonyms for numbers and for long figures in keys; no reasons, since anything may stand in them."""
    return Words(
        pseudonym,
        lambda key: re.sub(r"[0-9]{8,}", lambda figures: pseudonym(figures[0]), key),
        lambda reason: reason and "(left out)",
    )
