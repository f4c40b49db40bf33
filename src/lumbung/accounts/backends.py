"""Who may log in at which door."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import get_user_by_username
from django.http import HttpRequest

from lumbung.accounts.models import User


class DoorBackend(AuthenticationBackend):  # type: ignore[misc]
    """User name and password, for the kind of user that the request's door accepts.

    Unknown, wrong password, wrong kind and switched off all end in None after one password hash, so neither the
    answer nor its time tells them apart.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        door = getattr(request, "door", None)
        username = credentials.get("username")
        if door is None or door.kind is None or not username:
            return None
        user: User | None = get_user_by_username(username)
        if user is None or user.kind != door.kind or not user.is_active:
            return None  # the caller then spends one hash
        checked: User | None = self._check_password(user, credentials["password"])
        return checked
