"""The law for everybody: its numbers with their sources, and what follows from them. No token, nothing kept."""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page
from ninja import Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from lumbung.accounts import limits
from lumbung.api.problems import problem
from lumbung.api.v1.refusals import TooMany
from lumbung.api.v1.schemas import Asked, Day, Language, Problem, Rupiah
from lumbung.errors import Refusal
from lumbung.law import calculators, version
from lumbung.law.derivation import as_data, plain
from lumbung.law.parameter import parameters
from lumbung.law.proof import cases_by_parameter
from lumbung.law.telling import parameter_as_data

FRESH_SECONDS = 3600  # how long an answer about the law's numbers may be used without asking again
router = Router(tags=["law"], auth=None)


class DatedValue(Schema):
    """What a parameter is from a day on, until the next value starts."""

    start: str = Field(alias="from", description="Its first day.", json_schema_extra={"format": "date"})
    value: Any = Field(description="A whole number, a decimal as text, a list, a table, or the word `unknown`.")
    title: str = Field(description="Where it is written.")
    url: str | None = Field(description="Where it was seen.")
    confidence: str = Field(description="`sourced`, or weaker: `K-high` (likely), `K-med` (uncertain).")


class Parameter(Schema):
    """One dated number or table of the law."""

    name: str
    label: str
    unit: str
    values: list[DatedValue]


class Parameters(Schema):
    """All of them, with the version of the law: a digest that changes with any value, source or word of them."""

    law_version: str
    parameters: list[Parameter]


class OneParameter(Schema):
    """One of them, with the names of the cases whose answers rest on it."""

    law_version: str
    parameter: Parameter
    cases: list[str]


class Clause(Schema):
    """The value of the law that a step takes over, and where it stands."""

    parameter: str
    key: str | int | None
    start: str = Field(alias="from", json_schema_extra={"format": "date"})
    title: str
    url: str | None
    confidence: str


class Step(Schema):
    """A value and how it follows from those below it. Shares are exact, as `numerator/denominator`."""

    name: str
    label: str
    value: int | str | bool | None
    unit: str
    operation: str = Field(description="`given`, `parameter`, or what is done with the values of `steps`.")
    formula: str = Field(description="The same in words.")
    clause: Clause | None = None
    steps: "list[Step] | None" = None


class Figure(Schema):
    """One figure of an answer."""

    name: str
    label: str
    value: int | str | bool | None
    unit: str


class Note(Schema):
    """What else to know about an answer."""

    code: str
    text: str


class Result(Schema):
    """An answer of the law and its version; `derivation` is null when it was not asked for."""

    law_version: str
    figures: list[Figure]
    notes: list[Note]
    derivation: Step | None


Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="YYYY-MM", examples=["2026-11"])]


class CalculationAsked(Asked):
    """What every calculation may be asked."""

    language: Language = Field("en", description="In which language labels and sentences come.")
    explain: bool = Field(True, strict=True, description="Whether the derivation comes along.")


class ContributionAsked(CalculationAsked):
    """A worker with an employer (PU), one month."""

    wage: Rupiah = Field(description="Monthly wage: base pay and fixed allowances.", examples=[8000000])
    month: Month
    risk_class: Literal["I", "II", "III", "IV", "V"] = Field(description="Of the work, for accidents.")


class OwnWorkAsked(CalculationAsked):
    """Somebody who works for himself (BPU), one month."""

    income: Rupiah = Field(description="Monthly income.", examples=[2000000])
    month: Month
    sector: Literal["transport", "other"] = "other"


class OldAgeAsked(CalculationAsked):
    """Old-age savings (JHT) over years of one wage."""

    wage: Rupiah = Field(description="Monthly wage.", examples=[5000000])
    years: int = Field(strict=True, ge=0, le=calculators.MOST_YEARS)
    opening: Rupiah = Field(0, description="Balance at the start.")
    rate: str | None = Field(
        None,
        pattern=r"^[0-9]{1,2}(\.[0-9]{1,4})?$",
        description="What savings earn in a year, in percent, as text. Assumed when left out.",
        examples=["5.7"],
    )


