"""The demo's page of components: every one in every state, with invented words."""

from datetime import date
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from lumbung.portal.charts import Series, line_chart, step_chart
from lumbung.portal.forms import BirthDateField, CodeField, DigitsInput

SEGMENTS = (
    ("", gettext_lazy("Choose one")),
    ("PU", gettext_lazy("I work for an employer")),
    ("BPU", gettext_lazy("I work for myself")),
    ("PMI", gettext_lazy("I work abroad")),
)


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As it stands on your KTP."))
    number = forms.CharField(label=gettext_lazy("Member number"), widget=DigitsInput, required=False)
    born = BirthDateField(label=gettext_lazy("Birth date"), help_text=gettext_lazy("For example 17 8 1990"))
    code = CodeField(label=gettext_lazy("Code"), help_text=gettext_lazy("We sent it to •••• 0001."))
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Where should the code go?"),
        choices=(("sms", gettext_lazy("SMS to •••• 0001")), ("email", gettext_lazy("E-mail to s•••@contoh.id"))),
        widget=forms.RadioSelect,
    )
    news = forms.MultipleChoiceField(
        label=gettext_lazy("What may we write to you about?"),
        choices=(("paid", gettext_lazy("A month was paid")), ("missing", gettext_lazy("A month is missing"))),
        widget=forms.CheckboxSelectMultiple,
    )
    segment = forms.ChoiceField(label=gettext_lazy("Your work"), choices=SEGMENTS)
    note = forms.CharField(label=gettext_lazy("What happened?"), widget=forms.Textarea)
    paper = forms.FileField(
        label=gettext_lazy("Photo of your KTP"), help_text=gettext_lazy("JPG or PDF, up to 5 MB.")
    )
    shared = forms.BooleanField(label=gettext_lazy("Other people use this computer too"))


WRONG = {"wrong-born_day": "31", "wrong-born_month": "13", "wrong-born_year": "90"}


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for whoever builds or re-brands a page."""
    if not settings.LUMBUNG_DEMO:
        raise Http404
    context = {
        "right": SampleForm(prefix="right", initial={"channel": "sms", "news": ["paid"], "shared": True}),
        "wrong": SampleForm(WRONG, prefix="wrong"),
        "tasks": _tasks(),
        "rows": _rows(),
        "codes": ["4711-0815", "2757-1990", "1708-1945", "0412-2026", "6281-2000", "8181-4242"],
        "page": Paginator(range(40), 12).page(2),
        "steps_drawn": _steps_drawn(),
        "lines_drawn": _lines_drawn(),
        "has_menu": True,
    }
    return render(request, "portal/design.html", context)


def _tasks() -> list[SimpleNamespace]:
    """A task in each state."""
    told = (
        ("done", gettext("Confirm your phone"), ""),
        ("begun", gettext("Check your data"), gettext("2 of 5 checked")),
        ("wrong", gettext("Put up a photo of your KTP"), gettext("The photo is too dark to be read.")),
        ("todo", gettext("Choose a password"), ""),
        ("later", gettext("Send"), gettext("When all else is done.")),
    )
    return [
        SimpleNamespace(state=state, title=title, hint=hint, url="" if state == "later" else "#tasks")
        for state, title, hint in told
    ]


def _rows() -> list[SimpleNamespace]:
    """Answers, with and without a way to change them."""
    return [
        SimpleNamespace(label=gettext("Name"), value="Sari Contoh", url=""),
        SimpleNamespace(label=gettext("Phone"), value="•••• •••• 0001", url="#rows"),
        SimpleNamespace(label=gettext("E-mail"), value="s•••@contoh.id", url="#rows"),
    ]


def _steps_drawn() -> SafeString:
    """A figure that holds until the next one."""
    values = [(date(2020, 3, 1), 5_000_000), (date(2022, 3, 1), 5_600_000), (date(2025, 3, 1), 6_400_000)]
    return step_chart(values, "rupiah", gettext("Wage"), until=date(2026, 3, 1))


def _lines_drawn() -> SafeString:
    """Three lines of one figure."""
    names = {"low": gettext("Low"), "middle": gettext("Middle"), "high": gettext("High")}
    series = [
        Series(name, [(age, 1_000_000 * (age - 20) * (age - 20 + 4 * place)) for age in range(30, 57)], style)
        for place, (style, name) in enumerate(names.items())
    ]
    return line_chart(series, "rupiah", gettext("Balance"))
