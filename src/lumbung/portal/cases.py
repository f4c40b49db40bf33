"""A member's requests to the fund: what was asked, how far it is, the answer; and asking for a correction."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.proof import proof_needed
from lumbung.casework import actions, queries
from lumbung.casework.evidence import actions as evidence
from lumbung.casework.models import Case
from lumbung.errors import Refusal
from lumbung.portal.evidence import EvidenceField, too_often
from lumbung.portal.requests import LoggedIn
from lumbung.wording import clock

CASES_A_PAGE = 10


class CorrectionForm(forms.Form):
    """What is wrong with the record, what is right, and how that can be seen."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=[
            ("name", gettext_lazy("Name")),
            ("birth_date", gettext_lazy("Birth date")),
            ("nik", gettext_lazy("KTP number")),
        ],
        widget=forms.RadioSelect,
    )
    right = forms.CharField(
        label=gettext_lazy("How is it right?"),
        help_text=gettext_lazy("Exactly as on your KTP. A date like 31-12-1990."),
        max_length=200,
    )
    why = forms.CharField(
        label=gettext_lazy("How can we see it?"),
        help_text=gettext_lazy("For example: it stands so on my KTP and on my family card."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    evidence = EvidenceField(
        label=gettext_lazy("Photos of the papers"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "what" in cleaned and "right" in cleaned:
            try:
                cleaned["right"] = actions.checked_correction(cleaned["what"], cleaned["right"])
            except Refusal as refusal:
                self.add_error("right", refusal.say(gettext))
        return cleaned


@require_safe
def cases(request: LoggedIn) -> HttpResponse:
    """The requests of the member, the newest first, some at a time."""
    found = queries.of_person(access.person(request.user))
    page = Paginator(found, CASES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/requests/list.html", {"page": page, "now": request.now})


@require_http_methods(["GET", "HEAD", "POST"])
@proof_needed
def correct(request: LoggedIn) -> HttpResponse:
    """Ask for a correction of name, birth date or KTP number, by which the fund knows who somebody is."""
    person = access.person(request.user)
    if refused := too_often(request):
        return refused
    form = CorrectionForm(request.POST, request.FILES) if request.method == "POST" else CorrectionForm()
    if request.method == "POST" and form.is_valid():
        if refused := limits.refused(request, "send_request"):
            return refused
        facts = {
            "what": form.cleaned_data["what"],
            form.cleaned_data["what"]: form.cleaned_data["right"],
            "why": form.cleaned_data["why"],
        }
        case = evidence.open_with_evidence(
            Case.Kind.CORRECTION,
            person,
            facts,
            form.cleaned_data["evidence"],
            user=request.user,
            place=request.door.name,
            now=request.now,
        )
        messages.success(request, _sent(case))
        return redirect("portal:cases")
    return render(request, "portal/requests/correct.html", {"form": form}, status=400 if form.errors else 200)


def _sent(case: Case) -> str:
    return gettext("Your request is sent. We answer by %(until)s.") % {"until": clock(case.due_at)}


@require_POST
def withdraw(request: LoggedIn, case_id: int) -> HttpResponse:
    """Take one's own request back."""
    found = access.case_for(request.user, case_id)
    try:
        actions.withdraw(found.pk, request.user, place=request.door.name, now=request.now)
    except Refusal as refusal:
        messages.info(request, refusal.say(gettext))
    else:
        messages.success(request, gettext("Your request is taken back."))
    return redirect("portal:cases")
