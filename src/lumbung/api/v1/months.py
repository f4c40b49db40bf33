"""What is true of each month of a year, for the member's own app: the rule that the history's page shows."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import conditional_page
from ninja import Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from lumbung import access
from lumbung.api.v1.schemas import Problem
from lumbung.api.v1.session import REFUSED, member, needs
from lumbung.contributions.gaps import queries, words
from lumbung.contributions.gaps.facts import State, Verdict, Who
from lumbung.contributions.gaps.owed import expected_total
from lumbung.masking import masked
from lumbung.wording import day_name, month_name

router = Router(tags=["me"])


class MonthState(Schema):
    """What is true of a month with one payer. Money is whole rupiah, null where nobody knows."""

    month: str = Field(description="YYYY-MM")
    member_number: str = Field(description="Masked but for its last four digits.")
    segment: str = Field(description="PU: an employer pays. Else the member: BPU, PMI, PMI_SAVINGS.")
    employer: str | None = Field(description="Null where the member pays.")
    state: State
    sentence: str = Field(description="The same in words, in the language of Accept-Language.")
    is_problem: bool = Field(description="Somebody must act who was to have acted before.")
    who: Who = Field(description="Who must act.")
    by: date | None = Field(description="Until when; null for at once, and where nobody must.")
    due: date | None = Field(description="The last day in time; null where nothing was expected.")
    wage: int | None = Field(description="As reported.")
    expected: int | None
    reported: int | None = Field(description="What was asked for; null where nothing was reported.")
    paid: int = Field(description="What was paid and counts.")
    waiting: int = Field(description="What a correction still asks for.")
    paid_on: date | None


class Months(Schema):
    """The months of one year, the newest first. `years` are all of which something is known."""

    year: int | None
    years: list[int]
    months: list[MonthState]


Year = Annotated[int | None, Query(ge=1900, le=2999, description="The newest one when left out or not known.")]


@router.get(
    "/history/months",
    response={200: Months, **REFUSED, 422: Problem},
    summary="What was expected, reported and paid for each month of a year, and who must act",
    **needs("history"),
)
@decorate_view(conditional_page)
def months(request: HttpRequest, year: Year = None) -> HttpResponse:
    numbers = access.member_numbers(member(request))
    record = queries.record(numbers, year=year, today=timezone.localdate())
    found = [_state(one) for one in record.verdicts]
    return JsonResponse({"year": record.year, "years": record.years, "months": found})


def _state(verdict: Verdict) -> dict[str, Any]:
    line = verdict.line
    is_paid = line is not None and line.paid_on is not None
    return {
        "month": str(verdict.month),
        "member_number": masked(verdict.member_number),
        "segment": verdict.segment,
        "employer": None if verdict.is_own else verdict.payer_name,
        "state": verdict.state,
        "sentence": words.say(verdict, gettext, day=day_name, month=month_name),
        "is_problem": verdict.is_problem,
        "who": verdict.who,
        "by": verdict.by,
        "due": verdict.due,
        "wage": line.wage if line else None,
        "expected": expected_total(verdict),
        "reported": line.total if line else None,
        "paid": line.total if line and is_paid else 0,
        "waiting": verdict.waiting,
        "paid_on": line.paid_on if line else None,
    }
