"""Close my account: what is kept and by which law, what goes at once, and the last question."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from lumbung import access
from lumbung.accounts import queries as accounts
from lumbung.accounts.proof import proof_needed
from lumbung.accounts.recovery.views import read_or_post
from lumbung.mydata import actions
from lumbung.mydata.errors import AlreadyClosed, ClosingWaits
from lumbung.mydata.kept import GOES, KEPT
from lumbung.portal.requests import LoggedIn


class CloseForm(forms.Form):
    """The last question."""

    sure = forms.BooleanField(label=gettext_lazy("Yes, close my account. I have read what is kept and what goes."))


@read_or_post
@proof_needed
def close(request: LoggedIn) -> HttpResponse:
    """Say what happens; when it was confirmed, do it and leave nothing behind in the browser."""
    access.person(request.user)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _closed(request)
    context = {
        "form": form,
        "kept": KEPT,
        "goes": [gettext(each) for each in GOES],
        "cooling": accounts.cooling_off(request.user, request.now),
    }
    return render(request, "portal/closing/close.html", context, status=400 if form.errors else 200)


def _closed(request: LoggedIn) -> HttpResponse:
    try:
        actions.close_account(request.user, place=request.door.name, now=request.now)
    except ClosingWaits as refusal:
        messages.error(request, refusal.say(gettext))
        return redirect("portal:close_account")
    except AlreadyClosed:  # the form was sent twice: what was wanted is done
        pass
    logout(request)
    answer = render(request, "portal/closing/closed.html")
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
