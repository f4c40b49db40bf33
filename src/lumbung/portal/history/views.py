"""The history of contributions: a year on a page, a year or all of it as a file to keep."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.contributions.gaps import queries
from lumbung.papers.errors import TooBusy
from lumbung.portal.history import files, rows
from lumbung.portal.history.forms import FilterForm, year_asked
from lumbung.portal.requests import LoggedIn


@require_safe
def history(request: LoggedIn) -> HttpResponse:
    """Every month of a year: expected, reported, paid, what is true of it and who must act."""
    numbers = access.member_numbers(request.user)
    record = queries.record(numbers, year=year_asked(request.GET.get("year")), today=timezone.localdate())
    form = FilterForm(request.GET, record)
    shown = rows.of(record, state=form.state_asked, payer=form.payer_asked)
    context = {
        "record": record,
        "form": form,
        "rows": shown,
        "needing": rows.needing(record.verdicts),
        "corrected": bool(record.taken_back),
        "numbers": numbers,
        "around": _years_around(record),
    }
    return render(request, "portal/history/page.html", context)


def _years_around(record: queries.Record) -> dict[str, int | None]:
    """The years before and after the one that is shown."""
    years = set(record.years)
    shown = record.year or 0
    return {"newer": shown + 1 if shown + 1 in years else None, "older": shown - 1 if shown - 1 in years else None}


@require_safe
def as_csv(request: LoggedIn) -> HttpResponse:
    """A year, or everything, as a table for a spreadsheet."""
    record = _asked(request)
    return _file(files.csv_of(rows.of(record), get_language() or "id"), "text/csv; charset=utf-8", record, "csv")


@require_safe
def as_pdf(request: LoggedIn) -> HttpResponse:
    """A year, or everything, to print and to keep. Forty years take seconds, so it is counted as papers are."""
    person = access.person(request.user)
    if refused := limits.refused(request, "make_paper", limit_get=True):
        return refused
    record = _asked(request)
    language = get_language() or "id"
    try:
        made = files.pdf_of(rows.of(record), record, name=person.name, now=request.now, language=language)
    except TooBusy as refusal:
        messages.info(request, refusal.say(gettext))
        return redirect("portal:history")
    return _file(made, "application/pdf", record, "pdf")


def _asked(request: LoggedIn) -> queries.Record:
    numbers, year = access.member_numbers(request.user), year_asked(request.GET.get("year"))
    return queries.record(numbers, year=year, today=timezone.localdate(), everything=year is None)


def _file(content: bytes, kind: str, record: queries.Record, ending: str) -> HttpResponse:
    what = f"-{record.year}" if record.year else ""
    disposition = f'attachment; filename="{files.file_word()}{what}.{ending}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
