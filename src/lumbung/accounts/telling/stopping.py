"""The address in a mail that stops mails of its kind: signed, kept nowhere, good for that one thing alone."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from lumbung.accounts.models import User
from lumbung.accounts.telling.kinds import CHOSEN, KINDS, Kind

SALT = "lumbung.accounts.telling.stopping"
# So long a mail may lie in a mailbox and still be of use for it.
VALID_FOR = timedelta(days=366)


def address(user_id: int, kind: Kind) -> str:
    """The whole address, for the head of a mail. It names a row and a kind of news, and nothing personal."""
    token = signing.dumps([user_id, kind.code], salt=SALT)
    path = reverse("portal:stop_mail", urlconf=settings.ROOT_URLCONF, args=[token])
    return f"{settings.LUMBUNG_PUBLIC_URL.rstrip('/')}{path}"


def read(token: str) -> tuple[User, Kind] | None:
    """Whose mails of which kind it stops; None when it is not whole, too old, or of an account that is over."""
    try:
        key, code = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=key, kind=User.Kind.MEMBER, is_active=True).first()
    kind = KINDS.get(code)
    return (user, kind) if user is not None and kind is not None and kind in CHOSEN else None
