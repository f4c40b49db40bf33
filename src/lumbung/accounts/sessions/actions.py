"""Note where a user logs in, and end sessions."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction

from lumbung.accounts.actions import note_access
from lumbung.accounts.contacts import actions as contacts
from lumbung.accounts.contacts import queries as known
from lumbung.accounts.models import KnownDevice, User
from lumbung.accounts.push import actions as push
from lumbung.accounts.sessions import devices, places


def note_activity(session_key: str | None, *, now: datetime) -> None:
    """Keep in the list of sessions when one was last used."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now)


def keep(session: SessionBase) -> None:
    """Save what a request changed in its session, where no middleware does."""
    if session.modified and not session.is_empty():
        session.save()


@transaction.atomic
def note_log_in(user: User, *, user_agent: str, address: str, place: str, now: datetime) -> bool:
    """Write the log-in into the access log. Whether the device is a new one to a user who had others before."""
    sign = devices.sign(user_agent, places.of(address).code)
    had_others = KnownDevice.objects.filter(user=user).exists()
    device, is_new = KnownDevice.objects.get_or_create(
        user=user, sign=sign, defaults={"first_seen_at": now, "last_seen_at": now}
    )
    if not is_new:
        device.last_seen_at = now
        device.save(update_fields=["last_seen_at"])
    is_strange = is_new and had_others
    what = "logged_in_new_device" if is_strange else "logged_in"
    note_access(what, user=user, actor=user, place=place, now=now)
    if is_strange:
        contacts.tell_user(user, known.channels(user), "new_device", now=now, at=now, device=user_agent)
    return is_strange


@transaction.atomic
def end(user: User, session_id: int, *, place: str, now: datetime) -> bool:
    """End one of the user's sessions; false when there is none of this number, or it is another's."""
    session = UserSession.objects.select_for_update().filter(user=user, pk=session_id).first()
    if session is None:
        return False
    _end([session.session_key])
    note_access("session_ended", user=user, actor=user, place=place, now=now)
    return True


@transaction.atomic
def end_others(user: User, session_key: str | None, *, place: str, now: datetime) -> int:
    """End all sessions of the user but this one; how many there were."""
    others = UserSession.objects.filter(user=user).exclude(session_key=session_key or "")
    keys = list(others.values_list("session_key", flat=True))
    push.end_others(user, session_key)
    if keys:
        _end(keys)
        note_access("session_ended", user=user, actor=user, place=place, now=now)
    return len(keys)


@transaction.atomic
def end_all(user: User | None, *, place: str, now: datetime) -> int:
    """An operator ends all sessions of a user, or of everybody (None); how many there were."""
    rows = UserSession.objects.all() if user is None else UserSession.objects.filter(user=user)
    keys = list(rows.values_list("session_key", flat=True))
    for owner in User.objects.filter(pk__in=rows.values_list("user_id", flat=True).distinct()):
        note_access("session_ended", user=owner, place=place, now=now)
    _end(keys)
    push.end_others(user, None)
    if user is None:
        Session.objects.all().delete()
    return len(keys)


def _end(keys: list[str]) -> None:
    push.end_with_sessions(keys)
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
