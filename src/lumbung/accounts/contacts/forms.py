"""A contact that is to be confirmed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lumbung.accounts.contacts.queries import EMAIL, PHONE
from lumbung.accounts.mailboxes import MailboxField
from lumbung.accounts.phones import LocalPhoneField


class PhoneForm(forms.Form):
    """A phone."""

    value = LocalPhoneField(
        label=_("Phone number"),
        help_text=_("Like 0812 0000 0001"),
        error_messages={"required": _("Write the phone number.")},
    )


class EmailForm(forms.Form):
    """An e-mail address."""

    value = MailboxField(label=_("E-mail address"))


CONTACT_FORMS: dict[str, type[forms.Form]] = {PHONE: PhoneForm, EMAIL: EmailForm}
