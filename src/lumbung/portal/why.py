"""Why this number: each figure of a member opens into how it follows from the law, and into its entry."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.portal.requests import LoggedIn
from lumbung.standing.benefits import benefit
from lumbung.standing.queries import standing


@require_safe
def programme(request: LoggedIn, code: str) -> HttpResponse:
    """What a programme would pay if it happened today, figure by figure, with the law behind each."""
    found = standing(access.person(request.user), today=timezone.localdate())
    told = benefit(found.facts, code)
    if told is None:
        raise access.NotReachable
    return render(request, "portal/why/programme.html", {"benefit": told, "standing": found})
