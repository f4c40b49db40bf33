"""Read about a user's second factors."""

from allauth.mfa.models import Authenticator

from lumbung.accounts.models import User
from lumbung.accounts.passwords.queries import FACTORS


def is_last(authenticator: Authenticator) -> bool:
    """Whether the user has no other second factor; recovery codes stand in for one and are none."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def has_passkey(user_id: int) -> bool:
    """Whether the user has a passkey."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.WEBAUTHN).exists())


def app(user_id: int) -> Authenticator:
    """The user's app for codes. Raises Authenticator.DoesNotExist."""
    found: Authenticator = Authenticator.objects.get(user_id=user_id, type=Authenticator.Type.TOTP)
    return found


def tries_key(user: User) -> str:
    """Under which key allauth counts the wrong codes of this user's second step."""
    return f"mfa-auth-user-{user.pk}"
