"""Read which phones wait for a word of the person."""

from collections.abc import Sequence

from lumbung.accounts.models import WaitingPhone
from lumbung.registry.models import Person


def waiting(person: Person) -> Sequence[WaitingPhone]:
    """The phones that wait, the newest first; one that came on file meanwhile waits no more."""
    rows = WaitingPhone.objects.filter(person=person, refused_at__isnull=True).order_by("-asked_at", "-pk")
    return [row for row in rows if row.number != person.phone]


def waiting_phone(person: Person, key: int) -> WaitingPhone | None:
    """One of them."""
    return next((row for row in waiting(person) if row.pk == key), None)
