"""The history of contributions."""

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.billing import queries as billing
from lumbung.contributions import queries as contributions
from lumbung.portal.requests import LoggedIn

ROWS_A_PAGE = 12


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
