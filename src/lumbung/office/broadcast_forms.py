"""What an officer writes to have an announcement sent by SMS."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from lumbung.broadcasts.models import FEWEST_AN_HOUR, LONGEST_TEXT, MOST_AN_HOUR


def _text(label: Any, language: str, help_text: Any = "") -> forms.CharField:
    words = forms.Textarea(attrs={"rows": 4, "lang": language})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=words, help_text=help_text)


class BroadcastForm(forms.Form):
    """The text in both languages, and how many go out an hour."""

    text_id = _text(
        gettext_lazy("SMS in Indonesian"),
        "id",
        gettext_lazy("One SMS has room for 160 characters. Without links, and without asking for anything."),
    )
    text_en = _text(gettext_lazy("SMS in English"), "en")
    an_hour = forms.IntegerField(
        label=gettext_lazy("How many an hour"),
        help_text=gettext_lazy("The slower, the fewer people call at once. Codes and answers always go first."),
        min_value=FEWEST_AN_HOUR,
        max_value=MOST_AN_HOUR,
        initial=10_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by language."""
        return {language: self.cleaned_data[f"text_{language}"] for language in ("id", "en")}
