"""Where a user is logged in, and what happened with the account."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from lumbung.accounts.models import AccessEvent, User
from lumbung.accounts.sessions import devices, places


@dataclass(frozen=True, slots=True)
class Device:
    """One session as its owner sees it."""

    id: int
    device: str
    place: str
    since: datetime
    last_seen: datetime
    is_this: bool


def logged_in(user: User, *, session_key: str | None, here: str, now: datetime) -> list[Device]:
    """The user's sessions that are not over, this one first, then the latest used first."""
    rows = list(UserSession.objects.filter(user=user))
    alive = set(
        Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now).values_list(
            "session_key", flat=True
        )
    )
    found = [
        Device(
            id=row.pk,
            device=devices.words(row.user_agent),
            place=places.words(row.ip, here=here),
            since=row.created_at,
            last_seen=row.last_seen_at,
            is_this=row.session_key == session_key,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda one: (not one.is_this, -one.last_seen.timestamp()))


def events(user: User) -> QuerySet[AccessEvent]:
    """What happened with the user's account and record, the newest first."""
    if user.person_id is not None:
        return AccessEvent.objects.filter(person_id=user.person_id).order_by("-at", "-pk").select_related("actor")
    return AccessEvent.objects.filter(user=user).order_by("-at", "-pk").select_related("actor")


def events_of_others(user: User) -> QuerySet[AccessEvent]:
    """What somebody else did with the account or saw of the record: officers, above all. The newest first."""
    return events(user).filter(actor__isnull=False).exclude(actor=user)
