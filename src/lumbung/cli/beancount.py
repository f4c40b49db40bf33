"""The books as an input file of Beancount."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from lumbung.cli.chart import PLACES, Posting, Words, printable

if TYPE_CHECKING:
    from lumbung.ledger.journal import JournalEntry


def head(remarks: Sequence[str], first_day: date) -> str:
    """What the file is, and how its amounts are written: to the rupiah, without tolerance."""
    said = "".join(f"; {printable(remark)}\n" for remark in remarks)
    return (
        f'{said}\noption "title" "Lumbung"\noption "operating_currency" "IDR"\n'
        f'option "inferred_tolerance_default" "IDR:0"\n\n{first_day} commodity IDR\n'
    )


def control_account(code: str, name: str, day: date) -> str:
    """An account of the general ledger, with the code and the name it has in the books."""
    return f"{day} open {PLACES[code]} IDR\n  code: {_string(code)}\n  name: {_string(name)}\n"


def member_account(place: str, day: date) -> str:
    """An account of a member."""
    return f"{day} open {place} IDR\n"


def entry(entry: "JournalEntry", words: Words) -> str:
    """An entry's head: value date, kind, links to itself and to what it takes back, all else as metadata."""
    taken_back = entry.reverses or entry.corrects
    link = f" ^entry-{taken_back}" if taken_back else ""
    known = {
        "entry": entry.entry_id,
        "key": _string(words.key(entry.key)),
        "booked": entry.book_day,
        "recorded": _string(entry.recorded_at.isoformat()),
        "reverses": entry.reverses,
        "corrects": entry.corrects,
        "reason": entry.reason and _string(words.reason(entry.reason)),
    }
    said = "".join(f"  {name}: {value}\n" for name, value in known.items() if value)
    return f"\n{entry.day} * {_string(entry.kind)} ^entry-{entry.entry_id}{link}\n{said}"


def posting(posting: Posting) -> str:
    """An amount on an account."""
    place, amount, part, month = posting
    what = f'    part: "{part}"\n' if part else ""
    during = f'    month: "{month}"\n' if month else ""
    return f"  {place}  {amount} IDR\n{what}{during}"


def balances(day: date, amounts: Iterable[tuple[str, int]], *, with_sub_accounts: bool) -> str:
    """Assert what stands on accounts before `day`, sub-accounts included: bean-check tells what differs."""
    return "\n" + "".join(f"{day} balance {place}  {amount} IDR\n" for place, amount in amounts)


def _string(text: str) -> str:
    quoted = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'
