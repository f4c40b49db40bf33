"""A member's numbers: which are joined, which may be his as well."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.numbers import actions, queries
from lumbung.errors import Refusal
from lumbung.portal.registration.forms import NumberField
from lumbung.portal.requests import LoggedIn
from lumbung.registry import identity
from lumbung.registry.models import MemberNumber


class JoinForm(forms.Form):
    """A number that the member types whole."""

    number = NumberField(
        label=gettext_lazy("Another member number (KPJ)"),
        help_text=gettext_lazy("10 to 12 digits, on an older card or payslip."),
        shape=identity.MEMBER_NUMBER,
        wrong=gettext_lazy("A member number has 10 to 12 digits. Count the digits on your card."),
    )


@require_http_methods(["GET", "HEAD"])
def numbers(request: LoggedIn) -> HttpResponse:
    """All numbers of the member, and what may be joined."""
    return _page(request, JoinForm())


def _page(request: LoggedIn, form: forms.Form) -> HttpResponse:
    joined = queries.joined(request.user, request.now)
    context = {
        "form": form,
        "numbers": access.member_numbers(request.user),
        "joined": joined,
        "proposals": queries.proposals(request.user),
    }
    return render(request, "portal/numbers.html", context)


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def join(request: LoggedIn) -> HttpResponse:
    """Join a number that was typed."""
    if refused := limits.refused(request, "join_number"):
        return refused
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    return _joined(request, queries.claimed(request.user, form.cleaned_data["number"]))


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def tap(request: LoggedIn) -> HttpResponse:
    """Join a number that was proposed."""
    return _joined(request, queries.tapped(request.user, request.POST.get("number", "")))


def _joined(request: LoggedIn, found: MemberNumber | None) -> HttpResponse:
    try:
        actions.join(request.user, found, **_here(request))
    except Refusal as refused:
        messages.error(request, refused.say(gettext))
    else:
        messages.success(request, gettext("The number is yours now. Nothing of its balance changed."))
    return redirect("portal:numbers")


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def part(request: LoggedIn, join_id: int) -> HttpResponse:
    """Undo a joining."""
    try:
        actions.part(join_id, actor=request.user, **_here(request))
    except Refusal as refused:
        messages.error(request, refused.say(gettext))
    else:
        messages.success(request, gettext("The number stands by itself again, as it was before."))
    return redirect("portal:numbers")


def _here(request: LoggedIn) -> dict[str, Any]:
    return {"place": request.door.name, "now": request.now}
