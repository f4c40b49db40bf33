"""The members' pages: the dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.accounts.numbers import queries as numbers
from lumbung.contributions import queries as contributions
from lumbung.ledger import queries as ledger
from lumbung.portal.requests import LoggedIn


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
