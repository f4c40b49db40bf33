"""What members type who lost phone and e-mail."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lumbung.accounts.forms import LONGEST_NAME
from lumbung.accounts.passwords.forms import NewPasswordForm
from lumbung.portal.forms import BirthDateField, DigitsInput
from lumbung.registry import identity

COUNTER, VIDEO = "counter", "video"


class DigitsField(forms.CharField):
    """A number written with or without blanks, dots and dashes."""

    def __init__(self, shape: re.Pattern[str], sentence: Any, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=DigitsInput, **kwargs)
        self.shape, self.sentence = shape, sentence

    def clean(self, value: Any) -> str:
        digits = "".join(sign for sign in super().clean(value) if sign not in " .-")
        if not self.shape.fullmatch(digits):
            raise forms.ValidationError(self.sentence, code="invalid")
        return digits


def _member_number() -> DigitsField:
    return DigitsField(
        identity.MEMBER_NUMBER,
        _("A member number has 10 to 12 digits. It stands on your card."),
        label=_("Member number (KPJ)"),
    )


class FourFactsForm(forms.Form):
    """Who wants back in, and where the office shall see the person."""

    number = _member_number()
    nik = DigitsField(identity.NIK, _("A KTP number has 16 digits. Check it."), label=_("KTP number (NIK)"))
    born = BirthDateField(label=_("Birth date"))
    name = forms.CharField(
        label=_("Name, as it stands on your KTP"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    way = forms.ChoiceField(
        label=_("How shall we see that you are you?"),
        choices=[(COUNTER, _("At a counter of the fund, with my KTP")), (VIDEO, _("By a video call"))],
        initial=COUNTER,
        widget=forms.RadioSelect,
    )
    reach = forms.CharField(
        label=_("For a video call: a phone number or e-mail address where we reach you"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("way") == VIDEO and not cleaned.get("reach"):
            self.add_error("reach", _("Write where we can call you for the video."))
        return cleaned


class OfficerCodeForm(forms.Form):
    """What belongs to an officer's code."""

    number = _member_number()
    born = BirthDateField(label=_("Birth date"))
    code = forms.CharField(
        label=_("Code from the officer"),
        help_text=_("Ten letters and digits; capital or small is the same"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class NewStartForm(NewPasswordForm):
    """The new password, and whether a passkey is still at hand."""

    keep_passkeys = forms.BooleanField(
        label=_("I still have my passkey and want to keep it"),
        required=False,
        help_text=_("Leave this empty if it was on the phone that you lost."),
    )

    def __init__(self, *args: Any, has_passkeys: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_passkeys:
            del self.fields["keep_passkeys"]


def sealed_facts(cleaned: dict[str, Any]) -> dict[str, str]:
    """The form's facts as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in cleaned.items()}
