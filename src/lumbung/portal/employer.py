"""The employers' pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The room is empty until employers report here: it says who is in it."""
    return render(request, "portal/employer_home.html", {"employer": request.user.employer})
