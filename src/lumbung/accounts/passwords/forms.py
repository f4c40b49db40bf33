"""The new password."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy

from lumbung.accounts.models import User


class NewPasswordForm(forms.Form):
    """One password, once: who wants to see whether it is right can show it."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(
            {"autocomplete": "new-password", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Enter the new password.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = get_adapter().clean_password(self.cleaned_data["password"], self.user)
        return password
