"""The members' pages: the dashboard, the history of contributions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.accounts.numbers import queries as numbers
from lumbung.billing import queries as billing
from lumbung.contributions import queries as contributions
from lumbung.ledger import queries as ledger
from lumbung.portal.requests import LoggedIn

ROWS_A_PAGE = 12


@require_safe
def dashboard(request: LoggedIn) -> HttpResponse:
    """Balance, status and cover of the member who is logged in."""
    person = access.person(request.user)
    today = timezone.localdate()
    accounts = [(number, ledger.balance(number, None)) for number in access.member_numbers(request.user)]
    context = {
        "person": person,
        "accounts": accounts,
        "total": Total.of([balance for _, balance in accounts]),
        "today": today,
        "status": contributions.status(person.pk, today=today),
        "has_proposals": bool(numbers.proposals(request.user)),
    }
    return render(request, "portal/dashboard.html", context)


@require_safe
def history(request: LoggedIn) -> HttpResponse:
    """Every paid month of the member who is logged in, the newest first, and what the member paid himself."""
    numbers = access.member_numbers(request.user)
    page = _page(contributions.history_length(numbers), request.GET.get("page"))
    own_page = _page(billing.history_length(numbers), request.GET.get("own"))
    rows = contributions.history(numbers, offset=(page.number - 1) * ROWS_A_PAGE, limit=ROWS_A_PAGE)
    context = {
        "page": page,
        "rows": rows,
        "corrected": any(row.taken_back_by for row in rows),
        "own_page": own_page,
        "own": billing.history(numbers, offset=(own_page.number - 1) * ROWS_A_PAGE, limit=ROWS_A_PAGE),
        "numbers": numbers,
    }
    return render(request, "portal/history.html", context)


def _page(rows: int, wanted: str | None) -> Page[int]:
    """The page asked for of so many rows; the paginator counts only, the rows of one page are all that is read."""
    return Paginator(range(rows), ROWS_A_PAGE).get_page(wanted)


@dataclass(frozen=True, slots=True)
class Total:
    """What all member numbers of one person hold together, in whole rupiah."""

    old_age_balance: int
    old_age_contributions: int
    old_age_development: int
    old_age_withdrawals: int
    pension_contributions: int
    pension_months_paid: int

    @property
    def old_age_grown(self) -> int:
        """What came in and what it earned, before anything was paid out."""
        return self.old_age_contributions + self.old_age_development

    @classmethod
    def of(cls, balances: Sequence[ledger.Balance]) -> "Total":
        return cls(*(sum(getattr(balance, name) for balance in balances) for name in cls.__slots__))
