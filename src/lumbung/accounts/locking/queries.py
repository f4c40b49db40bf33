"""Whether a person is locked."""

from datetime import datetime, timedelta

from django.conf import settings

from lumbung.accounts.locking.errors import PersonLocked
from lumbung.accounts.models import AccessEvent, Lock, User
from lumbung.registry.models import Person

# What lets somebody in who may only hold the member's phone.
SET_ANEW = ("password_reset", "recovered")


def lock_of(person: Person) -> Lock | None:
    """The lock that stands."""
    return Lock.objects.filter(person=person, lifted_at__isnull=True).first()


def require_open(person: Person | None) -> None:
    """Whatever changes or pays out something of a person's asks this first. Raises PersonLocked."""
    if person is not None and lock_of(person) is not None:
        raise PersonLocked


def locked_from(place: str, person: Person, since: datetime) -> int:
    """How many locks were set from that place since then, those that stand and those that were lifted."""
    return Lock.objects.filter(person=person, place=place, since__gt=since).count()


def was_set_anew(user: User, lock: Lock) -> bool:
    """Whether the password was set anew, without knowing the old one, since shortly before the lock."""
    since = lock.since - timedelta(days=settings.LUMBUNG_COOLING_OFF_DAYS)
    return AccessEvent.objects.filter(user=user, what__in=SET_ANEW, at__gte=since).exists()
