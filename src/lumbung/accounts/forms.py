"""What is asked at log-in, in Lumbung's words; allauth does the work behind it."""

import re
from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.utils.translation import gettext, gettext_lazy

from lumbung.accounts import limits, queries
from lumbung.accounts.factors.forms import CodeForm, code_field
from lumbung.accounts.mailboxes import looks_like_one
from lumbung.accounts.models import User
from lumbung.accounts.passwords.queries import has_second_factor
from lumbung.accounts.phones import LocalPhoneField

LONGEST_NAME = 254  # as an e-mail address
NAME_KEYS = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")  # comes along when a number is copied from a chat


def password_field(label: Any, *, autocomplete: str = "current-password") -> forms.CharField:
    """A password as it was typed: nothing is cut off, and managers and paste may fill it."""
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": autocomplete, **NAME_KEYS}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )


def public_computer_field() -> forms.BooleanField:
    """Whether others use this device too; the session is then a short one (AccountAdapter.pre_login)."""
    return forms.BooleanField(
        required=False,
        label=gettext_lazy("Others use this computer too"),
        help_text=gettext_lazy("Then we log you out after 5 minutes without a click."),
    )


def one_spelling(name: str) -> str:
    """A log-in name in the one form in which it is looked for and counted: small letters, a phone in E.164."""
    name = UNSEEN.sub("", name).strip()
    try:
        phone: str = LocalPhoneField(required=True).clean(name)
    except forms.ValidationError:
        return name.lower()
    return phone


class LoginForm(allauth.LoginForm):  # type: ignore[misc]
    """User name, e-mail or phone in any spelling, and the password."""

    field_order = ("login", "password", "public_computer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=gettext_lazy("User name, e-mail or phone"),
            max_length=LONGEST_NAME,
            widget=forms.TextInput({"autocomplete": "username", **NAME_KEYS}),
            error_messages={"required": gettext_lazy("Enter your user name, e-mail address or phone number.")},
        )
        self.fields["password"] = password_field(gettext_lazy("Password"))
        self.fields["public_computer"] = public_computer_field()
        self.order_fields(self.field_order)

    def clean_login(self) -> str:
        return one_spelling(self.cleaned_data["login"])


class RequestCodeForm(forms.Form):
    """The phone or the e-mail address that a log-in code goes to. What is unknown is taken like what is known."""

    contact = forms.CharField(
        label=gettext_lazy("Phone or e-mail"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("One that you confirmed here. For example 0812 0000 0001 or name@example.id"),
        widget=forms.TextInput({"autocomplete": "email", **NAME_KEYS}),
        error_messages={"required": gettext_lazy("Enter your phone number or e-mail address.")},
    )
    _user: User | None = None  # where allauth's view looks for it

    def clean_contact(self) -> str:
        contact = one_spelling(self.cleaned_data["contact"])
        kind: str = context.request.door.kind
        if contact.startswith("+"):
            found = queries.user_by_phone(contact, kind=kind)
            self.cleaned_data["phone"] = contact
        else:
            if not looks_like_one(contact):
                raise forms.ValidationError(
                    gettext("This is neither a phone number nor an e-mail address. Check it."), code="invalid"
                )
            found = queries.user_by_email(contact, kind=kind)
            self.cleaned_data["email"] = contact
        if not limits.allows(context.request, "request_login_code", key=contact):
            raise get_adapter().validation_error("rate_limited")
        self._user = found if found is not None and found.is_active and found.is_confirmed else None
        return contact


class ConfirmCodeForm(allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that was sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(gettext_lazy("Code"), help_text=gettext_lazy("6 digits"))
        self.fields["public_computer"] = public_computer_field()


class ReauthenticateForm(allauth.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, and a code for who has a second factor: as much as it takes to log in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(gettext_lazy("Password"))
        self.code_form: CodeForm | None = None
        if has_second_factor(self.user):
            self.fields["code"] = code_field(
                gettext_lazy("Code from your app"), help_text=gettext_lazy("Or one of your recovery codes.")
            )

    def clean(self) -> dict[str, Any]:
        """The code only counts, and is only used up, when the password is right."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "code" in cleaned and "password" in cleaned:
            form = CodeForm({"code": cleaned["code"]}, user=self.user)
            if form.is_valid():
                post_authentication(context.request, form.authenticator, reauthenticated=True)
            else:
                self.add_error("code", form.errors.as_data()["code"])
        return cleaned


class UsernameForm(forms.Form):
    """Another user name."""

    username = forms.CharField(
        label=gettext_lazy("New user name"),
        max_length=50,
        help_text=gettext_lazy(
            "3 to 50 characters: small letters, digits, dot, dash and underscore, a letter first."
        ),
        widget=forms.TextInput({"autocomplete": "username", **NAME_KEYS}),
        error_messages={"required": gettext_lazy("Enter the new user name.")},
    )

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"].lower()
        return name
