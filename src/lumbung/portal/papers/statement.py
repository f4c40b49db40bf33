"""Statements: choose a period and a language, take the signed PDF away; and a page about each year."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from lumbung import access
from lumbung.accounts import limits
from lumbung.errors import Refusal
from lumbung.papers import actions
from lumbung.papers.house import house
from lumbung.papers.years import queries as years
from lumbung.papers.years.told import Told
from lumbung.portal.forms import DateBoxesField
from lumbung.portal.requests import LoggedIn

YEARS_SHOWN = 5


class StatementForm(forms.Form):
    """Which days, and in which language."""

    period = forms.ChoiceField(
        label=gettext_lazy("Which period?"),
        choices=[
            ("year", gettext_lazy("This year so far")),
            ("last_year", gettext_lazy("Last year")),
            ("all", gettext_lazy("Everything since I joined")),
            ("own", gettext_lazy("From one day to another")),
        ],
        widget=forms.RadioSelect,
        initial="year",
    )
    first = DateBoxesField(label=gettext_lazy("First day"), required=False)
    last = DateBoxesField(label=gettext_lazy("Last day"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the statement"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    def __init__(self, *given: Any, today: date, **named: Any) -> None:
        super().__init__(*given, **named)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("period") == "own":
            for name in ("first", "last"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, gettext("Write the whole date."))
            first, last = cleaned.get("first"), cleaned.get("last")
            if first and last and last > self.today:
                self.add_error("last", gettext("This day has not come yet."))
            elif first and last and first > last:
                self.add_error("last", gettext("The last day lies before the first one."))
        return cleaned

    def days(self) -> tuple[date | None, date]:
        """The first and the last day that were chosen; no first one for everything."""
        year = self.today.year
        chosen: dict[str, tuple[date | None, date]] = {
            "year": (date(year, 1, 1), self.today),
            "last_year": (date(year - 1, 1, 1), date(year - 1, 12, 31)),
            "all": (None, self.today),
        }
        return chosen.get(self.cleaned_data["period"]) or (self.cleaned_data["first"], self.cleaned_data["last"])


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: LoggedIn) -> HttpResponse:
    """Choose; what is sent answers with the PDF itself."""
    person = access.person(request.user)
    today = timezone.localdate(request.now)
    posted = request.POST if request.method == "POST" else None
    form = StatementForm(posted, today=today, initial={"language": get_language()})
    if not form.is_valid():
        return _page(request, form, today)
    if refused := limits.refused(request, "make_paper"):
        return refused
    first, last = form.days()
    try:
        made = actions.make_statement(
            person,
            first,
            last,
            user=request.user,
            house=house(),
            issuer=settings.LUMBUNG_PUBLIC_URL,
            language=form.cleaned_data["language"],
            place=request.door.name,
            now=request.now,
        )
    except Refusal as refusal:
        form.add_error(None, refusal.say(gettext))
        return _page(request, form, today)
    response = HttpResponse(made, content_type="application/pdf")
    name = "-".join([gettext("statement"), *(day.isoformat() for day in (first, last) if day)])
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf")
    return response


def _page(request: LoggedIn, form: StatementForm, today: date) -> HttpResponse:
    context = {"form": form, "years": range(today.year - 1, today.year - 1 - YEARS_SHOWN, -1)}
    return render(request, "portal/papers/statement.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def year(request: LoggedIn, year: int) -> HttpResponse:
    """What a year brought and what to expect, as it was told when the page was made; POST makes it."""
    person = access.person(request.user)
    if not years.may_be_told(year, today=timezone.localdate(request.now)):
        raise Http404
    if request.method == "POST":
        if refused := limits.refused(request, "make_paper"):
            return refused
        actions.tell_year(person, year, user=request.user, place=request.door.name, now=request.now)
        messages.success(request, gettext("The page is made."))
        return redirect("portal:year", year=year)
    row = years.year_told(person, year)
    context = {"year": year, "row": row, "told": Told.from_json(row.facts) if row else None}
    return render(request, "portal/papers/year.html", context)
