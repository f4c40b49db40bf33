"""Read what a member keeps with the fund."""

from django.db.models import QuerySet

from lumbung.profiles.models import BankAccount, Heir
from lumbung.registry.address import Address
from lumbung.registry.models import Person


def heirs(person: Person) -> QuerySet[Heir]:
    """The heirs whom the person named, in his own order."""
    return Heir.objects.filter(person=person).order_by("rank", "pk")


def bank_account(person: Person) -> BankAccount | None:
    """Where the person's benefits go to now."""
    return BankAccount.objects.filter(person=person, until__isnull=True).first()


def address(person: Person) -> Address | None:
    """Where letters reach the person."""
    return Address.of_text(person.address) if person.address else None
