"""A balance at a day, as booked by its end, and why it differs between two days."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.ledger import lines as ledger
from lumbung.portal.forms import DateBoxesField
from lumbung.portal.requests import LoggedIn
from lumbung.standing.queries import Total

LINES_A_PAGE = 24
FIRST_DAY = date(1950, 1, 1)  # the books hold nothing older


def _past(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(gettext_lazy("This day lies ahead. Choose today or a day before."))
    if day < FIRST_DAY:
        raise ValidationError(gettext_lazy("Our books do not go back so far. Choose a later day."))


class DayForm(forms.Form):
    """The day whose balance is asked for."""

    day = DateBoxesField(label=gettext_lazy("Balance on this day"), validators=[_past])


class SpanForm(forms.Form):
    """Two days, of which the first must not be the later one."""

    after = DateBoxesField(label=gettext_lazy("From the balance on"), validators=[_past])
    until = DateBoxesField(label=gettext_lazy("to the balance on"), validators=[_past])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        after, until = cleaned.get("after"), cleaned.get("until")
        if after and until and after > until:
            self.add_error("until", gettext_lazy("This day lies before the first one. Choose a later day."))
        return cleaned


@require_safe
def at(request: LoggedIn) -> HttpResponse:
    """What all member numbers had by the end of a day, as it was booked by then."""
    form = DayForm(request.GET if request.GET else None)
    numbers = access.member_numbers(request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        booked = [each.balance for each in ledger.balances_at(numbers, form.cleaned_data["day"])]
        context |= {"day": form.cleaned_data["day"], "balances": booked, "total": Total.of(booked)}
    return render(request, "portal/balance/at.html", context, status=400 if form.errors else 200)


@require_safe
def difference(request: LoggedIn) -> HttpResponse:
    """Why the balance differs between two days, line by line; without days, since the year began."""
    today = timezone.localdate()
    asked = request.GET.copy()
    asked.pop("page", None)
    form = SpanForm(asked or None, initial={"after": date(today.year - 1, 12, 31), "until": today})
    if form.is_bound and not form.is_valid():
        return render(request, "portal/balance/difference.html", {"form": form}, status=400)
    days = form.cleaned_data if form.is_bound else form.initial
    context = _difference(
        access.member_numbers(request.user), days["after"], days["until"], request.GET.get("page")
    )
    kept = f"{asked.urlencode()}&" if asked else ""
    return render(request, "portal/balance/difference.html", {"form": form, "kept": kept, **context})


def _difference(numbers: list[str], after: date, until: date, wanted: str | None) -> dict[str, Any]:
    before, then = ledger.balances_at(numbers, after), ledger.balances_at(numbers, until)
    count = sum(each.lines for each in then) - sum(each.lines for each in before)
    page: Page[int] = Paginator(range(count), LINES_A_PAGE).get_page(wanted)
    first, last = Total.of([each.balance for each in before]), Total.of([each.balance for each in then])
    offset = (page.number - 1) * LINES_A_PAGE
    return {
        "after": after,
        "until": until,
        "before": first,
        "then": last,
        "moved": last.less(first),
        "page": page,
        "lines": ledger.between(numbers, after=after, until=until, limit=LINES_A_PAGE, offset=offset),
        "several": len(numbers) > 1,
    }
