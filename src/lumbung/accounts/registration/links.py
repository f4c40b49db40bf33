"""Links that confirm an e-mail address: signed, kept nowhere, good for a day, for one state of one account."""

import hmac
from datetime import timedelta
from enum import StrEnum

from django.core import signing
from django.utils.crypto import salted_hmac

from lumbung.accounts.models import User
from lumbung.accounts.registration import queries

VALID_FOR = timedelta(hours=24)
SALT = "lumbung.accounts.registration.links"


class Standing(StrEnum):
    """What a link is. Only GOOD confirms anything."""

    GOOD = "good"
    BROKEN = "broken"
    LATE = "late"
    USED = "used"
    OLDER = "older"
    OVER = "over"


def token(user: User) -> str:
    """What the link for the user's present e-mail address carries: which row in which state, nothing personal."""
    return signing.dumps([user.pk, _state(user)], salt=SALT)


def read(text: str) -> tuple[Standing, User | None]:
    """What the link is, and the user whom it confirms; a user comes with GOOD and USED only."""
    try:
        key, state = signing.loads(text, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        return Standing.LATE, None
    except (signing.BadSignature, ValueError):
        return Standing.BROKEN, None
    user = queries.registering(key)
    if user is None:
        return Standing.OVER, None
    if hmac.compare_digest(state, _state(user)):
        return Standing.GOOD, user
    if user.is_confirmed or queries.confirmed_email(user):
        return Standing.USED, user
    return Standing.OLDER, None


def _state(user: User) -> str:
    """Another value once anything is confirmed, or another address, password or try took the place of this one."""
    assert user.registered_at is not None
    facts = (
        user.pk,
        user.password,
        user.registered_at.timestamp(),
        user.email,
        user.is_confirmed,
        bool(queries.confirmed_email(user)),
    )
    return salted_hmac(SALT, repr(facts), algorithm="sha256").hexdigest()[:32]
