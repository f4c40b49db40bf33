"""Everybody's pages about papers: check one, the public keys with which that is done, the fund's certificate."""

from collections.abc import Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lumbung.accounts import limits
from lumbung.papers import keys, queries, signing
from lumbung.papers.checking import Checked

KEPT_SECONDS = 60 * 60
KEY_SET_TYPE = "application/jwk-set+json"
CERTIFICATE_TYPE = "application/x-x509-ca-cert"


class CheckForm(forms.Form):
    """The text that a phone's camera reads from the code."""

    text = forms.CharField(
        label=gettext_lazy("Text of the code"),
        help_text=gettext_lazy("Read the code with a phone's camera, copy the text and paste it here."),
        max_length=signing.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )


@login_not_required
@csrf_exempt  # it changes nothing and asks nobody's session: the page needs no cookie, a program no token
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a card or a statement by the text of its code. A program that wants JSON gets the same as data."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    wants_data = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    checked = None
    if form.is_bound:
        if refused := limits.refused(request, "check_paper"):
            return refused
        if form.is_valid():
            checked = queries.check(form.cleaned_data["text"], now=timezone.now())
    status = 400 if form.errors else 200
    response: HttpResponse
    if wants_data:
        response = JsonResponse(_data(checked), status=status)
    else:
        context = {"form": form, "checked": checked, "title": _said(checked, 0), "sentence": _said(checked, 1)}
        response = _page(request, "portal/papers/verify.html", context, status=status)
    patch_vary_headers(response, ["Accept"])
    return response


def _page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """The page; for one who brought no session it holds no token, so it brings no cookie."""
    if request.session.is_empty():
        context = {**context, "csrf_token": ""}
    return render(request, template, context, status=status)


def _said(checked: Checked | None, part: int) -> str:
    if checked is None:
        return ""
    return gettext((checked.verdict.heading, checked.verdict.sentence)[part])


def _data(checked: Checked | None) -> dict[str, object]:
    if checked is None:
        return {"verdict": None, "paper": None}
    return {
        "verdict": checked.verdict.value,
        "title": _said(checked, 0),
        "sentence": _said(checked, 1),
        "paper": checked.contents.payload() if checked.contents else None,
    }


@login_not_required
@require_safe
def public_keys(request: HttpRequest) -> HttpResponse:
    """The fund's public keys and how anybody checks with them, without us."""
    certificate = keys.certificate()
    context = {
        "keys": keys.keyring().public,
        "subject": certificate.subject.rfc4514_string(),
        "fingerprint": certificate.fingerprint(SHA256()).hex(" ", 2).upper(),
        "ends": certificate.not_valid_after_utc,
    }
    return _page(request, "portal/papers/keys.html", context)


@login_not_required
@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys as a JWK set."""
    return _kept(JsonResponse(signing.key_set(keys.keyring().public), content_type=KEY_SET_TYPE))


@login_not_required
@require_safe
def certificate_file(request: HttpRequest) -> HttpResponse:
    """The certificate that signs statements, as PEM."""
    response = HttpResponse(keys.certificate().public_bytes(Encoding.PEM), content_type=CERTIFICATE_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, "certificate.pem")
    return _kept(response)


def _kept(response: HttpResponse) -> HttpResponse:
    """Everybody's, and asked anew each hour."""
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
