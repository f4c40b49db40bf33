"""What may become of it: a member's own record carried forward, with what-ifs that stay in the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from lumbung import access
from lumbung.errors import Refusal, marked
from lumbung.law import projection as law
from lumbung.law import writing
from lumbung.law.month import birthday
from lumbung.portal.amounts import MOST_WAGE, AmountField, PercentField
from lumbung.portal.charts import Series, line_chart
from lumbung.portal.requests import LoggedIn
from lumbung.projections.errors import NoWageReported
from lumbung.projections.queries import NOTES, Outlook, carried_forward, known_from
from lumbung.standing.outlook import read
from lumbung.standing.queries import standing

SCENARIOS = {"low": marked("Low"), "middle": marked("Middle"), "high": marked("High")}
ASSUMPTIONS = {
    "wage_growth": gettext_lazy("Your wage grows each year by"),
    "development": gettext_lazy("Old-age savings earn each year"),
    "inflation": gettext_lazy("Things become dearer each year by"),
    "economic_growth": gettext_lazy("The economy grows each year by"),
}
_MOST_PERCENT = 20  # what the law's projection takes
_YOUNGEST, _OLDEST = 18, 70
_MOST_YEARS = 50


class WhatIfForm(forms.Form):
    """What would be otherwise; a field that is left empty stays as it is known."""

    wage = AmountField(label=gettext_lazy("Wage a month"), required=False, most=MOST_WAGE)
    age = forms.IntegerField(
        label=gettext_lazy("I stop working at the age of"), required=False, min_value=_YOUNGEST, max_value=_OLDEST,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    years = forms.IntegerField(
        label=gettext_lazy("or in so many years from now"), required=False, min_value=0, max_value=_MOST_YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for scenario in SCENARIOS:
            usual = law.assumptions(scenario)
            for assumption, label in ASSUMPTIONS.items():
                self.fields[f"{scenario}_{assumption}"] = PercentField(
                    label=label, required=False, most=_MOST_PERCENT, initial=_written(getattr(usual, assumption))
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("age") is not None and cleaned.get("years") is not None:
            self.add_error("years", gettext_lazy("Say the age or the years, not both."))
        return cleaned

    def assumption_rows(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields of the assumptions, by scenario."""
        for scenario, name in SCENARIOS.items():
            yield gettext(name), [self[f"{scenario}_{assumption}"] for assumption in ASSUMPTIONS]

    def stops_work(self, born: date, today: date) -> date | None:
        """The last day of work that was said."""
        age, years = self.cleaned_data.get("age"), self.cleaned_data.get("years")
        if age is not None:
            return max(birthday(born, age), today)
        return None if years is None else date(today.year + years, today.month, min(today.day, 28))

    @property
    def changed(self) -> Mapping[str, Mapping[str, Any]]:
        """The assumptions that were written, by scenario and name."""
        return {
            scenario: {name: self.cleaned_data.get(f"{scenario}_{name}") for name in ASSUMPTIONS}
            for scenario in SCENARIOS
        }


def _written(rate: Decimal) -> str:
    return f"{rate.normalize():f}"


def _number(rate: Decimal) -> str:
    """As the reader's language writes it."""
    return writing.number(rate, 4, gettext)


@require_http_methods(["GET", "HEAD", "POST"])
def projection(request: LoggedIn) -> HttpResponse:
    """Old-age savings and pension under three sets of assumptions. A what-if is posted: no wage in an address."""
    found = standing(access.person(request.user), today=timezone.localdate())
    form = WhatIfForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "standing": found}
    if form.is_bound and not form.is_valid():
        return render(request, "portal/projection/page.html", context, status=400)
    asked = form.cleaned_data if form.is_bound else {}
    try:
        known = known_from(read(found), today=found.today, wage=asked.get("wage"))
        stops = form.stops_work(found.born, found.today) if form.is_bound else None
        changed = form.changed if form.is_bound else None
        outlook = carried_forward(known, today=found.today, stops_work=stops, changed=changed)
    except NoWageReported:
        return render(request, "portal/projection/no_wage.html", context)
    except Refusal as refusal:
        form.add_error(None, refusal.say(gettext)) if form.is_bound else None
        context["refusal"] = refusal.say(gettext)
        return render(request, "portal/projection/page.html", context, status=400 if form.is_bound else 200)
    context |= _shown(outlook, request.POST.get("explain", ""))
    return render(request, "portal/projection/page.html", context)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One projection with its name."""

    key: str
    name: str
    projection: law.Projection


def _shown(outlook: Outlook, explain: str) -> dict[str, Any]:
    """What the page shows of an outlook, with the derivation that was asked for: scenario-old_age or -pension."""
    scenarios = [Scenario(key, gettext(name), outlook.scenarios[key]) for key, name in SCENARIOS.items()]
    first = scenarios[0].projection
    notes = [NOTES[note] for note in outlook.known.notes]
    notes += [law.NOTES[note] for note in dict.fromkeys(n for each in scenarios for n in each.projection.notes)]
    return {
        "known": outlook.known,
        "scenarios": scenarios,
        "closes": first.old_age.day,
        "notes": notes,
        "chart": _chart(scenarios),
        "assumed": [
            (label, [_number(getattr(each.projection.assumptions, name)) for each in scenarios])
            for name, label in ASSUMPTIONS.items()
        ],
        "years": list(zip(*(each.projection.years for each in scenarios), strict=True)),
        "explained": _explained(outlook, *explain.partition("-")[::2]),
    }


def _chart(scenarios: list[Scenario]) -> SafeString:
    series = [
        Series(each.name, [(year.year, year.balance) for year in each.projection.years], each.key)
        for each in scenarios
    ]
    return line_chart(series, "rupiah", gettext("Old-age savings at the end of each year"))


def _explained(outlook: Outlook, scenario: str, what: str) -> Mapping[str, Any] | None:
    """The scenario's name and the derivation, None when nothing that there is was asked for."""
    if scenario not in SCENARIOS or what not in {"old_age", "pension"}:
        return None
    amount = getattr(outlook.scenarios[scenario], what)
    return {"scenario": gettext(SCENARIOS[scenario]), "what": what, "step": amount.derivation} if amount else None
