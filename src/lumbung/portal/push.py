"""Pushes on this device: what they are, on and off, a test."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.push import actions, devices, queries
from lumbung.errors import Refusal
from lumbung.messaging.push import vapid
from lumbung.portal.requests import LoggedIn


class AddressForm(forms.Form):
    """Where the browser says that it can be reached, and its keys."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=50)


def is_offered(request: LoggedIn) -> bool:
    """Whether this installation pushes, to a device that is the member's own as far as he said."""
    return vapid.is_set() and settings.LUMBUNG_APP and not request.session.get("public")


@require_safe
def overview(request: LoggedIn) -> HttpResponse:
    """What a push says, and on which devices this member gets them."""
    access.person(request.user)
    found = queries.devices_of(request.user, device=devices.device_of(request))
    offered = is_offered(request)
    context = {
        "devices": found,
        "is_on": any(one.is_this for one in found),
        "is_offered": offered,
        "is_public": bool(request.session.get("public")),
        "key": vapid.public_key() if offered else "",
    }
    return render(request, "portal/inbox/push.html", context)


@require_POST
def turn_on(request: LoggedIn) -> HttpResponse:
    """The browser's address, as its script got it from the browser."""
    access.person(request.user)
    if refused := limits.refused(request, "push"):
        return refused
    form = AddressForm(request.POST)
    if not (is_offered(request) and form.is_valid()):
        messages.error(request, gettext("Your browser did not give what we need. Try again."))
        return redirect("portal:push")
    number = devices.new_number()
    try:
        actions.turn_on(
            request.user,
            **form.cleaned_data,
            device=devices.digest(number),
            session_key=request.session.session_key,
            user_agent=request.headers.get("User-Agent", ""),
            now=request.now,
        )
    except Refusal as refusal:
        messages.error(request, refusal.say(gettext))
        return redirect("portal:push")
    messages.success(request, gettext("This device gets our messages now. Try it with a test."))
    response = redirect("portal:push")
    devices.remember(response, number)
    return response


@require_POST
def turn_off(request: LoggedIn) -> HttpResponse:
    """No more pushes on one device. Its number stands in the form, not in the address."""
    access.person(request.user)
    number = request.POST.get("device", "")
    if number.isascii() and number.isdigit() and len(number) < 19 and actions.turn_off(request.user, int(number)):
        messages.success(request, gettext("That device gets no more messages. You find them here."))
    else:
        messages.info(request, gettext("That device gets no messages already."))
    return redirect("portal:push")


@require_POST
def test(request: LoggedIn) -> HttpResponse:
    """Send a test to this device."""
    access.person(request.user)
    if refused := limits.refused(request, "push"):
        return refused
    if actions.send_test(request.user, device=devices.device_of(request), now=request.now):
        messages.success(request, gettext("A test is on its way. It comes within a minute."))
    else:
        messages.info(request, gettext("This device gets no messages. Turn them on first."))
    return redirect("portal:push")
