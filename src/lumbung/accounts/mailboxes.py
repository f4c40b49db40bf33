"""An e-mail address as users type it: one to which any mail server can deliver."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy

LONGEST = 254
_WORD = r"[-!#$%&'*+/=?^_`{}|~0-9a-z]+"


class MailboxValidator(EmailValidator):
    """Django's, without what is an address by the letter only: quoted names, which may hold control characters,
    machines without a domain and numbers in brackets, to which our mail would go inside the operator's network."""

    message = gettext_lazy("This is not an e-mail address. Write it like nama@contoh.com.")
    user_regex = re.compile(rf"{_WORD}(\.{_WORD})*\Z", re.IGNORECASE)

    def __init__(self) -> None:
        super().__init__(allowlist=[])

    def validate_domain_part(self, domain_part: str) -> bool:
        return bool(self.domain_regex.match(domain_part))


is_mailbox = MailboxValidator()


class MailboxField(forms.EmailField):
    """A field for an e-mail address, which it gives in small letters."""

    default_validators = [is_mailbox]

    def __init__(self, **more: Any) -> None:
        more.setdefault("max_length", LONGEST)
        more.setdefault("widget", forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}))
        super().__init__(**more)

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


def looks_like_one(text: str) -> bool:
    """Whether this is an e-mail address."""
    try:
        is_mailbox(text)
    except ValidationError:
        return False
    return True
