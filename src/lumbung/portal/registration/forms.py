"""What is asked of who registers, each form one page."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from lumbung.accounts import usernames
from lumbung.accounts.mailboxes import MailboxField
from lumbung.accounts.models import User
from lumbung.accounts.phones import LocalPhoneField
from lumbung.accounts.registration.ways import Way
from lumbung.portal.forms import BirthDateField, CodeField, DigitsInput
from lumbung.registry import identity
from lumbung.registry.models import Person

REQUIRED = {"required": gettext_lazy("Fill this in.")}


class NumberField(forms.CharField):
    """A number as it stands on a card: blanks, dots and dashes between the digits do not count."""

    def __init__(self, *, shape: re.Pattern[str], wrong: Any, **more: Any) -> None:
        self.shape, self.wrong = shape, wrong
        super().__init__(max_length=40, widget=DigitsInput(), error_messages=REQUIRED, **more)

    def clean(self, value: Any) -> str:
        digits = re.sub(r"[\s.\-–/]", "", super().clean(value))
        if not self.shape.fullmatch(digits):
            raise ValidationError(self.wrong, code="shape")
        return digits


class WhoForm(forms.Form):
    """The four facts that tell who one is."""

    number = NumberField(
        label=gettext_lazy("Member number (KPJ)"),
        help_text=gettext_lazy("10 to 12 digits, on your card or payslip. If you have several, any one of them."),
        shape=identity.MEMBER_NUMBER,
        wrong=gettext_lazy("A member number has 10 to 12 digits. Count the digits on your card."),
    )
    nik = NumberField(
        label=gettext_lazy("KTP number (NIK)"),
        help_text=gettext_lazy("16 digits, on top of your identity card."),
        shape=identity.NIK,
        wrong=gettext_lazy("A KTP number has 16 digits. Count the digits on your identity card."),
    )
    born = BirthDateField(
        label=gettext_lazy("Birth date"), help_text=gettext_lazy("As on your identity card, like 27 11 1988.")
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As on your identity card. Titles and other spellings do not matter."),
        max_length=200,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class ContactsForm(forms.Form):
    """Phone and e-mail, at least one of them."""

    phone = LocalPhoneField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("Like 0812 0000 0001. We send codes and news of your account to it."),
        required=False,
        max_length=40,
    )
    email = MailboxField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("One that only you can read, not your employer."),
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["phone"].widget.attrs = {"autocomplete": "tel", "inputmode": "tel", "type": "tel"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("phone") and not given.get("email"):
            raise ValidationError(gettext("Give a phone number or an e-mail address, or both."), code="none")
        return given


class AccountForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("You choose it. Small letters, digits, dot, dash and underscore; a letter first."),
        max_length=50,
        error_messages=REQUIRED,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=4096,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, contacts: dict[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.person, self.contacts = person, contacts

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"]).strip().lower()
        for validator in usernames.validators:
            try:
                validator(username)
            except ValidationError as wrong:
                raise ValidationError(gettext(str(wrong.message)), code="shape") from None
        return username

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        username = self.cleaned_data.get("username", "")
        user = User(username=username, person=self.person)
        user.also_personal = tuple(filter(None, self.contacts.values()))  # type: ignore[attr-defined]
        validate_password(password, user)
        return password


class ChoiceForm(forms.Form):
    """One of several ways, each said in words."""

    way = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one."),
            "invalid_choice": gettext_lazy("Choose one."),
        },
    )

    def __init__(self, *args: Any, label: str, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        way.label, way.choices = label, choices


class CodeForm(forms.Form):
    """Six digits, however they are grouped."""

    code = CodeField(
        label=gettext_lazy("Code"), help_text=gettext_lazy("Six digits."), max_length=20, error_messages=REQUIRED
    )


WAY_WORDS = {
    Way.SMS: gettext_lazy("A code by SMS to %(contact)s"),
    Way.EMAIL: gettext_lazy("A code by e-mail to %(contact)s"),
    Way.LINK: gettext_lazy("A link by e-mail to %(contact)s"),
}
