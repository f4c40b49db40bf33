"""On which devices a member gets pushes."""

from dataclasses import dataclass
from datetime import datetime

from lumbung.accounts.models import PushSubscription, User
from lumbung.accounts.sessions import devices


@dataclass(frozen=True, slots=True)
class Device:
    """One device as its owner sees it."""

    id: int
    device: str
    since: datetime
    is_this: bool


def devices_of(user: User, *, device: str) -> list[Device]:
    """The devices of the user, this one first, then the newest. `device` is the digest of the one that asks."""
    rows = PushSubscription.objects.filter(user=user)
    found = [
        Device(row.pk, devices.words(row.user_agent), row.made_at, bool(device) and row.device == device)
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_this, -one.since.timestamp()))
