"""Who may log in at which door."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import get_user_by_username
from django.http import HttpRequest

from lumbung.accounts import queries
from lumbung.accounts.models import User


class DoorBackend(AuthenticationBackend):  # type: ignore[misc]
    """User name, e-mail or phone with the password, for the kind of user that the request's door accepts.

    Unknown, wrong password, wrong kind, not confirmed and switched off all end in None after one password hash, so
    neither the answer nor its time tells them apart.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        door = getattr(request, "door", None)
        if door is None or door.kind is None:
            return None
        user = self._user(door.kind, credentials)
        if user is None or user.kind != door.kind or not user.is_active:
            return None  # the caller then spends one hash
        checked: User | None = self._check_password(user, credentials["password"])
        return checked

    def _user(self, kind: str, credentials: dict[str, str]) -> User | None:
        """Who logs in with this name, address or phone; only a confirmed address or phone counts."""
        if username := credentials.get("username"):
            user: User | None = get_user_by_username(username)
            return user
        if phone := credentials.get("phone"):
            return queries.user_by_phone(phone, kind=kind)
        return queries.user_by_email(credentials.get("email") or "", kind=kind)
