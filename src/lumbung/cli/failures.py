"""What a command says when the machine fails it: a sentence, never a traceback, and no word of any row."""

from __future__ import annotations

import errno
import os
import sys

import click

GONE = "The database stopped answering in the midst of this. Start it and run this again."
# By SQLSTATE, or by its class: the first two characters.
STATES = {
    "40001": "Another command was in the way of this one, and the database ended this one. Run it again.",
    "40P01": "Another command was in the way of this one, and the database ended this one. Run it again.",
    "53100": "The disk of the database is full. Make room there and run this again.",
    "53": "The database has too little memory, disk or connections left. Make room there and run this again.",
    "08": GONE,
    "57": GONE,
    "57014": "The database was told to stop what this command asked for. Run it again.",
    "25006": "This database is read-only, a copy perhaps. Run this where DATABASE_URL names the primary.",
    "42P01": "The database lacks what this version needs. Run `lumbung db migrate` first.",
    "42703": "The database lacks what this version needs. Run `lumbung db migrate` first.",
    "42883": "The database lacks what this version needs. Run `lumbung db migrate` first.",
    "42501": "The database's role may not do this. Check that DATABASE_URL names the role lumbung_app.",
}
WHOLE = "What was done is whole, and nothing is half done."


def sentence(wrong: Exception) -> str | None:
    """What happened and what to do; None for a mistake of ours, which falls over as it is.

    Of an error of the database only its state is told: its message may show a row with somebody's money.
    """
    if isinstance(wrong, UnicodeEncodeError):
        return _of_words(wrong)
    if isinstance(wrong, OSError):
        return _of_a_file(wrong)
    exceptions = sys.modules.get("django.core.exceptions")
    if exceptions is not None and isinstance(wrong, exceptions.ImproperlyConfigured):
        return str(wrong)
    # A command that asked no database has loaded neither.
    framework, driver = sys.modules.get("django.db.utils"), sys.modules.get("psycopg")
    if framework is not None and isinstance(wrong, framework.Error):
        return f"{_of_the_database(wrong.__cause__ or wrong)} {WHOLE}"
    if driver is not None and isinstance(wrong, driver.Error):
        return f"{_of_the_database(wrong)} {WHOLE}"
    return None


def _of_words(wrong: UnicodeEncodeError) -> str:
    if wrong.encoding.startswith("utf"):
        return "A word of this command is not UTF-8. Write it anew."
    return f"This terminal's encoding ({wrong.encoding}) lacks a letter of the answer. Set PYTHONUTF8=1."


def _of_a_file(wrong: OSError) -> str:
    what = click.format_filename(wrong.filename) if wrong.filename else "Where the answer goes"
    return f"{what} can't be read or written: {wrong.strerror or 'the system gives no reason'}."


def _of_the_database(wrong: BaseException) -> str:
    state = getattr(wrong, "sqlstate", None)
    name = type(wrong).__name__
    if state is None and name in {"OperationalError", "InterfaceError"}:  # of a connection, not of a statement
        return GONE
    said = STATES.get(state or "") or STATES.get((state or "")[:2])
    return said or f"The database refused this ({state or name}), which it should not. Please report that."


def hush_standard_output() -> None:
    """Let nothing more be written there: what could not be written is tried again at the end, with a traceback."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def is_closed_pipe(wrong: Exception) -> bool:
    """Whether a reader went away, as `head` does; click ends such a command without a word."""
    return isinstance(wrong, OSError) and wrong.errno == errno.EPIPE
