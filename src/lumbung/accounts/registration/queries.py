"""Read about who registers: whom the facts mean, which contacts count, what is still to be shown."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef

from lumbung.accounts.models import Lock, Phone, User
from lumbung.accounts.phones import account_phone_index
from lumbung.accounts.registration.ways import Way
from lumbung.encryption import blind_index
from lumbung.masking import masked, masked_email
from lumbung.registry.models import MemberNumber, Person
from lumbung.registry.names import same_name

# What is compared when no such number exists, so that the work is the same.
_NOBODY: tuple[Any, ...] = (0, "Nama Siapa Saja", b"", date(1900, 1, 1), None, False)


@dataclass(frozen=True, slots=True)
class Match:
    """A person whose number, NIK and birth date were all right, and whether the name was another."""

    person_id: int
    name_differs: bool


def match(*, number: str, nik: str, born: date, name: str) -> Match | None:
    """Whom the four facts mean; None for an unknown number, a wrong NIK or birth date, who has an account, and who
    is locked: he unlocks at the counter first.

    One query, and the same comparisons whatever is wrong.
    """
    found = MemberNumber.objects.filter(pk=number).values_list(
        "person_id",
        "person__name",
        "person__nik_index",
        "person__birth_date",
        "person__user__is_confirmed",
        Exists(Lock.objects.filter(person=OuterRef("person"), lifted_at__isnull=True)),
    )
    known: tuple[Any, ...] = found.first() or _NOBODY
    person_id, known_as, nik_index, birth_date, has_account, is_locked = known
    has_nik = hmac.compare_digest(bytes(nik_index or b""), blind_index(nik, context="nik"))
    has_born = hmac.compare_digest(birth_date.isoformat(), born.isoformat())
    name_differs = not same_name(name, known_as)
    if not (has_nik & has_born) or has_account or is_locked:
        return None
    return Match(person_id, name_differs)


def person(key: int) -> Person | None:
    """The person who was matched, if nobody confirmed an account for it meanwhile."""
    return Person.objects.exclude(user__is_confirmed=True).filter(pk=key).first()


def registering(key: object) -> User | None:
    """The user who registered by himself, confirmed or not."""
    users = User.objects.select_related("person").filter(registered_at__isnull=False)
    return users.filter(pk=key).first() if isinstance(key, int) else None


def contact(user: User, way: Way) -> str:
    """The phone in E.164 or the e-mail address that the user gave; empty when there is none."""
    if way.is_mail:
        return user.email
    phone = Phone.objects.filter(user=user).first()
    return "" if phone is None else phone.number


def ways(user: User) -> list[Way]:
    """How the user can confirm: by what he gave."""
    given = [Way.SMS] if contact(user, Way.SMS) else []
    return [*given, Way.EMAIL, Way.LINK] if user.email else given


def endings(person: Person) -> Sequence[str]:
    """The person's member numbers as they may be shown, the oldest first."""
    numbers = MemberNumber.objects.filter(person=person).order_by("pk").values_list("pk", flat=True)
    return [masked(number) for number in numbers]


def confirmed_phone(user: User) -> str:
    """The user's phone when it is confirmed, else nothing."""
    phone = Phone.objects.filter(user=user, verified_at__isnull=False).first()
    return "" if phone is None else phone.number


def confirmed_email(user: User) -> str:
    """The user's e-mail address when it is confirmed, else nothing."""
    address = EmailAddress.objects.filter(user=user, email=user.email, verified=True).first()
    return "" if address is None else address.email


def is_taken(user: User, way: Way) -> bool:
    """Whether the contact that the user gave was confirmed by somebody else."""
    if way.is_mail:
        others = EmailAddress.objects.exclude(user=user).filter(email=user.email, verified=True)
        return bool(others.exists())
    index = account_phone_index(contact(user, way))
    phones = Phone.objects.exclude(user=user).filter(kind=user.kind, number_index=index)
    return phones.filter(verified_at__isnull=False).exists()


def on_file(person: Person) -> dict[Way, str]:
    """The contacts that the fund has of a person: at most one phone and one e-mail address."""
    known = {Way.SMS: person.phone, Way.EMAIL: person.email}
    return {way: text for way, text in known.items() if text}


def confirmed(user: User) -> tuple[Way, str]:
    """The contact that the user confirmed, phone before e-mail. One there must be."""
    phone = confirmed_phone(user)
    return (Way.SMS, phone) if phone else (Way.EMAIL, confirmed_email(user))


def has_confirmed(user: User) -> bool:
    """Whether one of the contacts that the user gave is confirmed."""
    return bool(confirmed_phone(user) or confirmed_email(user))


def must_prove(user: User) -> bool:
    """Whether the fund knows contacts of the person, and none of them is among the confirmed ones.

    Somebody else may know all four facts, so then a code must come through a contact on file as well.
    """
    assert user.person is not None
    known = on_file(user.person)
    own = {confirmed_phone(user), confirmed_email(user).casefold()} - {""}
    return bool(known) and own.isdisjoint({known.get(Way.SMS), known.get(Way.EMAIL, "").casefold()})


def shown(way: Way, text: str) -> str:
    """A contact as its owner knows it and nobody else can use it."""
    return masked_email(text) if way.is_mail else masked(text)
