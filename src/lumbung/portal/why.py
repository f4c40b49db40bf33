"""Why this number: each figure of a member opens into how it follows from the law, and into its entry.

Addresses hold the fund's own running numbers of returns, bills and entries, and nothing of the member.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.billing import explanation as billing
from lumbung.contributions import explanation as contributions
from lumbung.development import explanation as development
from lumbung.ledger import lines as ledger
from lumbung.ledger.lines import AccountLine
from lumbung.ledger.queries import history_page
from lumbung.portal.requests import LoggedIn
from lumbung.standing import queries as standing
from lumbung.standing.benefits import benefit

LINES_A_PAGE = 12


@require_safe
def programme(request: LoggedIn, code: str) -> HttpResponse:
    """What a programme would pay if it happened today, figure by figure, with the law behind each."""
    found = standing.standing(access.person(request.user), today=timezone.localdate())
    told = benefit(found.facts, code)
    if told is None:
        raise access.NotReachable
    return render(request, "portal/why/programme.html", {"benefit": told, "standing": found})


@require_safe
def balance(request: LoggedIn) -> HttpResponse:
    """The lines that a balance consists of, the newest first, one member number at a time."""
    accounts = standing.accounts(access.person(request.user))
    place = _place(request.GET.get("number"), len(accounts))
    if not accounts:
        return render(request, "portal/why/balance.html", {"accounts": accounts})
    account = accounts[place - 1]
    page: Page[int] = Paginator(range(account.lines), LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "accounts": accounts,
        "place": place,
        "account": account,
        "total": standing.Total.of([each.balance for each in accounts]),
        "page": page,
        "numbered": f"number={place}&" if place > 1 else "",
        "lines": _page_of(account, (page.number - 1) * LINES_A_PAGE),
    }
    return render(request, "portal/why/balance.html", context)


def _place(written: str | None, accounts: int) -> int:
    """Which of the member's own numbers is asked for, counted from 1; the first without a sensible answer."""
    place = int(written) if written and written.isascii() and written.isdigit() and len(written) < 4 else 1
    return place if 1 <= place <= accounts else 1


def _page_of(account: standing.Account, offset: int) -> Sequence[Any]:
    booked = account.balance.booked_on
    if booked is None:
        return []
    number = account.balance.member_number
    return history_page(number, account.lines, booked, limit=LINES_A_PAGE, offset=offset)


@require_safe
def contribution(request: LoggedIn, return_id: int) -> HttpResponse:
    """A month that an employer reported: each share by law, what was paid, and the entries it came to."""
    explained = [contributions.explain(line) for line in access.contribution_for(request.user, return_id)]
    numbers = [each.line.member_number_id for each in explained]
    context = {
        "explained": explained,
        "returned": explained[0].returned,
        "entries": ledger.of_entries(numbers, keys=explained[0].keys),
    }
    return render(request, "portal/why/contribution.html", context)


@require_safe
def bill(request: LoggedIn, bill_id: int) -> HttpResponse:
    """What a member was asked to pay for himself, and why so much."""
    explained = billing.explain(access.bill_for(request.user, bill_id))
    return render(request, "portal/why/bill.html", {"explained": explained})


@require_safe
def entry(request: LoggedIn, entry_id: int) -> HttpResponse:
    """One entry of the books as far as it is the member's: what it moved, when, why, and what it stands for."""
    lines = access.entry_for(request.user, entry_id)
    context = {"lines": lines, "first": lines[0].line, **_source(lines)}
    return render(request, "portal/why/entry.html", context)


def _source(lines: Sequence[AccountLine]) -> Mapping[str, Any]:
    """What an entry stands for, by its key: a return, a bill, a run of the development result, or nothing else."""
    kind, *rest = lines[0].key.split(":")
    numbers = [each.member_number for each in lines]
    if kind == "return":
        found = contributions.lines_of(int(rest[0]), numbers)
        return {"contributions": [contributions.explain(line) for line in found]}
    if kind == "bill":
        bill = billing.bill_of(int(rest[0]), numbers)
        return {"bill": billing.explain(bill) if bill else None}
    if kind == "development":
        posted = {each.member_number: each.line for each in lines}
        runs = development.explain_run(posted, year=int(rest[0]), run=int(rest[1]))
        return {"workings": [(each, development.derivation(each)) for each in runs]}
    return {}
