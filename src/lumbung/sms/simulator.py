"""The demo's phone: a page that hands texts to the HTTP endpoint as a gateway would, and shows what comes back."""

import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lumbung.messaging import queries
from lumbung.messaging.simulator import SHORT_NUMBER, NotHandedIn, hand_in
from lumbung.sms.senders import phone_of

# The guide's own member, the two texts that the guide prints, and the other words.
GUIDE_PHONE = "0812 0000 0001"
GUIDE_TEXTS = ("DAFTAR 123456789012 01-01-1990 3171010101010001", "SALDO 123456789012")
OTHER_TEXTS = ("STATUS", "IURAN", "BOLONG", "KARTU", "KLAIM", "BANTUAN", "KUNCI", "BUKA")
# The page's request may be the only one its server process takes at a time: the text is handed in by a thread,
# for which the page waits this long and no longer, so that the two can't wait for each other.
PATIENCE_SECONDS = 2
_HANDS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="simulator")


class TextForm(forms.Form):
    """A phone and perhaps a text; without one the phone is only looked at."""

    sender = forms.CharField(label=gettext_lazy("Phone"), max_length=40)
    body = forms.CharField(label=gettext_lazy("Text"), max_length=480, required=False)
    message_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_sender(self) -> str:
        sender: str = self.cleaned_data["sender"]
        if phone_of(sender) is None:
            raise forms.ValidationError(gettext("This is not a phone number. Write it like 0812 0000 0001."))
        return sender


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """The phone and its conversation. The phone's number is kept in the session, never in the address."""
    if not settings.LUMBUNG_DEMO:
        raise Http404
    form = TextForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session["simulator"] = form.cleaned_data["sender"]
        if form.cleaned_data["body"]:
            _say(request, form)
        return redirect("simulator:phone")
    return _page(request, form)


def _page(request: HttpRequest, form: TextForm) -> HttpResponse:
    sender = request.session.get("simulator", GUIDE_PHONE)
    number = phone_of(sender)
    assert number is not None, "only phones are kept in the session"
    bubbles = queries.conversation(number)
    page = {
        "form": form,
        "sender": form.data.get("sender", sender),
        "phone": sender,
        "short_number": SHORT_NUMBER,
        "bubbles": bubbles,
        "is_waiting": any(bubble.is_waiting for bubble in bubbles),
        "examples": [{"body": body, "message_id": uuid.uuid4()} for body in (*GUIDE_TEXTS, *OTHER_TEXTS)],
        "message_id": uuid.uuid4(),
    }
    return render(request, "sms/simulator.html", page, status=400 if form.errors else 200)


def _say(request: HttpRequest, form: TextForm) -> None:
    """Hand the text in over HTTP; the id came with the form, so that sending the form twice is one text."""
    handed: Future[None] = _HANDS.submit(
        hand_in,
        settings.LUMBUNG_PUBLIC_URL,
        settings.LUMBUNG_SMS_SECRET,
        gateway_id=str(form.cleaned_data["message_id"] or uuid.uuid4()),
        sender=form.cleaned_data["sender"].replace(" ", ""),
        body=form.cleaned_data["body"],
        now=timezone.now(),
    )
    try:
        handed.result(timeout=PATIENCE_SECONDS)
    except NotYet:
        messages.info(request, gettext("The text is on its way."))
    except NotHandedIn:
        messages.error(request, gettext("The text was not taken in. Is the server running?"))
