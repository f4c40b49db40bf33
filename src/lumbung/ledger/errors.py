"""What the ledger refuses. A state of SQL that begins with LE is raised by the functions in sql/."""

from typing import ClassVar

from lumbung.errors import Refusal, marked


class LedgerRefusal(Refusal):
    """The books stay as they were."""

    state: ClassVar[str] = ""


class KeyReused(LedgerRefusal):
    """One key stands for one fact."""

    code = "ledger_key_reused"
    state = "LE001"
    sentence = marked("{key} stands in the books already, with other content. Nothing was posted.")


class Unbalanced(LedgerRefusal):
    """Debits and credits differ, or members' lines from their control lines."""

    code = "ledger_unbalanced"
    state = "LE002"
    sentence = marked("{key} does not balance. Nothing was posted.")


class Malformed(LedgerRefusal):
    """Not an entry: an unknown account, an empty line, a member twice, a key or number of a wrong form."""

    code = "ledger_malformed"
    state = "LE003"
    sentence = marked("{key} is not a whole entry. Nothing was posted.")


class WrongBookTime(LedgerRefusal):
    """The books go forward: not into the future, not before what an account or a seal holds already."""

    code = "ledger_book_time"
    state = "LE004"
    sentence = marked(
        "{key} can't be booked at this time: the books are further on, or the clock is wrong. Try again."
    )


class WrongValueDate(LedgerRefusal):
    """What happened can't have happened after it was written down, nor before there were funds."""

    code = "ledger_value_date"
    sentence = marked(
        "{key} has an impossible day: it must lie between 1950 and the day on which it is booked. "
        "Nothing was posted."
    )


class UnknownEntry(LedgerRefusal):
    """There is nothing to reverse."""

    code = "ledger_unknown_entry"
    state = "LE005"
    sentence = marked("There is no entry {entry_id}.")


class NotReversible(LedgerRefusal):
    """What takes back an entry stays; the fact is posted anew."""

    code = "ledger_not_reversible"
    state = "LE006"
    sentence = marked("Entry {entry_id} takes back another and can't be taken back. Post the fact anew.")


class AlreadyReversed(LedgerRefusal):
    """An entry is reversed once."""

    code = "ledger_already_reversed"
    state = "LE007"
    sentence = marked("Entry {entry_id} is reversed already.")


class PartlyCorrected(LedgerRefusal):
    """What is left of an entry is taken back member by member."""

    code = "ledger_partly_corrected"
    state = "LE008"
    sentence = marked(
        "Lines of entry {entry_id} are taken back already, so it can't be reversed as a whole. "
        "Correct the lines of its other members instead."
    )


class AlreadyCorrected(LedgerRefusal):
    """A member's line is taken back once."""

    code = "ledger_already_corrected"
    state = "LE009"
    sentence = marked("The line of a member in entry {entry_id} is taken back already. Nothing was posted.")


class NoSuchLine(LedgerRefusal):
    """Only a line that is there can be taken back."""

    code = "ledger_no_such_line"
    state = "LE011"
    sentence = marked("Entry {entry_id} has no line of one of these members. Nothing was posted.")


class Overdrawn(LedgerRefusal):
    """No total of a member's account may fall below zero."""

    code = "ledger_overdrawn"
    state = "LE012"
    sentence = marked("{key} would take more out of an account than is in it. Nothing was posted.")


class TooLarge(LedgerRefusal):
    """A sum beyond what the books can hold (bigint)."""

    code = "ledger_too_large"
    state = "22003"
    sentence = marked("{key} holds an amount beyond what the books can hold. Nothing was posted.")


class YearNotOver(LedgerRefusal):
    """A year is closed once nothing can be booked in it any more."""

    code = "ledger_year_not_over"
    state = "LE013"
    sentence = marked(
        "The books may still get entries of {year}. Close it when entries of the next year are sealed."
    )


class BooksInUse(LedgerRefusal):
    """Closing a year needs one moment in which nobody reads the books."""

    code = "ledger_books_in_use"
    state = "LE014"
    sentence = marked(
        "Somebody was reading the books all the time, so {year} was not closed. "
        "Try again when no check or export runs."
    )


class Guarded(LedgerRefusal):
    """Somebody tried to change the books past their functions."""

    code = "ledger_guarded"
    state = "LE010"
    sentence = marked("The books are only added to. Correct an entry by reversing it.")


BY_STATE: dict[str, type[LedgerRefusal]] = {
    refusal.state: refusal
    for refusal in (
        KeyReused, Unbalanced, Malformed, WrongBookTime, UnknownEntry, NotReversible, AlreadyReversed,
        PartlyCorrected, AlreadyCorrected, NoSuchLine, Overdrawn, YearNotOver, BooksInUse,
        TooLarge, Guarded,
    )
}  # fmt: skip
BY_CONSTRAINT: dict[str, type[LedgerRefusal]] = {
    "ledger_memberaccount_overdrawn_check": Overdrawn,
    "ledger_entry_key_check": Malformed,
    "ledger_entry_kind_check": Malformed,
    "ledger_entry_reason_check": Malformed,
    "ledger_entry_reversal_check": Malformed,
    "ledger_entry_day_check": WrongValueDate,
    "ledger_entry_reverses_key": AlreadyReversed,
}
