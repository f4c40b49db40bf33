"""What people type who want back in."""

from typing import Any

from allauth.account.forms import ResetPasswordKeyForm
from django import forms
from django.utils.translation import gettext_lazy as _

from lumbung.accounts.contacts.queries import EMAIL, PHONE

CHANNELS = [(PHONE, _("By SMS to my phone")), (EMAIL, _("By e-mail"))]
LONGEST = 254


class KnownAsForm(forms.Form):
    """By what name the account is known, and where the code should go."""

    login = forms.CharField(
        label=_("User name, phone number or e-mail address"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    channel = forms.ChoiceField(
        label=_("How should we send you the code?"), choices=CHANNELS, initial=PHONE, widget=forms.RadioSelect
    )


class ContactTypedForm(forms.Form):
    """A contact to which a forgotten user name is sent."""

    contact = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """A code of six digits, with whatever blanks it was copied with."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, judged by the policy, typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("The same password again")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or self.cleaned_data
        if {"password1", "password2"} <= set(cleaned) and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", _("The two passwords are not the same. Type it again."))
        return cleaned
