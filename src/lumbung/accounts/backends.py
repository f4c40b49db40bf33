"""Who may log in at which door."""

from collections.abc import Mapping

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
        user = user_named(door.kind, credentials)
        if user is None or user.kind != door.kind or not user.is_active:
            return None  # the caller then spends one hash
        checked: User | None = self._check_password(user, credentials["password"])
        return checked

    def get_user(self, user_id: int) -> User | None:
        """Whose session it is, with the person, whom every page of a member asks for."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def user_named(kind: str, credentials: Mapping[str, str]) -> User | None:
    """Who logs in with this name, address or phone; only a confirmed address or phone counts.

    allauth gives what was typed as user name too; a user name starts with a letter and has no @.
    """
    if phone := credentials.get("phone"):
        return queries.user_by_phone(phone, kind=kind)
    if email := credentials.get("email"):
        return queries.user_by_email(email, kind=kind)
    user: User | None = get_user_by_username(credentials.get("username") or "")
    return user
