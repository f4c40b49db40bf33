"""The first page of a member: what he has, whether he is covered, what he would be paid, what waits for him."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.portal.requests import LoggedIn
from lumbung.standing.attention import attention
from lumbung.standing.benefits import benefits
from lumbung.standing.queries import standing


@require_safe
def dashboard(request: LoggedIn) -> HttpResponse:
    """Balance, status and cover of the member who is logged in, what each programme would pay today, and notices."""
    person = access.person(request.user)
    found = standing(person, today=timezone.localdate())
    context = {
        "person": person,
        "standing": found,
        "status": found.status,
        "total": found.total,
        "benefits": benefits(found.facts),
        "notices": attention(request.user, now=request.now),
    }
    return render(request, "portal/dashboard.html", context)
