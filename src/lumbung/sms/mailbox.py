"""The demo's mailbox: a page that shows the mails which reached one address, beside the demo's phone."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lumbung.messaging.mail import queries


class AddressForm(forms.Form):
    """Whose mails are looked at."""

    address = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        error_messages={"invalid": gettext_lazy("This is not an e-mail address. Write it like nama@contoh.com.")},
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """The mails to an address, the newest first. The address is kept in the session, never in the page's own."""
    if not settings.LUMBUNG_DEMO:
        raise Http404
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session["mailbox"] = form.cleaned_data["address"]
        return redirect("simulator:mail")
    address = request.session.get("mailbox", "")
    page = {
        "form": form if form.is_bound else AddressForm(initial={"address": address}),
        "address": address,
        "letters": queries.mailbox(address) if address else [],
    }
    return render(request, "sms/mailbox.html", page, status=400 if form.errors else 200)
