"""What officers write for everybody, in both languages; a draft may be unfinished."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from lumbung.publications.models import LONGEST_BODY, LONGEST_PURPOSE, LONGEST_TITLE, Kind

_HOW = gettext_lazy(
    "An empty line begins a paragraph. Lines that begin with - or 1. make a list. "
    "**Bold**, [words of a link](/forms/)."
)


def _title(label: Any, language: str) -> forms.CharField:
    words = forms.TextInput(attrs={"lang": language})
    return forms.CharField(label=label, max_length=LONGEST_TITLE, required=False, widget=words)


def _text(label: Any, language: str, longest: int, rows: int, help_text: Any = "") -> forms.CharField:
    words = forms.Textarea(attrs={"rows": rows, "lang": language})
    return forms.CharField(label=label, max_length=longest, required=False, widget=words, help_text=help_text)


def _day(label: Any, help_text: Any) -> forms.DateField:
    box = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=False, widget=box)


class WritingForm(forms.Form):
    """The titles, which everything has. `seen` is the stamp of the draft that the page showed."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title_id = _title(gettext_lazy("Title in Indonesian"), "id")
    title_en = _title(gettext_lazy("Title in English"), "en")

    @property
    def facts(self) -> dict[str, object]:
        """What was written, by the names of the columns."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"seen", "content"}}


class HelpForm(WritingForm):
    """A topic of the help in an officer's words."""

    body_id = _text(gettext_lazy("Text in Indonesian"), "id", LONGEST_BODY, 10, _HOW)
    body_en = _text(gettext_lazy("Text in English"), "en", LONGEST_BODY, 10)


class AnnouncementForm(HelpForm):
    """An announcement: its words and its days."""

    published_from = _day(gettext_lazy("First day"), gettext_lazy("Left empty: the day on which you publish."))
    published_until = _day(gettext_lazy("Last day"), gettext_lazy("Left empty: until you end it."))
    pinned = forms.BooleanField(label=gettext_lazy("Important: before all others"), required=False)


class OfferForm(WritingForm):
    """A form to download: what it is for, its place in the list, and its file."""

    purpose_id = _text(gettext_lazy("What it is for, in Indonesian"), "id", LONGEST_PURPOSE, 3)
    purpose_en = _text(gettext_lazy("What it is for, in English"), "en", LONGEST_PURPOSE, 3)
    place = forms.IntegerField(
        label=gettext_lazy("Place in the list"),
        help_text=gettext_lazy("A whole number; smaller ones come first."),
        min_value=0,
        max_value=1000,
        initial=100,
    )
    content = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, at most 5 MB. Left empty: the file that is there stays."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )


FORMS: dict[str, type[WritingForm]] = {
    Kind.ANNOUNCEMENT: AnnouncementForm,
    Kind.FORM: OfferForm,
    Kind.HELP: HelpForm,
}