class PensionAsked(CalculationAsked):
    """A pension (JP) of somebody who pays every month from a year on to pension age."""

    born: Day = Field(description="Birth date.", examples=["1985-03-02"])
    wage: Rupiah = Field(description="Monthly wage today.", examples=[6000000])
    since: int = Field(
        strict=True, ge=2015, le=2099, description="First year with contributions.", examples=[2016]
    )
    scenario: Literal["low", "middle", "high"] = "middle"


@router.get(
    "/parameters",
    response={200: Parameters, 422: Problem, 429: Problem},
    summary="Every number of the law, with its history and sources",
    by_alias=True,
)
@decorate_view(conditional_page)
def all_parameters(request: HttpRequest, language: Language = "en") -> HttpResponse:
    return _kept(request, {"law_version": version(), "parameters": list(_told(language).values())})


@router.get(
    "/parameters/{parameter}",
    response={200: OneParameter, 404: Problem, 422: Problem, 429: Problem},
    summary="One number of the law, with the cases that prove it",
    by_alias=True,
)
@decorate_view(conditional_page)
def one_parameter(request: HttpRequest, parameter: str, language: Language = "en") -> HttpResponse:
    if parameter not in parameters():
        raise Http404
    cases = cases_by_parameter().get(parameter, ())
    return _kept(request, {"law_version": version(), "parameter": _told(language)[parameter], "cases": cases})


@lru_cache(maxsize=2)
def _told(language: str) -> dict[str, dict[str, Any]]:
    with translation.override(language):
        return {name: parameter_as_data(each, translation.gettext) for name, each in parameters().items()}


def _kept(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    if not limits.allows(request, "law", limit_get=True):
        raise TooMany
    response = JsonResponse(told)
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


_CALCULATED = {200: Result, 422: Problem, 429: Problem}


@router.post(
    "/contribution", response=_CALCULATED, summary="What is owed for a worker with an employer", by_alias=True
)
def contribution(request: HttpRequest, asked: ContributionAsked) -> HttpResponse:
    return _calculated(
        request,
        asked,
        lambda: calculators.contribution(
            segment="PU", month=asked.month, wage=asked.wage, risk_class=asked.risk_class
        ),
    )


@router.post("/own-work", response=_CALCULATED, summary="What is owed by who works for himself", by_alias=True)
def own_work(request: HttpRequest, asked: OwnWorkAsked) -> HttpResponse:
    return _calculated(
        request,
        asked,
        lambda: calculators.contribution(
            segment="BPU", month=asked.month, income=asked.income, sector=asked.sector
        ),
    )


@router.post("/old-age", response=_CALCULATED, summary="What old-age savings come to", by_alias=True)
def old_age(request: HttpRequest, asked: OldAgeAsked) -> HttpResponse:
    return _calculated(
        request,
        asked,
        lambda: calculators.old_age(wage=asked.wage, years=asked.years, opening=asked.opening, rate=asked.rate),
    )


@router.post("/pension", response=_CALCULATED, summary="Which pension may be expected", by_alias=True)
def pension(request: HttpRequest, asked: PensionAsked) -> HttpResponse:
    today = timezone.localdate()
    return _calculated(
        request,
        asked,
        lambda: calculators.pension_at(
            born=asked.born, wage=asked.wage, since=asked.since, scenario=asked.scenario, today=today
        ),
    )


def _calculated(
    request: HttpRequest, asked: CalculationAsked, calculate: Callable[[], calculators.Result]
) -> HttpResponse:
    """An answer in the language asked for; what the law refuses becomes a problem with the law's own code."""
    if not limits.allows(request, "law", limit_get=True):
        raise TooMany
    with translation.override(asked.language):
        try:
            return JsonResponse(_as_data(calculate(), explain=asked.explain))
        except Refusal as refusal:
            return problem(422, refusal.code, refusal.say(translation.gettext))


def _as_data(result: calculators.Result, *, explain: bool) -> dict[str, Any]:
    told = translation.gettext
    return {
        "law_version": version(),
        "figures": [
            {"name": each.name, "label": told(each.label), "value": plain(each.value), "unit": each.unit}
            for each in result.figures
        ],
        "notes": [{"code": note, "text": told(calculators.NOTES[note])} for note in result.notes],
        "derivation": as_data(result.derivation, told) if explain and result.derivation else None,
    }
