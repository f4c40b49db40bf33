"""The field by which a member sends photos and PDF files along, and the page that shows him what he sent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from lumbung import access
from lumbung.accounts import limits
from lumbung.casework.evidence import drawing, queries
from lumbung.casework.evidence.errors import BadFile
from lumbung.casework.evidence.kinds import OFFERED
from lumbung.casework.evidence.queries import MOST_FILES, NewPage
from lumbung.casework.evidence.showing import picture
from lumbung.portal.requests import LoggedIn


class FilesInput(forms.FileInput):
    """Several files in one box."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"multiple": True, "accept": OFFERED})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class EvidenceField(forms.FileField):
    """Photos and PDF files, which become pages (queries.NewPage): checked, scanned and drawn anew.

    All the work on the files is done here, before any transaction is open. The form needs `multipart/form-data`.
    """

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        most = gettext_lazy("Photos (JPEG, PNG, WebP) or PDF, at most 5 files of 8 MB each, 10 pages in all.")
        assert (MOST_FILES, drawing.MOST_MEGABYTES, drawing.MOST_PAGES) == (5, 8, 10)
        options.setdefault("label", gettext_lazy("Photos or papers that show it"))
        options.setdefault("help_text", most)
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[NewPage]:
        files = [each for each in data or [] if each]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        try:
            return queries.pages_of(each.read(drawing.MOST_BYTES + 1) for each in files)
        except BadFile as refusal:
            raise ValidationError(refusal.say(gettext), code=refusal.code) from None


def too_often(request: LoggedIn) -> HttpResponse | None:
    """The refusal when somebody has files drawn too often; to be asked before a form with files is read."""
    if request.method != "POST" or not request.FILES:
        return None
    refused: HttpResponse | None = limits.refused(request, "send_evidence")
    return refused


@require_safe
def page(request: LoggedIn, case_id: int, position: int) -> HttpResponse:
    """One page that the member sent with his own request, as a picture."""
    case = access.case_for(request.user, case_id)
    found = queries.page(case, position)
    if found is None:
        raise access.NotReachable
    return picture(found)
