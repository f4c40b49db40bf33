"""Type the wages of payslips, see what should have been paid, then keep them or send them as a dispute."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts import queries as accounts
from lumbung.casework import actions as casework
from lumbung.casework import disputes
from lumbung.casework.models import Case
from lumbung.contributions.gaps import queries as gaps
from lumbung.contributions.gaps.facts import Verdict
from lumbung.contributions.payslips import actions, queries
from lumbung.contributions.payslips.comparing import Compared, Sums, compare
from lumbung.law.errors import NotYetInForce, Unknown
from lumbung.portal.history.forms import year_asked
from lumbung.portal.requests import LoggedIn
from lumbung.portal.wages.forms import WagesForm
from lumbung.projections.payslips import loss
from lumbung.standing.outlook import read
from lumbung.standing.queries import standing


@require_http_methods(["GET", "HEAD", "POST"])
def wages(request: LoggedIn) -> HttpResponse:
    """A year's months with a box each; sent, what should have been paid. Nothing is kept."""
    if request.method != "POST":
        return _page(request, *_form(request))
    today = timezone.localdate()
    now_standing = standing(access.person(request.user), today=today)
    form, record = _form(request, now_standing.numbers)
    if not form.is_valid():
        return _page(request, form, record, status=400)
    compared = _compared(form.typed)
    sums = Sums.of(compared)
    newest = _newest_wages(compared, today)
    found = None
    if compared:
        found = loss(read(now_standing), wages=newest, lacking_old_age=sums.old_age, today=today)
    return _page(request, form, record, compared=compared, sums=sums, loss=found)


@require_POST
def keep(request: LoggedIn) -> HttpResponse:
    """Keep the wages, sealed, for the next time."""
    form, record = _form(request)
    if not form.is_valid():
        return _page(request, form, record, status=400)
    actions.keep(form.wages, now=request.now)
    messages.success(request, gettext("Your wages are kept. Nobody but you sees them."))
    return redirect("portal:wages")


@require_POST
def forget(request: LoggedIn) -> HttpResponse:
    """Delete all wages that were kept."""
    actions.forget(access.member_numbers(request.user))
    messages.success(request, gettext("The wages that you kept are deleted."))
    return redirect("portal:wages")


@require_POST
def send(request: LoggedIn) -> HttpResponse:
    """Send the wages as disputes, one for each employer."""
    form, record = _form(request)
    if not form.is_valid():
        return _page(request, form, record, status=400)
    if refused := limits.refused(request, "send_request"):
        return refused
    person, why = access.person(request.user), form.cleaned_data["why"].strip()
    for claim in _claims(form.typed):
        casework.open_case(
            Case.Kind.DISPUTE,
            person,
            disputes.as_facts(claim, why),
            user=request.user,
            place=request.door.name,
            now=request.now,
            subject=claim.subject,
        )
    messages.success(request, gettext("Your dispute is sent. A person of the fund answers within two weeks."))
    return redirect("portal:cases")


def _form(request: LoggedIn, numbers: Sequence[str] | None = None) -> tuple[WagesForm, gaps.Record]:
    """The form of the year that is asked for; what is kept of it stands in the boxes of an empty one."""
    numbers = access.member_numbers(request.user) if numbers is None else numbers
    data = request.POST if request.method == "POST" else None
    year = year_asked((request.POST if data is not None else request.GET).get("year"))
    record = gaps.record(numbers, year=year, today=timezone.localdate())
    kept = queries.kept(numbers, year=record.year) if record.years and data is None else {}
    return WagesForm(data, record, numbers, kept), record


def _page(
    request: LoggedIn, form: WagesForm, record: gaps.Record, *, status: int = 200, **found: object
) -> HttpResponse:
    context = {
        "form": form,
        "record": record,
        # A form that was sent says whether there was something in its boxes that is kept.
        "has_kept": "has_kept" in request.POST or any(box.initial for _, box in form.months),
        "read_only": accounts.read_only_until(request.user, request.now),
        **found,
    }
    return render(request, "portal/wages/page.html", context, status=status)


def _compared(typed: Sequence[tuple[Verdict, int]]) -> list[Compared]:
    """Each month beside its wage, but those for which the law has no figures."""
    found = []
    for verdict, wage in typed:
        try:
            found.append(compare(verdict, wage))
        except (NotYetInForce, Unknown):
            continue
    return found


def _newest_wages(compared: Sequence[Compared], today: date) -> dict[int, int]:
    """The newest payslip's wage of each employer for whom the member works today."""
    newest: dict[int, int] = {}
    for one in compared:
        if any(cover.ends is None or cover.ends >= today for cover in one.verdict.covers):
            newest.setdefault(one.verdict.payer, one.wage)
    return newest


def _claims(typed: Sequence[tuple[Verdict, int]]) -> list[disputes.Claim]:
    by_employer: dict[tuple[str, int], list[tuple[Verdict, int]]] = {}
    for verdict, wage in typed:
        by_employer.setdefault((verdict.member_number, verdict.payer), []).append((verdict, wage))
    return [
        disputes.Claim(number, payer, months[0][0].payer_name, {one.month: wage for one, wage in months})
        for (number, payer), months in by_employer.items()
    ]
