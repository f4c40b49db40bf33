"""Read a user's contacts: those confirmed here, and those on file at the fund."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from lumbung import masking
from lumbung.accounts import queries
from lumbung.accounts.models import Phone, User
from lumbung.accounts.notices import queries as notices
from lumbung.registry.models import Person

PHONE = "phone"
EMAIL = "email"
KINDS = (PHONE, EMAIL)


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """The phone or the e-mail address that counts for a user; `value` is empty when there is none.

    Only a confirmed one gets codes. One that is `on_file` is known to the fund and gets its texts and letters.
    """

    kind: str
    value: str
    is_confirmed: bool
    is_on_file: bool

    @property
    def masked(self) -> str:
        return masked(self.kind, self.value)


@dataclass(frozen=True, slots=True, repr=False)
class Channels:
    """Every phone (E.164) and e-mail address under which a user can be told something."""

    phones: tuple[str, ...]
    emails: tuple[str, ...]

    def __or__(self, other: "Channels") -> "Channels":
        return Channels(
            tuple(dict.fromkeys(self.phones + other.phones)), tuple(dict.fromkeys(self.emails + other.emails))
        )


def masked(kind: str, value: str, *, filler: str = "•") -> str:
    """A contact or a bank account as it may be shown: the last four digits, or the first letter and the domain."""
    hidden = masking.masked_email if kind == EMAIL else masking.masked
    return hidden(value, filler=filler)


def contact(user: User, kind: str) -> Contact:
    """The user's contact of that kind: the one kept here, else the one on file."""
    own, is_confirmed = _own(user, kind)
    filed = _filed(user.person, kind)
    value = own or filed
    return Contact(kind, value, is_confirmed, bool(value) and value == filed)


def channels(user: User) -> Channels:
    """Where the user is told of what happens: all that is confirmed here or on file."""
    return Channels(tuple(notices.phones(user)), tuple(notices.addresses(user)))


def owner(kind: str, value: str, *, at: str) -> User | None:
    """Who confirmed this contact, so that nobody else can; `at` is the kind of user who asks.

    An address is one user's at all doors, since allauth keeps it so; a phone is one user's at each door.
    """
    if kind == PHONE:
        return queries.user_by_phone(value, kind=at)
    row = EmailAddress.objects.select_related("user").filter(email=value.lower(), verified=True).first()
    return None if row is None else row.user


def _own(user: User, kind: str) -> tuple[str, bool]:
    if kind == PHONE:
        row = Phone.objects.filter(user=user).first()
        return ("", False) if row is None else (row.number, row.verified_at is not None)
    addresses = EmailAddress.objects.filter(user=user).order_by("-verified", "-primary", "pk")
    address = addresses.first()
    return ("", False) if address is None else (address.email, address.verified)


def _filed(person: Person | None, kind: str) -> str:
    if person is None:
        return ""
    return (person.phone if kind == PHONE else (person.email or "").lower()) or ""
