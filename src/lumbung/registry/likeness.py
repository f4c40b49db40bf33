"""Under which index rows are found that may be the same person's: name and birth date together."""

from datetime import date

from lumbung.encryption import blind_index
from lumbung.registry.names import name_key


def likeness_index(name: str, born: date) -> bytes:
    """The blind index of a birth date with a name in most of its spellings; never of the birth date alone.

    Namesakes born on one day share it, so whoever is found is only a candidate.
    """
    return blind_index(f"{born.isoformat()} {name_key(name)}", context="name and birth date")
