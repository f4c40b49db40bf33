"""Amounts and percentages as people type them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from lumbung.law import inputs

MOST_WAGE = 10_000_000_000  # rupiah a month; more is a slip of the pen

_PLAIN = re.compile(r"[0-9]{1,16}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,\s])[0-9]{3})(?:\1[0-9]{3})*")
_PERCENT = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,4})?")


class AmountField(forms.Field):
    """Whole rupiah: 8000000, 8.000.000, Rp 8,000,000. Cents, signs and words are refused."""

    default_error_messages = {
        "amount": gettext_lazy("Write whole rupiah in digits, like 5000000 or 5.000.000."),
        "large": gettext_lazy("This amount is too large. Check the zeros."),
    }

    def __init__(self, *, most: int = inputs.MOST_RUPIAH, **options: Any) -> None:
        self.most = most
        own = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(own), **options)

    def to_python(self, value: Any) -> Any:
        text = re.sub(r"(?i)^rp\.?\s*|,-$|,00$", "", str(value or "").strip())
        if not text:
            return None
        if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
            raise ValidationError(self.error_messages["amount"], code="amount")
        amount = int(re.sub(r"\D", "", text))
        if amount > self.most:
            raise ValidationError(self.error_messages["large"], code="large")
        return amount


class PercentField(forms.Field):
    """A percentage from 0 to `most`: 5, 5.7, 5,7 %."""

    default_error_messages = {"percent": gettext_lazy("Write a percentage, like 5 or 5,7.")}

    def __init__(self, *, most: int, attrs: Mapping[str, Any] | None = None, **options: Any) -> None:
        self.most = most
        own = {"inputmode": "decimal", "autocomplete": "off", "spellcheck": "false", **(attrs or {})}
        super().__init__(widget=forms.TextInput(own), **options)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().removesuffix("%").strip()
        if not text:
            return None
        number = Decimal(text.replace(",", ".")) if _PERCENT.fullmatch(text) else None
        if number is None or number > self.most:
            raise ValidationError(self.error_messages["percent"], code="percent")
        return number
