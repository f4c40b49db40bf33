"""The books as a journal of hledger."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from lumbung.cli.chart import PLACES, Posting, Words, printable

if TYPE_CHECKING:
    from lumbung.ledger.journal import JournalEntry

_TYPES = {"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R"}


def head(remarks: Sequence[str], first_day: date) -> str:
    """What the file is, and how its amounts are written."""
    said = "".join(f"; {printable(remark)}\n" for remark in remarks)
    return f"{said}\ndecimal-mark .\ncommodity 1000. IDR\n\n"


def control_account(code: str, name: str, day: date) -> str:
    """An account of the general ledger, with the code and the name it has in the books."""
    place = PLACES[code]
    kind = "C" if code == "bank" else _TYPES[place.partition(":")[0]]
    return f"account {place}\n    ; type: {kind}, code: {code}\n    ; name: {_tag(name)}\n"


def member_account(place: str, day: date) -> str:
    """An account of a member."""
    return f"account {place}\n"


def entry(entry: "JournalEntry", words: Words) -> str:
    """An entry's head: value date=book date, its number, its kind, and what else is known of it as tags."""
    tags = {
        "key": words.key(entry.key),
        "recorded": entry.recorded_at.isoformat(),
        "reverses": entry.reverses,
        "corrects": entry.corrects,
        "reason": words.reason(entry.reason),
    }
    said = "".join(f"    ; {name}: {_tag(str(value))}\n" for name, value in tags.items() if value)
    return f"\n{entry.day}={entry.book_day} * ({entry.entry_id}) {entry.kind}\n{said}"


def posting(posting: Posting) -> str:
    """An amount on an account. Nobody's words stand here: a comment could give a posting another date."""
    place, amount, part, month = posting
    remark = f"  ; part:{part}" if part else ""
    during = f", month:{month}" if month else ""
    return f"    {place}  {amount} IDR{remark}{during}\n"


def balances(day: date, amounts: Iterable[tuple[str, int]], *, with_sub_accounts: bool) -> str:
    """Assert what stands on accounts before `day`: hledger refuses the journal when it finds otherwise."""
    sign = "=*" if with_sub_accounts else "="
    asserted = "".join(f"    {place}  0 IDR {sign} {amount} IDR\n" for place, amount in amounts)
    return f"\n{day} * balances\n{asserted}"


def _tag(value: str) -> str:
    """A tag's value ends at a comma, so a comma inside becomes a wide one."""
    return printable(value).replace(",", "\N{FULLWIDTH COMMA}")
