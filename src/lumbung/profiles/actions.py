"""Change what a member keeps with the fund. Each deed leaves a line in his access log, and he is told."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from lumbung import masking
from lumbung.accounts.actions import note_access
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.locking.queries import require_open
from lumbung.accounts.models import AccessEvent, ContactChange, User
from lumbung.profiles.banks import banks
from lumbung.profiles.errors import BadAccountNumber, HeirGone, HolderDiffers, TooManyHeirs, UnknownBank
from lumbung.profiles.models import MOST_HEIRS, BankAccount, Heir
from lumbung.registry import actions as registry
from lumbung.registry.address import Address
from lumbung.registry.models import Person
from lumbung.registry.names import same_name

# Who puts a list of heirs in order is told of it once.
TOLD_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewHeir:
    """An heir as the member names him."""

    name: str = field(repr=False)
    relation: str
    rank: int
    birth_date: date | None = field(default=None, repr=False)


@transaction.atomic
def set_address(user: User, address: Address, *, place: str, now: datetime) -> None:
    """Keep where letters reach the member. What is there already is no change."""
    person = _locked(user)
    if person.address == address.as_text():
        return
    registry.set_address(person, address)
    note_access("address_changed", user=user, actor=user, place=place, now=now)
    contacts.tell_user(user, known.channels(user), "address_changed", now=now, at=now)


@transaction.atomic
def add_heir(user: User, heir: NewHeir, *, place: str, now: datetime) -> Heir:
    """Name one more heir; the same one twice is one. Raises TooManyHeirs."""
    person = _locked(user)
    there = list(Heir.objects.filter(person=person))
    same = [row for row in there if _facts(row) == heir]
    if same:
        return same[0]
    if len(there) >= MOST_HEIRS:
        raise TooManyHeirs(most=MOST_HEIRS)
    made = Heir.objects.create(
        person=person, rank=heir.rank, relation=heir.relation, name=heir.name, birth_date=heir.birth_date
    )
    _tell_heirs(user, place=place, now=now)
    return made


@transaction.atomic
def change_heir(user: User, heir_id: int, heir: NewHeir, *, place: str, now: datetime) -> Heir:
    """Name an heir otherwise. Raises HeirGone."""
    row = Heir.objects.filter(pk=heir_id, person=_locked(user)).first()
    if row is None:
        raise HeirGone
    if _facts(row) == heir:
        return row
    row.rank, row.relation, row.name, row.birth_date = heir.rank, heir.relation, heir.name, heir.birth_date
    row.save(update_fields=["rank", "relation", "name", "birth_date"])
    _tell_heirs(user, place=place, now=now)
    return row


@transaction.atomic
def remove_heir(user: User, heir_id: int, *, place: str, now: datetime) -> None:
    """Take an heir off the list."""
    removed, _ = Heir.objects.filter(pk=heir_id, person=_locked(user)).delete()
    if removed:
        _tell_heirs(user, place=place, now=now)


def _facts(row: Heir) -> NewHeir:
    return NewHeir(name=row.name, relation=row.relation, rank=row.rank, birth_date=row.birth_date)


def _tell_heirs(user: User, *, place: str, now: datetime) -> None:
    was_told = AccessEvent.objects.filter(user=user, what="heirs_changed", at__gt=now - TOLD_EVERY).exists()
    note_access("heirs_changed", user=user, actor=user, place=place, now=now)
    if not was_told:
        contacts.tell_user(user, known.channels(user), "heirs_changed", now=now, at=now)


@transaction.atomic
def set_bank_account(
    user: User, *, bank: str, number: str, holder: str, place: str, now: datetime
) -> ContactChange | None:
    """Have benefits paid to this account from now on, once the change has cooled off; every channel is told.

    `number` is digits only. None when it is the account in use already. Raises UnknownBank, BadAccountNumber,
    HolderDiffers.
    """
    person = _locked(user)
    known_bank = banks().get(bank)
    if known_bank is None:
        raise UnknownBank
    if not known_bank.takes(number):
        raise BadAccountNumber(bank=known_bank.name)
    if not same_name(holder, person.name):
        raise HolderDiffers
    before = BankAccount.objects.filter(person=person, until__isnull=True).first()
    if before is not None and (before.bank, before.number, before.holder) == (bank, number, holder):
        return None
    _end(before, now)
    BankAccount.objects.create(person=person, bank=bank, number=number, holder=holder, since=now)
    change = contacts.note_change(
        user, ContactChange.Kind.BANK, old=before.number if before else "", new=number, now=now
    )
    note_access("bank_changed", user=user, actor=user, place=place, now=now)
    shown = f"{known_bank.name} {masking.masked(number, filler='*')}"
    told = known.channels(user)
    contacts.tell_user(user, told, "bank_changed", now=now, new=shown, at=now, until=change.cools_until)
    return change


@transaction.atomic
def drop_bank_account(user: User, *, place: str, now: datetime) -> None:
    """Have nothing paid to the account any more."""
    before = BankAccount.objects.filter(person=_locked(user), until__isnull=True).first()
    if before is None:
        return
    _end(before, now)
    note_access("bank_removed", user=user, actor=user, place=place, now=now)
    contacts.tell_user(user, known.channels(user), "bank_removed", now=now, at=now)


def _end(account: BankAccount | None, now: datetime) -> None:
    if account is not None:
        account.until = now
        account.save(update_fields=["until"])


@transaction.atomic
def set_language(user: User, language: str, *, place: str, now: datetime) -> None:
    """Write to the member in this language, by whatever channel."""
    if user.language == language:
        return
    user.language = language
    user.save(update_fields=["language"])
    if user.person is not None:
        registry.set_language(user.person, language)
    note_access("language_changed", user=user, actor=user, place=place, now=now)


def _locked(user: User) -> Person:
    """The member's rows, the account's first, so that two changes at once come one after the other.

    Raises PersonLocked: what is kept here is where money goes and to whom.
    """
    assert user.person_id is not None
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    person = Person.objects.select_for_update(no_key=True).get(pk=user.person_id)
    require_open(person)
    return person
