"""Lock a person, and unlock again. Every contact is told of both, and the access log has a line."""

from datetime import datetime

from django.db import transaction

from lumbung.accounts import actions as accounts
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.contacts.queries import Channels
from lumbung.accounts.locking import queries
from lumbung.accounts.locking.errors import UnlockAtCounter
from lumbung.accounts.models import Lock, User
from lumbung.registry.models import Person


@transaction.atomic
def lock(
    person: Person,
    *,
    place: str,
    now: datetime,
    actor: User | None = None,
    reason: str | None = None,
    heard: str | None = None,
) -> Lock:
    """Have nothing of the person's changed or paid out from now on; who is locked already stays so, untold.

    `heard` is a phone (E.164) that is answered anyway, so it gets no second text. `reason` is an officer's.
    """
    _one_at_a_time(person)
    standing = queries.lock_of(person)
    if standing is not None:
        return standing
    made = Lock.objects.create(person=person, place=place, since=now)
    user = _user(person)
    accounts.note_access("locked", person=person, user=user, actor=actor, place=place, reason=reason, now=now)
    _tell(person, user, "locked", now=now, heard=heard)
    return made


@transaction.atomic
def unlock(person: Person, *, actor: User, place: str, now: datetime, reason: str | None = None) -> None:
    """Let the person go again. The door has asked a member for fresh proof, an officer for a reason.

    Raises UnlockAtCounter for a member whose password was set anew since shortly before the lock.
    """
    _one_at_a_time(person)
    standing = queries.lock_of(person)
    if standing is None:
        return
    if actor.kind == User.Kind.MEMBER and queries.was_set_anew(actor, standing):
        raise UnlockAtCounter
    standing.lifted_at = now
    standing.save(update_fields=["lifted_at"])
    user = _user(person)
    accounts.note_access("unlocked", person=person, user=user, actor=actor, place=place, reason=reason, now=now)
    _tell(person, user, "unlocked", now=now)


def _one_at_a_time(person: Person) -> None:
    """Who changes something of the person's holds the same row, so a lock comes before it or after it."""
    Person.objects.select_for_update(no_key=True, of=("self",)).values_list("pk").get(pk=person.pk)


def _user(person: Person) -> User | None:
    return User.objects.select_related("person").filter(person=person, is_confirmed=True).first()


def _tell(person: Person, user: User | None, word: str, *, now: datetime, heard: str | None = None) -> None:
    channels = known.channels(user) if user is not None else _on_file(person)
    told = Channels(tuple(phone for phone in channels.phones if phone != heard), channels.emails)
    if user is not None:
        contacts.tell_user(user, told, word, now=now, at=now)
    else:
        contacts.tell(told, word, language=person.language, now=now, at=now)


def _on_file(person: Person) -> Channels:
    return Channels(*((value,) if value else () for value in (person.phone, person.email)))
