"""A member's own record, for the member's own app."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import conditional_page
from ninja import Router, Schema
from ninja.decorators import decorate_view
from pydantic import Field

from lumbung import access
from lumbung.api.app.scopes import held
from lumbung.api.v1.schemas import Problem
from lumbung.api.v1.session import REFUSED, Cursor, Limit, cursor_at, member, needs, position_of, unknown_cursor
from lumbung.contributions import queries as contributions
from lumbung.ledger import queries as books
from lumbung.masking import masked

router = Router(tags=["me"])


class Account(Schema):
    """Whose account this is, and what the session may."""

    name: str
    username: str
    member_numbers: list[str] = Field(description="Each masked but for its last four digits.")
    scopes: list[str]


class NumberBalance(Schema):
    """What one member number has, in whole rupiah."""

    member_number: str = Field(description="Masked but for its last four digits.")
    old_age_balance: int
    old_age_contributions: int
    old_age_development: int
    old_age_withdrawals: int
    pension_contributions: int
    pension_months_paid: int


class Balances(Schema):
    """What all member numbers have, as booked by now, and whether the member is covered today."""

    as_of: date
    old_age_balance: int = Field(description="Of all member numbers together.")
    accounts: list[NumberBalance]
    active: bool
    reason: str
    employer: str | None
    programmes: list[str]
    last_month_paid: str | None = Field(description="YYYY-MM")


class PaidMonth(Schema):
    """One month from one employer, as paid; money in whole rupiah."""

    month: str = Field(description="YYYY-MM")
    member_number: str
    employer: str
    wage: int
    jht_employer: int
    jht_member: int
    jp_employer: int
    jp_member: int
    jkk: int
    jkm: int
    paid_on: date
    is_taken_back: bool = Field(description="It was wrong and does not count any more.")


class History(Schema):
    """A page of the months paid, the newest first. `next_cursor` asks for the page after it; null at the end."""

    months: list[PaidMonth]
    next_cursor: str | None


@router.get("", response={200: Account, **REFUSED}, summary="Whose account this is", **needs("account"))
@decorate_view(conditional_page)
def account(request: HttpRequest) -> HttpResponse:
    user = member(request)
    return JsonResponse(
        {
            "name": access.person(user).name,
            "username": user.username,
            "member_numbers": [masked(number) for number in access.member_numbers(user)],
            "scopes": held(request.session),
        }
    )


@router.get("/balance", response={200: Balances, **REFUSED}, summary="Balance and cover", **needs("balance"))
@decorate_view(conditional_page)
def balance(request: HttpRequest) -> HttpResponse:
    user, today = member(request), timezone.localdate()
    found = [books.balance(number, None) for number in access.member_numbers(user)]
    status = contributions.status(access.person(user).pk, today=today)
    return JsonResponse(
        {
            "as_of": today,
            "old_age_balance": sum(each.old_age_balance for each in found),
            "accounts": [_balance(each) for each in found],
            "active": status.active,
            "reason": status.reason,
            "employer": status.employer_name,
            "programmes": list(status.programmes),
            "last_month_paid": None if status.last_month_paid is None else str(status.last_month_paid),
        }
    )


def _balance(found: books.Balance) -> dict[str, Any]:
    names = [name for name in NumberBalance.model_fields if name != "member_number"]
    return {"member_number": masked(found.member_number), **{name: getattr(found, name) for name in names}}


@router.get(
    "/history",
    response={200: History, **REFUSED, 422: Problem},
    summary="Every month paid, the newest first",
    **needs("history"),
)
@decorate_view(conditional_page)
def history(request: HttpRequest, cursor: Cursor = "", limit: Limit = 12) -> HttpResponse:
    numbers = access.member_numbers(member(request))
    line = position_of(cursor)
    after = contributions.place(numbers, line) if line else None
    if line is None or (line and after is None):
        return unknown_cursor()
    rows = contributions.history(numbers, after=after, limit=limit + 1)
    more = cursor_at(rows[limit - 1].line_id) if len(rows) > limit else None
    return JsonResponse({"months": [_month(row) for row in rows[:limit]], "next_cursor": more})


def _month(row: contributions.Paid) -> dict[str, Any]:
    amounts = ("wage", "jht_employer", "jht_member", "jp_employer", "jp_member", "jkk", "jkm")
    return {
        "month": str(row.month),
        "member_number": masked(row.member_number),
        "employer": row.employer_name,
        **{name: getattr(row, name) for name in amounts},
        "paid_on": row.paid_on,
        "is_taken_back": bool(row.taken_back_by),
    }
