"""The employers' pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lumbung.portal.requests import LoggedIn


@require_safe
def home(request: LoggedIn) -> HttpResponse:
    """The room is empty until employers report here: it says who is in it."""
    return render(request, "portal/employer_home.html", {"employer": request.user.employer})
