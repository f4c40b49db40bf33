"""What people type who want back in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lumbung.accounts.contacts.queries import EMAIL, PHONE
from lumbung.accounts.factors.forms import code_field
from lumbung.accounts.forms import LONGEST_NAME, one_spelling

CHANNELS = [(PHONE, _("By SMS to my phone")), (EMAIL, _("By e-mail"))]
LONGEST = 254


class KnownAsForm(forms.Form):
    """By what name the account is known, and where the code should go."""

    login = forms.CharField(
        label=_("User name, phone number or e-mail address"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    channel = forms.ChoiceField(
        label=_("How should we send you the code?"), choices=CHANNELS, initial=PHONE, widget=forms.RadioSelect
    )

    def clean_login(self) -> str:
        return one_spelling(self.cleaned_data["login"])


class ContactTypedForm(forms.Form):
    """A contact to which a forgotten user name is sent."""

    contact = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """A code of six digits, with whatever blanks it was copied with."""

    code = code_field(_("Code"), help_text=_("Six digits"))
