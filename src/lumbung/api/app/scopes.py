"""What a session of a member's app may do: the scopes that the app asked for at log-in."""

from collections.abc import Iterable

from django.contrib.sessions.backends.base import SessionBase

SCOPES = {
    "account": "Read whose account this is.",
    "balance": "Read the balance and the cover.",
    "history": "Read the months: what was expected, reported and paid.",
    "card": "Read the membership card, and make it.",
    "statement": "Have signed statements made.",
    "notices": "Read what the fund told, and note that it was read.",
}
_KEPT = "scopes"


def give(session: SessionBase, asked: Iterable[str]) -> None:
    """Write into a session what its app asked for."""
    chosen = set(asked)
    session[_KEPT] = [scope for scope in SCOPES if scope in chosen]


def held(session: SessionBase) -> list[str]:
    """What a session may; nothing where nothing was written."""
    given: list[str] = session.get(_KEPT, [])
    return [scope for scope in SCOPES if scope in given]
