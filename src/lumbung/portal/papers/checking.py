"""Everybody's pages about papers: check one, the public keys with which that is done, the fund's certificate."""

from collections.abc import Mapping
from http import HTTPStatus

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lumbung.accounts import limits
from lumbung.errors import marked
from lumbung.papers import keys, queries, signing
from lumbung.papers.checking import Checked
from lumbung.portal.papers.forms import MOST_UPLOAD, CheckForm

KEPT_SECONDS = 60 * 60
KEY_SET_TYPE = "application/jwk-set+json"
PROBLEM_TYPE = "application/problem+json"
CERTIFICATE_TYPE = "application/x-x509-ca-cert"


@login_not_required
@csrf_exempt  # it changes nothing and asks nobody's session: the page needs no cookie, a program no token
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a card or a statement by the text of its code, or by a photo or file of it, of which nothing is kept.

    A program that wants JSON gets the same as data, and problems as problem details.
    """
    wants_data = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    if request.method == "POST":
        response = _counted(request, wants_data) or _checked(request, wants_data)
    else:
        response = JsonResponse(_data(None)) if wants_data else _check_page(request, CheckForm(), None)
    patch_vary_headers(response, ["Accept"])
    return response


def _counted(request: HttpRequest, wants_data: bool) -> HttpResponse | None:
    """The refusal when it is once too often; asked before anything of the form is read."""
    if not wants_data:
        refused: HttpResponse | None = limits.refused(request, "check_paper")
        return refused
    if limits.allows(request, "check_paper"):
        return None
    detail = limits.sentence(request, marked("Too often. Ask again in %(wait)s."))
    return limits.with_wait(request, _problem(429, "too_many_requests", detail))


def _checked(request: HttpRequest, wants_data: bool) -> HttpResponse:
    request.most_upload = MOST_UPLOAD  # type: ignore[attr-defined]  # config.uploads asks it
    form = CheckForm(request.POST, request.FILES)
    checked = queries.check(form.said, now=timezone.now()) if form.is_valid() else None
    if not wants_data:
        return _check_page(request, form, checked)
    if form.errors:
        fault = next(iter(form.errors.as_data().values()))[0]
        return _problem(400, fault.code or "bad_request", " ".join(fault.messages))
    return JsonResponse(_data(checked))


def _check_page(request: HttpRequest, form: CheckForm, checked: Checked | None) -> HttpResponse:
    context = {"form": form, "checked": checked, "title": _said(checked, 0), "sentence": _said(checked, 1)}
    return _page(request, "portal/papers/verify.html", context, status=400 if form.errors else 200)


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    """Problem details (RFC 9457), as the interface for programs gives them."""
    facts = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JsonResponse({**facts, "detail": detail, "code": code}, status=status, content_type=PROBLEM_TYPE)


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
