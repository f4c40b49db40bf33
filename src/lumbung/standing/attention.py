"""What needs a member's attention besides his months, read in one statement."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db import connection

from lumbung.accounts.models import User
from lumbung.registry.likeness import likeness_index
from lumbung.registry.names import same_name

# What is told first.
ORDER = ("read_only", "cooling", "phone", "number", "case")


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that waits: `what` of ORDER, what it is about, and until when (None: no end, or none is known).

    `about` is the kind of a case or of a contact, the cause of an account that only shows; nothing for a number.
    """

    what: str
    about: str
    at: datetime | None


def attention(user: User, *, now: datetime) -> list[Notice]:
    """All that waits for a member, what bars most first.

    A number is told as `accounts.numbers.queries.proposals` would find it: the index says who may be meant, NIK
    and name are compared.
    """
    person = user.person
    assert person is not None, "a member's user has a person"
    arguments: dict[str, int | datetime | bytes | None] = {
        "person": person.pk,
        "user": user.pk,
        "now": now,
        "likeness": likeness_index(person.name, person.birth_date),
        "nik": None if person.nik_index is None else bytes(person.nik_index),
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(), arguments)
        rows = cursor.fetchall()
    numbers = [row for row in rows if row[0] == "number" and same_name(row[1], person.name)]
    found = [Notice(*row) for row in rows if row[0] != "number"]
    found += [Notice("number", "", None)] if numbers else []
    return sorted(found, key=lambda notice: (ORDER.index(notice.what), notice.about))


@lru_cache(maxsize=1)
def _statement() -> str:
    return (Path(__file__).parent / "sql" / "attention.sql").read_text(encoding="utf-8")
