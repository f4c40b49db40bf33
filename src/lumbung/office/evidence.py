"""A page that a member sent along, for an officer who opened the case with a reason."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.casework import actions
from lumbung.casework.evidence import queries
from lumbung.casework.evidence.showing import picture
from lumbung.office.requests import OfficerRequest


@require_safe
def page(request: OfficerRequest, case_id: int, position: int) -> HttpResponse:
    """The picture, once the case was opened with a reason."""
    case = access.case_for_officer(request.user, case_id)
    found = queries.page(case, position) if actions.was_read(case, request.user, request.now) else None
    if found is None:
        raise access.NotReachable
    return picture(found)
