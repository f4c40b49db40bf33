"""No officer works with a password alone (ASVS V6.3.3)."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lumbung.accounts.models import User

Next = Callable[[HttpRequest], HttpResponse]
# What an officer may do before a second factor is there: set one up, prove who he is, choose a language, leave.
OPEN_WITHOUT = {
    "account_logout",
    "account_logged_out",
    "account_reauthenticate",
    "account_login",
    "account_stay",
    "set_language",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


class SecondFactorMiddleware:
    """Sends an officer without a second factor to the page where one is set up, whatever else was asked for.

    Who has one was asked for it by allauth before the session began.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Next, args: object, kwargs: object) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if request.door.name != "office" or not user.is_authenticated:  # type: ignore[attr-defined]
            return None
        assert isinstance(user, User)
        if match is not None and match.url_name in OPEN_WITHOUT:
            return None
        return None if is_mfa_enabled(user) else redirect("mfa_index")
