"""A page that a member sent along, for an officer who opened the case with a reason."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.casework import actions
from lumbung.casework.evidence import queries
from lumbung.office.requests import OfficerRequest


@require_safe
def page(request: OfficerRequest, case_id: int, position: int) -> HttpResponse:
    """The picture; never HTML, and with a policy that would let no script of it run."""
    case = access.case_for_officer(request.user, case_id)
    found = queries.page(case, position) if actions.was_read(case, request.user, request.now) else None
    if found is None:
        raise access.NotReachable
    return HttpResponse(
        found.image,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'inline; filename="{case.pk}-{position}.jpg"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
