"""My data: everything that is held about the member, to take away."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from lumbung import access
from lumbung.accounts import limits
from lumbung.accounts.proof import proof_needed
from lumbung.accounts.recovery.views import read_or_post
from lumbung.mydata import actions, drawing, filing, queries
from lumbung.mydata.held import HELD, NOT_TOLD
from lumbung.papers.errors import TooBusy
from lumbung.portal.brand import brand
from lumbung.portal.requests import LoggedIn

MEDIA = {"json": "application/json", "pdf": "application/pdf"}


@read_or_post
@proof_needed
def my_data(request: LoggedIn) -> HttpResponse:
    """What there is to take away; and, when it is sent for, the file."""
    access.person(request.user)
    kind = request.POST.get("as", "")
    if request.method != "POST" or kind not in MEDIA:
        context = {
            "titles": [gettext(each.title) for each in HELD],
            "not_told": [gettext(each) for each in NOT_TOLD],
        }
        return render(request, "portal/my_data.html", context)
    if refused := limits.refused(request, "take_data"):
        return refused
    try:
        made = _made(request, kind)
    except TooBusy as refusal:
        messages.error(request, refusal.say(gettext))
        return redirect("portal:my_data")
    actions.note_taken(request.user, place=request.door.name, now=request.now)
    name = f"data-{timezone.localdate(request.now).isoformat()}.{kind}"
    return HttpResponse(
        made, content_type=MEDIA[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _made(request: LoggedIn, kind: str) -> bytes:
    about = [gettext(each) for each in NOT_TOLD]
    sections = queries.everything(request.user)
    language = get_language() or settings.LANGUAGE_CODE
    if kind == "json":
        return filing.as_json(sections, made_at=request.now, about=about, language=language)
    return drawing.as_pdf(
        sections,
        made_at=request.now,
        about=about,
        house=brand().name,
        is_demo=settings.LUMBUNG_DEMO,
        language=language,
    )
