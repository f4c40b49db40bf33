"""The officers' pages: the queue, a case, what was decided."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lumbung import access
from lumbung.accounts.locking import queries as locks
from lumbung.casework import actions, disputes, queries
from lumbung.casework.errors import CaseIsClosed
from lumbung.casework.evidence import queries as evidence
from lumbung.casework.models import Case
from lumbung.casework.recovery import actions as recovery
from lumbung.casework.recovery.queries import handed
from lumbung.errors import Refusal
from lumbung.office.forms import CodeForm, DecisionForm, ReasonForm
from lumbung.office.requests import OfficerRequest

CASES_A_PAGE = 20


@require_safe
def home(request: OfficerRequest) -> HttpResponse:
    """What waits for a person, the most urgent first. Who it is about shows only when a case is opened."""
    page = Paginator(queries.queue(), CASES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "late": queries.late(request.now), "now": request.now}
    return render(request, "office/home.html", context)


@require_safe
def decided(request: OfficerRequest) -> HttpResponse:
    """What was decided, the newest first."""
    page = Paginator(queries.closed(), CASES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/decided.html", {"page": page})


@require_safe
def case(request: OfficerRequest, case_id: int) -> HttpResponse:
    """A case: a question for the reason first, then what was asked and the decision."""
    found = access.case_for_officer(request.user, case_id)
    if not actions.was_read(found, request.user, request.now):
        return render(request, "office/open.html", {"case": found, "form": ReasonForm()})
    return _page(request, found)


@require_POST
def read(request: OfficerRequest, case_id: int) -> HttpResponse:
    """Open a case with a reason."""
    found = access.case_for_officer(request.user, case_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "office/open.html", {"case": found, "form": form}, status=400)
    actions.read_case(found.pk, request.user, reason=form.cleaned_data["reason"], now=request.now)
    return redirect("office:case", case_id=found.pk)


@require_http_methods(["POST"])
def decide(request: OfficerRequest, case_id: int) -> HttpResponse:
    """Accept or refuse. What accepting gives the officer to hand over, such as a code, is shown this once."""
    found = access.case_for_officer(request.user, case_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        outcome = actions.decide(
            found.pk,
            request.user,
            accepted=form.cleaned_data["decision"] == "accept",
            note=form.cleaned_data["note"],
            seen=request.POST.get("seen", ""),
            now=request.now,
        )
    except CaseIsClosed as refusal:  # perhaps this form was sent twice: the page says what came of it
        messages.warning(request, refusal.say(gettext))
        return redirect("office:case", case_id=found.pk)
    except Refusal as refusal:
        form.add_error(None, refusal.say(gettext))
        found.refresh_from_db()
        return _page(request, found, form, status=409)
    if outcome.to_hand_over:
        return _hand_over(request, outcome)
    messages.success(request, gettext("The request is decided. The member sees your words."))
    return redirect("office:home")


@require_POST
def code(request: OfficerRequest, case_id: int) -> HttpResponse:
    """Give another code for an accepted request, shown this once, or take the code back; with a reason each."""
    found = access.case_for_officer(request.user, case_id)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, code_form=form, status=400)
    reason, seen = form.cleaned_data["reason"], form.cleaned_data["code_seen"]
    try:
        if form.cleaned_data["deed"] == "give":
            outcome = recovery.give_another_code(found.pk, request.user, reason=reason, seen=seen, now=request.now)
            return _hand_over(request, outcome)
        recovery.withdraw_code(found.pk, request.user, reason=reason, seen=seen, now=request.now)
    except Refusal as refusal:
        form.add_error(None, refusal.say(gettext))
        return _page(request, found, code_form=form, status=409)
    messages.success(request, gettext("The code is taken back. The member is told."))
    return redirect("office:case", case_id=found.pk)


def _hand_over(request: OfficerRequest, outcome: actions.Outcome) -> HttpResponse:
    return render(request, "office/hand_over.html", {"case": outcome.case, "code": outcome.to_hand_over})


def _page(
    request: OfficerRequest,
    found: Case,
    form: DecisionForm | None = None,
    *,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if not actions.was_read(found, request.user, request.now):
        return redirect("office:case", case_id=found.pk)
    context = {
        "case": found,
        "form": code_form or form or DecisionForm(),
        "code": handed(found, request.now),
        "code_form": code_form or CodeForm(),
        "seen": queries.stamp(found),
        "facts": queries.facts_in_words(queries.facts(found)),
        "pages": evidence.pages(found),
        "person": found.person,
        "lock": locks.lock_of(found.person),
        "numbers": queries.member_numbers(found),
        "now": request.now,
        "beside": disputes.beside(found, today=timezone.localdate()) if found.kind == Case.Kind.DISPUTE else None,
    }
    return render(request, "office/case.html", context, status=status)
