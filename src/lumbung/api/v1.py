"""Version 1 of the programs' interface."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError
from pydantic import BaseModel, Field, ValidationError

from lumbung import access
from lumbung.api.scopes import Scope
from lumbung.ledger import queries as books

api = NinjaAPI(
    title="Lumbung",
    version="1",
    urls_namespace="api",
    docs_url=None,  # a page of scripts from elsewhere
    openapi_url=None,  # `description` below, because ninja's own answers every method and needs no scope
    auth=Scope("me"),
)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, refusal: HttpError) -> HttpResponse:
    code = "scope_needed" if refusal.status_code == 403 else "refused"
    return api.create_response(request, {"code": code, "message": str(refusal)}, status=refusal.status_code)


class Me(Schema):
    """The program itself: its name as registered, and what the present token allows."""

    name: str
    scopes: list[str]


@api.get("/me", response=Me, summary="Who this token belongs to")
def me(request: HttpRequest) -> Me:
    token = request.token  # type: ignore[attr-defined]
    return Me(name=token.name, scopes=list(token.scopes))


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


@api.post(
    "/balance",
    response=Balance,
    auth=Scope("balance"),
    summary="The balance of a member number",
    openapi_extra={"requestBody": _ASKED},
)
def balance(request: HttpRequest) -> HttpResponse:
    try:
        asked = BalanceAsked.model_validate_json(request.body)
    except ValidationError:  # which repeats what was sent
        message = 'Send {"member_number": "…"} with the digits of a member number.'
        return JsonResponse({"code": "bad_request", "message": message}, status=422)
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


@api.exception_handler(access.NotReachable)
def _not_reachable(request: HttpRequest, refusal: access.NotReachable) -> HttpResponse:
    return api.create_response(request, {"code": "not_found", "message": "Not found"}, status=404)


@api.get("/openapi.json", include_in_schema=False)
def description(request: HttpRequest) -> dict[str, Any]:
    """This interface as OpenAPI 3.1; only for programs, like everything here."""
    return api.get_openapi_schema()
