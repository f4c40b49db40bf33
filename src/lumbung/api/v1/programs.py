"""What programs may: see whom their token belongs to, and read balances with the scope for it."""

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import conditional_page
from ninja import Router, Schema
from ninja.decorators import decorate_view
from pydantic import BaseModel, Field, ValidationError

from lumbung import access
from lumbung.api.problems import problem
from lumbung.api.scopes import Scope
from lumbung.api.v1.schemas import Problem
from lumbung.api.v1.session import SCOPE
from lumbung.ledger import queries as books

router = Router(tags=["programs"], auth=Scope("me"))


class TokenHolder(Schema):
    """The program itself: its name as registered, and what the present token allows."""

    name: str
    scopes: list[str]


@router.get(
    "/token",
    response={200: TokenHolder, 401: Problem, 403: Problem},
    summary="Who this token belongs to",
    openapi_extra={SCOPE: "me"},
)
@decorate_view(conditional_page)
def token(request: HttpRequest) -> TokenHolder:
    held = request.token  # type: ignore[attr-defined]
    return TokenHolder(name=held.name, scopes=list(held.scopes))


class BalanceAsked(BaseModel):
    """Whose balance: a member number. It stands in the body, since addresses are written into logs."""

    member_number: str = Field(min_length=1, max_length=32, pattern="^[0-9]+$")


class OldAge(Schema):
    """Old-age money, in whole rupiah."""

    balance: int
    contributions: int
    development: int
    withdrawals: int


class Pension(Schema):
    """Pension contributions in whole rupiah, and the months they were paid for."""

    contributions: int
    months_paid: int


class Balance(Schema):
    """What a member number has, as booked by now."""

    as_of: date
    old_age: OldAge
    pension: Pension


# The hot one: question and answer are read and written here, past ninja's schemas, at half the cost.
_ASKED = {"required": True, "content": {"application/json": {"schema": BalanceAsked.model_json_schema()}}}


@router.post(
    "/balance",
    response={200: Balance, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
    auth=Scope("balance"),
    summary="The balance of a member number",
    openapi_extra={"requestBody": _ASKED, SCOPE: "balance"},
)
def balance(request: HttpRequest) -> HttpResponse:
    try:
        asked = BalanceAsked.model_validate_json(request.body)
    except ValidationError:  # which repeats what was sent
        message = 'Send {"member_number": "…"} with the digits of a member number.'
        return problem(422, "bad_request", message)
    found = books.balance(asked.member_number, None)
    if found.booked_on is None:  # without lines, so nothing has proved yet that there is such a number
        access.member_number_for_program(request.user, asked.member_number)  # type: ignore[arg-type]
    return JsonResponse(
        {
            "as_of": timezone.localdate(),
            "old_age": {
                "balance": found.old_age_balance,
                "contributions": found.old_age_contributions,
                "development": found.old_age_development,
                "withdrawals": found.old_age_withdrawals,
            },
            "pension": {"contributions": found.pension_contributions, "months_paid": found.pension_months_paid},
        }
    )
