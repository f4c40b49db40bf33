"""While an account only shows, nothing that a logged-in user sends is done, but for what is listed here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lumbung.accounts import queries

Next = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Addresses (by the names of their patterns) that change nothing of a member's, or make the account safer: leaving,
# choosing a language, showing once more who one is, ending other sessions, saying that one is still there, locking
# oneself and lifting that lock with fresh proof, having on paper what the screen shows, reckoning by the law.
STILL_DONE = frozenset(
    {
        "account_logout",
        "set_language",
        "account_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_end_session",
        "account_end_other_sessions",
        "account_stay",
        "portal:lock",
        "portal:unlock",
        "portal:wages",  # works out and keeps nothing
        "portal:verify",
        "portal:statement",
        "portal:year",
        "portal:make_card",  # a first one; the view replaces none in such a time
        "portal:law_contribution",
        "portal:law_own_work",
        "portal:law_old_age",
        "portal:law_pension",
        "portal:projection",
    }
)


class ReadOnlyMiddleware:
    """Closed unless opened: a view that is added later changes nothing in such a time either.

    `accounts.queries.read_only_until` is asked for what is sent only, so reading costs nothing more.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Next, args: object, kwargs: object) -> HttpResponse | None:
        if request.method in SAFE or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in STILL_DONE:
            return None
        time = queries.read_only_until(request.user, request.now)  # type: ignore[attr-defined]
        if time is None:
            return None
        return render(request, "portal/recovery/read_only.html", {"time": time}, status=403)
