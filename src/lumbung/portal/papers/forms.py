"""The form that checks a paper: the text of its code, or a photo, picture or PDF file with the code in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from lumbung.casework.evidence import drawing, scanning
from lumbung.casework.evidence.errors import BadFile
from lumbung.casework.evidence.kinds import OFFERED
from lumbung.papers import signing
from lumbung.papers.codes import texts_in

MOST_UPLOAD = drawing.MOST_BYTES + 100_000  # bytes of a form with one file
LOOKED_AT = 2  # pages of a PDF file: the code stands on the first
WAIT_SECONDS = 10
# Anybody may send a picture, and drawing one takes memory and a processor: one at a time in a process, few wait.
_turn, _places = BoundedSemaphore(1), BoundedSemaphore(4)


class PaperFileField(forms.FileField):
    """A picture or PDF file of a paper, which becomes the text of the one code in it. Nothing of it is kept."""

    widget = forms.FileInput

    def __init__(self, **options: Any) -> None:
        assert drawing.MOST_MEGABYTES == 8
        super().__init__(widget=forms.FileInput({"accept": OFFERED}), **options)

    def clean(self, data: Any, initial: Any = None) -> str:
        if not data:
            return ""
        content = data.read(drawing.MOST_BYTES + 1)
        try:
            scanning.scan(content)
            with _a_turn():
                pictures = drawing.drawn(content, most_pages=LOOKED_AT, first=True)
                found = dict.fromkeys(text for picture in pictures for text in texts_in(picture.jpeg))
        except BadFile as refusal:
            raise ValidationError(refusal.say(gettext), code=refusal.code) from None
        return _only(list(found))


class CheckForm(forms.Form):
    """The text that a phone's camera reads from the code, or a picture of the paper: one of the two."""

    paper = PaperFileField(
        label=gettext_lazy("Photo or file of the paper"),
        help_text=gettext_lazy(
            "A photo (JPEG, PNG, WebP) or the PDF file, at most 8 MB, with the whole code in it, near and sharp."
        ),
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Or the text of the code"),
        help_text=gettext_lazy("Read the code with a phone's camera, copy the text and paste it here."),
        max_length=signing.LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned["paper"]) == bool(cleaned["text"]):
            self.add_error("paper", gettext("Choose a photo or file, or paste the text of the code: one of them."))
        return cleaned

    @property
    def said(self) -> str:
        """The text to check, once the form is valid."""
        return str(self.cleaned_data["paper"] or self.cleaned_data["text"])


def _only(found: list[str]) -> str:
    """The one text. Of two nobody could say which paper the answer is about."""
    if not found:
        raise ValidationError(
            gettext(
                "We found no code of the fund in it. Make a photo of the code alone: near, sharp, in good light."
            ),
            code="no_code",
        )
    if len(found) > 1:
        raise ValidationError(
            gettext("There is more than one code in it. Make a photo of one paper only."), code="two_codes"
        )
    return found[0]


@contextmanager
def _a_turn() -> Iterator[None]:
    busy = ValidationError(
        gettext("Too many pictures are being looked at just now. Try again in a minute, or paste the text."),
        code="busy",
    )
    if not _places.acquire(blocking=False):
        raise busy
    try:
        if not _turn.acquire(timeout=WAIT_SECONDS):
            raise busy
        try:
            yield
        finally:
            _turn.release()
    finally:
        _places.release()
