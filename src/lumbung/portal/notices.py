"""How a member is told of what happens: by which ways for each kind of news, and in which hours not."""

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.models import User
from lumbung.accounts.telling import actions, queries, stopping
from lumbung.accounts.telling.kinds import CHANNELS, CHOSEN, FIXED, Channel, Kind
from lumbung.accounts.telling.queries import Choice
from lumbung.masking import masked_email
from lumbung.portal.requests import LoggedIn


class NoticesForm(forms.Form):
    """The ways of each kind that can be chosen, quiet hours, and whether another way may stand in."""

    is_quiet = forms.BooleanField(label=gettext_lazy("Let me sleep"), required=False)
    quiet_from = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=time.fromisoformat)
    quiet_until = forms.TypedChoiceField(label=gettext_lazy("Until"), coerce=time.fromisoformat)
    stands_in = forms.BooleanField(
        label=gettext_lazy("If it does not arrive, try another way"),
        help_text=gettext_lazy(
            "For example by e-mail, when your device can't be reached. An SMS only when there is something to do."
        ),
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, choice: Choice) -> None:
        initial: dict[str, Any] = {kind.code: sorted(choice.channels(kind)) for kind in CHOSEN}
        initial |= {"is_quiet": choice.is_quiet, "stands_in": choice.stands_in}
        initial |= {"quiet_from": _hour(choice.quiet_from), "quiet_until": _hour(choice.quiet_until)}
        super().__init__(data, initial=initial)
        for name in ("quiet_from", "quiet_until"):
            hours = {time(hour).isoformat("minutes") for hour in range(24)} | {initial[name]}
            self.fields[name].choices = [(hour, hour) for hour in sorted(hours)]  # type: ignore[attr-defined]
        for kind in CHOSEN:
            self.fields[kind.code] = _ways(kind)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("quiet_from") == cleaned.get("quiet_until") and "quiet_from" in cleaned:
            self.add_error("quiet_until", gettext("Choose another hour than the one it begins with."))
        return cleaned

    @property
    def kinds(self) -> list[tuple[Kind, forms.BoundField]]:
        """Each kind with its field."""
        return [(kind, self[kind.code]) for kind in CHOSEN]

    @property
    def wanted(self) -> dict[str, list[Channel]]:
        """The ways that were ticked, by kind."""
        return {kind.code: [Channel(way) for way in self.cleaned_data[kind.code]] for kind in CHOSEN}


def _ways(kind: Kind) -> forms.MultipleChoiceField:
    ways = [(str(channel), gettext(said)) for channel, said in CHANNELS.items()]
    return forms.MultipleChoiceField(
        label=gettext(kind.title), choices=ways, widget=forms.CheckboxSelectMultiple, required=False
    )


def _hour(clock: time) -> str:
    return clock.isoformat("minutes")


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: LoggedIn) -> HttpResponse:
    """What we tell, by which ways, and what can't be switched off."""
    access.person(request.user)
    form = NoticesForm(request.POST if request.method == "POST" else None, choice=queries.choice_of(request.user))
    if not (request.method == "POST" and form.is_valid()):
        context = {"form": form, "fixed": FIXED, "reach": _reach(request.user)}
        return render(request, "portal/notices.html", context, status=400 if form.errors else 200)
    refused: HttpResponse | None = limits.refused(request, "change_profile")
    if refused:
        return refused
    cleaned = form.cleaned_data
    times = {name: cleaned[name] for name in ("is_quiet", "quiet_from", "quiet_until", "stands_in")}
    actions.choose(request.user, form.wanted, **times, place=request.door.name, now=request.now)
    messages.success(request, gettext("Saved. From now on we tell you so."))
    return redirect("portal:notices")


@csrf_exempt  # who has the address may press the button; a mail program presses it without coming here first
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """What the address in a mail's head opens: a button that stops mails of its kind (RFC 8058). Looking changes
    nothing; pressing it twice is once."""
    refused: HttpResponse | None = limits.refused(request, "stop_mail", limit_get=True)
    if refused:
        return refused
    found = stopping.read(token)
    if found is None:
        return render(request, "portal/stop_mail.html", status=404)
    user, kind = found
    if request.method == "POST":
        actions.stop_mail(user, kind, now=request.now)  # type: ignore[attr-defined]
    context = {"title": gettext(kind.title), "is_done": request.method == "POST"}
    return render(request, "portal/stop_mail.html", context)


def _reach(user: User) -> dict[str, Any]:
    found = queries.reach_of(user)
    email = masked_email(found.email) if found.email else ""
    return {"phone": found.phone, "email": email, "devices": len(found.devices)}
