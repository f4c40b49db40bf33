"""What is asked about second factors."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext, gettext_lazy

from lumbung.accounts import limits
from lumbung.accounts.factors import actions, queries
from lumbung.accounts.passwords import policy

LONGEST_CODE = 32
LONGEST_LABEL = 60


def code_field(label: Any, *, help_text: Any = "") -> forms.CharField:
    """A one-time code: a phone offers it from the message and shows its keys for digits."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_CODE,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the code.")},
    )


class CodeForm(allauth.BaseAuthenticateForm):  # type: ignore[misc]
    """A code of the app, each at most once whatever its time, or a recovery code."""

    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(
            gettext_lazy("Code"), help_text=gettext_lazy("6 digits of your app, or a recovery code")
        )

    def clean_code(self) -> str:
        limits.foresee(context.request, "login_failed", key=queries.tries_key(self.user))
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not actions.use_code(self.authenticator, code):
            raise get_adapter().validation_error("code_used")
        return code


class AuthenticateForm(CodeForm, allauth.AuthenticateForm):  # type: ignore[misc]
    """The same, as the second step of log-in."""


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app. Until then its secret waits in the session, sealed as it will be kept.

    A page that a phone loads anew on the way back from the app still shows the same secret.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.fields["code"] = code_field(gettext_lazy("Code of the app"), help_text=gettext_lazy("6 digits"))
        session = context.request.session
        kept = session.get(totp.SECRET_SESSION_KEY)
        self.secret = decrypt(kept) if kept else totp.generate_totp_secret()
        session[totp.SECRET_SESSION_KEY] = encrypt(self.secret)

    def clean_code(self) -> str:
        limits.foresee(context.request, "login_failed", key=queries.tries_key(self.user))
        clear_limit = check_rate_limit(self.user, error_key="too_many_login_attempts")
        code: str = self.cleaned_data["code"]
        if not totp.validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        clear_limit()
        return code


class RemoveForm(forms.Form):
    """Whether a factor may go. Without the last one the password does alone, so it must be long enough."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.authenticator: Authenticator = kwargs.pop("authenticator")
        super().__init__(*args, **kwargs)
        self.user = self.authenticator.user
        self.is_last = queries.is_last(self.authenticator)
        self.is_needed = self.is_last and self.user.kind == "officer"
        if self.is_last and not self.is_needed:
            self.fields["password"] = forms.CharField(
                label=gettext_lazy("Password"),
                strip=False,
                help_text=gettext_lazy("Without a second step it must have at least 15 characters."),
                widget=forms.PasswordInput({"autocomplete": "current-password"}),
                error_messages={"required": gettext_lazy("Enter your password.")},
            )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not get_account_adapter().reauthenticate(self.user, password):
            raise get_account_adapter().validation_error("incorrect_password")
        if len(policy.normal(password)) < policy.LEAST:
            raise forms.ValidationError(
                gettext("Your password has fewer than 15 characters. Change it to a longer one first."),
                code="short",
            )
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_needed:
            raise get_adapter().validation_error("cannot_delete_authenticator")
        return cleaned


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, which always proves who holds it (finger, face or PIN), so that it can do alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=gettext_lazy("Name"),
            required=False,
            max_length=LONGEST_LABEL,
            initial=self.initial.get("name"),
            help_text=gettext_lazy("By which you know it again, for example My phone."),
        )
        # The script looks here whether the key must be kept in the device: always.
        self.fields["passwordless"].widget = forms.CheckboxInput({"hidden": True, "checked": True})

    def clean_passwordless(self) -> bool:
        return True


class NamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=gettext_lazy("Name"),
            max_length=LONGEST_LABEL,
            error_messages={"required": gettext_lazy("Enter a name.")},
        )


class LogInPasskeyForm(webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey as the whole log-in, at the door that its owner belongs to."""

    def clean_credential(self) -> Authenticator:
        found: Authenticator = super().clean_credential()
        user = found.user
        if user.kind != context.request.door.kind or not user.is_active or not user.is_confirmed:
            raise get_adapter().validation_error("incorrect_code")
        return found
