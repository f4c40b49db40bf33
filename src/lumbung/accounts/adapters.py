"""What allauth asks us: where to go after log-in, and whether one may sign up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from lumbung.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own answers, but for these."""

    # In our own words, and the same whether or not there is such a user.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "The user name or the password is wrong. Check both and try again."
        ),
        "too_many_login_attempts": gettext_lazy("Too many wrong tries. Wait five minutes, then try again."),
        "rate_limited": gettext_lazy("Too many tries in a short time. Wait a minute, then try again."),
        "incorrect_password": gettext_lazy("The password is wrong. Check it and try again."),
        "account_inactive": gettext_lazy("This account is closed."),
    }

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
