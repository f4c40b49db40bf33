"""Which other member numbers are the same person's, and which were joined."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from lumbung.accounts.models import NumberJoin, User
from lumbung.accounts.registration.queries import confirmed_email, confirmed_phone
from lumbung.encryption import blind_index
from lumbung.registry.likeness import likeness_index
from lumbung.registry.models import MemberNumber, Person
from lumbung.registry.names import same_name

# So long a member can undo a joining by himself; an officer can later too.
UNDONE_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A number that seems to be the same person's. `is_sure`: a contact or the NIK shows it, so that a tap is
    enough; else the member types the number, since namesakes born on one day are many. `key` stands for the number
    in a page, which must not show it whole before it is joined."""

    number: str
    key: str
    is_sure: bool


def proposals(user: User) -> list[Proposal]:
    """Numbers that hang on other rows which seem to be the user's person, the sure ones first."""
    person = user.person
    assert person is not None
    alike = Person.objects.filter(likeness_index=likeness_index(person.name, person.birth_date))
    found = [
        Proposal(number.number, _key(number.number), _is_sure(user, number.person))
        for number in _numbers(Q(person__in=alike)).exclude(person=person)
        if _may_be(number.person, person)
    ]
    return sorted(found, key=lambda proposal: (not proposal.is_sure, proposal.number))


def claimed(user: User, typed: str) -> MemberNumber | None:
    """The number that the user typed whole, when its row may be the user's person; otherwise None."""
    assert user.person is not None
    number = _numbers(Q(pk=typed)).exclude(person=user.person).first()
    return number if number is not None and _may_be(number.person, user.person) else None


def tapped(user: User, key: str) -> MemberNumber | None:
    """The number of a proposal, when it is one for which a tap is enough; otherwise None."""
    sure = {proposal.key: proposal.number for proposal in proposals(user) if proposal.is_sure}
    return claimed(user, sure[key]) if key in sure else None


def _key(number: str) -> str:
    return blind_index(number, context="proposed number").hex()


def _numbers(which: Q) -> QuerySet[MemberNumber]:
    """Numbers on rows that have no account of their own."""
    return MemberNumber.objects.select_related("person").filter(which, person__user__isnull=True)


def _may_be(other: Person, person: Person) -> bool:
    """Whether two rows may be one person: born on one day, of one name, and without two different NIKs."""
    has_other_nik = other.nik is not None and other.nik != person.nik
    return other.birth_date == person.birth_date and not has_other_nik and same_name(other.name, person.name)


def _is_sure(user: User, other: Person) -> bool:
    """Whether more than name and birth date is the same: the NIK, or a contact that the user confirmed."""
    assert user.person is not None
    phone, email = confirmed_phone(user), confirmed_email(user)
    has_nik = other.nik is not None and other.nik == user.person.nik
    has_phone = bool(phone) and _bytes(other.phone_index) == blind_index(phone, context="phone")
    has_email = bool(email) and _bytes(other.email_index) == blind_index(email.casefold(), context="email")
    return has_nik or has_phone or has_email


def _bytes(index: bytes | memoryview | None) -> bytes | None:
    return None if index is None else bytes(index)


@dataclass(frozen=True, slots=True)
class Joined:
    """A number that was joined, and until when the member can undo it by himself."""

    key: int
    number: str
    joined_at: datetime
    until: datetime
    can_be_undone: bool


def joined(user: User, now: datetime) -> list[Joined]:
    """The numbers joined to the user's person, the newest first."""
    rows = NumberJoin.objects.filter(target=user.person, parted_at__isnull=True).order_by("-joined_at", "-pk")
    return [
        Joined(row.pk, row.number_id, row.joined_at, row.joined_at + UNDONE_FOR, now < row.joined_at + UNDONE_FOR)
        for row in rows
    ]
