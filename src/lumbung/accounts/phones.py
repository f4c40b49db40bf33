"""A phone as users type it: any spelling in use becomes E.164."""

from allauth.account.fields import PhoneField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from lumbung.encryption import blind_index
from lumbung.registry.identity import phone_in_e164


class LocalPhoneField(PhoneField):  # type: ignore[misc]
    """A form field that takes 0812…, 62812… and +62 812-… and gives +62812…."""

    def clean(self, value: str | None) -> str:
        if not value:
            cleaned: str = super().clean(value)
            return cleaned
        phone = phone_in_e164(value)
        if phone is None:
            raise ValidationError(
                gettext("This is not a phone number. Write it like 0812 0000 0001."), code="invalid"
            )
        return phone


def account_phone_index(phone: str) -> bytes:
    """The blind index of a phone in E.164 among users; another one than in the registry and among texts."""
    return blind_index(phone, context="account phone")
