"""What allauth asks us: where to go after log-in, and whether one may sign up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse

from lumbung.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth's own answers, but for these."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse(request.door.home)  # type: ignore[attr-defined]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_logged_out")

    def login(self, request: HttpRequest, user: User) -> None:
        """The last step of every way in, so the last place where a user of another kind is turned away."""
        if user.kind != request.door.kind:  # type: ignore[attr-defined]
            raise PermissionDenied
        super().login(request, user)
