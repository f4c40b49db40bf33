"""What an app is told while an account only shows: nothing that it sends is done, as on the pages."""

from django.http import HttpRequest, HttpResponse

from lumbung.accounts.models import ReadOnly, User
from lumbung.accounts.queries import read_only_until
from lumbung.api.problems import problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Addresses that still do what they do, like those of the same deeds on the pages (config.read_only.STILL_DONE):
# a first card, where the view itself replaces none, and on paper what the screen shows.
STILL_DONE = frozenset({"api/v1/me/card", "api/v1/me/statement"})


def refused(request: HttpRequest, user: User) -> HttpResponse | None:
    """The answer to what is sent in such a time, closed unless opened; None where it is done."""
    match = request.resolver_match
    if request.method in SAFE or (match is not None and match.route in STILL_DONE):
        return None
    time = read_only_until(user, request.now)  # type: ignore[attr-defined]
    return None if time is None else only_shows(time)


def only_shows(time: ReadOnly) -> HttpResponse:
    """That nothing was done, and until when; null where an officer must open the account."""
    detail = "The account only shows for now, so nothing was changed. The web site says why."
    return problem(403, "only_shows", detail, until=time.until)
