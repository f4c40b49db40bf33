"""The calculators, and the law's own numbers: nobody logs in, nothing that is typed is kept."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from lumbung.accounts import limits
from lumbung.errors import marked
from lumbung.law import calculators, version
from lumbung.law.derivation import render as rendered
from lumbung.law.derivation import written
from lumbung.law.parameter import parameters as all_parameters
from lumbung.portal.charts import step_chart
from lumbung.portal.keeping import kept_page, page_without_token
from lumbung.portal.law import chapters
from lumbung.portal.law.forms import Calculator, EmployedForm, OldAgeForm, OwnWorkForm, PensionForm


@dataclass(frozen=True, slots=True)
class Page:
    """A calculator's page: its name in the address, its words, its form."""

    name: str
    title: str
    lead: str
    form: type[Calculator]

    @property
    def address(self) -> str:
        """The name of its address."""
        return f"portal:law_{self.name}"


PAGES = (
    Page(
        "contribution",
        marked("What must be paid for me?"),
        marked("For who works for an employer: what the employer pays, and what is kept back from the wage."),
        EmployedForm,
    ),
    Page(
        "own_work",
        marked("What do I pay when I work for myself?"),
        marked("For drivers, sellers, farmers and all others who have no employer."),
        OwnWorkForm,
    ),
    Page(
        "old_age",
        marked("What will my old-age savings come to?"),
        marked("Old age (JHT): what is paid in, and what it earns over the years."),
        OldAgeForm,
    ),
    Page(
        "pension",
        marked("What pension may I expect?"),
        marked("Pension (JP): from which day, and how much each month."),
        PensionForm,
    ),
)
_BY_NAME = {page.name: page for page in PAGES}


@login_not_required
@require_safe
@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    """The calculators and the way to the law's numbers."""
    return kept_page(request, "portal/law/index.html", {"pages": PAGES})


# Nothing is done in anybody's name here, so the page holds no token and can be kept. What is typed is posted: an
# address is written into logs, and a wage or a birth date is nobody's business there (decision 0025).
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@conditional_page
def calculator(request: HttpRequest, name: str) -> HttpResponse:
    """One calculator: its form, and its answer when something was sent."""
    page, today = _BY_NAME[name], timezone.localdate()
    if request.method != "POST":
        return kept_page(request, "portal/law/calculator.html", {"page": page, "form": page.form(today=today)})
    refused: HttpResponse | None = limits.refused(request, "law")
    if refused is not None:
        return refused
    form = page.form(request.POST, today=today)
    result = form.result()
    context: dict[str, Any] = {"page": page, "form": form}
    if result is not None:
        context.update(_told(result))
    return page_without_token(request, "portal/law/calculator.html", context)


def _told(result: calculators.Result) -> dict[str, Any]:
    """The answer in the reader's words, with its derivation by the law's own renderer, which escapes."""
    html = "" if result.derivation is None else rendered(result.derivation, "html", gettext)
    return {
        "figures": [(figure, written(calculators.shown(figure), gettext)) for figure in result.figures],
        "main": next((figure for figure in result.figures if figure.weight == "main"), None),
        "notes": [calculators.NOTES[note] for note in result.notes],
        "derivation": mark_safe(html),  # noqa: S308
    }


@login_not_required
@require_safe
@conditional_page
def parameters(request: HttpRequest) -> HttpResponse:
    """Every number of the law that this program reckons with, by subject, with what holds today."""
    told = chapters.all_chapters(timezone.localdate(), gettext)
    return kept_page(request, "portal/law/parameters.html", {"chapters": told, "version": version()})


@login_not_required
@require_safe
@conditional_page
def parameter(request: HttpRequest, parameter: str) -> HttpResponse:
    """One number: since when it is what, where that stands, which cases prove it."""
    if parameter not in all_parameters():
        raise Http404
    today = timezone.localdate()
    told = chapters.history(all_parameters()[parameter], today, gettext)
    chart = step_chart(told.points, told.points_unit, gettext(told.label), until=today)
    context = {"told": told, "chart": chart, "version": version()}
    return kept_page(request, "portal/law/parameter.html", context)
