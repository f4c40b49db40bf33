"""The forms of the profile."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from lumbung.portal.forms import BirthDateField, DateBoxes, DigitsInput
from lumbung.portal.registration.forms import NumberField
from lumbung.profiles.actions import NewHeir
from lumbung.profiles.banks import banks
from lumbung.profiles.models import MOST_HEIRS, Heir
from lumbung.registry.address import Address


def _line(label: Any, *, most: int = 80, autocomplete: str = "off", **more: Any) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


class AddressForm(forms.Form):
    """Where letters reach the member."""

    street = _line(
        gettext_lazy("Street and house number"),
        help_text=gettext_lazy("For example: Jl. Melati No. 12."),
        most=120,
        autocomplete="address-line1",
    )
    rt = NumberField(
        label="RT",
        shape=re.compile(r"[0-9]{0,3}"),
        wrong=gettext_lazy("RT and RW are numbers of up to 3 digits."),
        required=False,
    )
    rw = NumberField(
        label="RW",
        shape=re.compile(r"[0-9]{0,3}"),
        wrong=gettext_lazy("RT and RW are numbers of up to 3 digits."),
        required=False,
    )
    village = _line(gettext_lazy("Village (desa or kelurahan)"), autocomplete="address-level4")
    district = _line(gettext_lazy("District (kecamatan)"), autocomplete="address-level3")
    city = _line(gettext_lazy("City or regency (kabupaten)"), autocomplete="address-level2")
    province = _line(gettext_lazy("Province"), autocomplete="address-level1")
    postcode = NumberField(
        label=gettext_lazy("Postcode"),
        shape=re.compile(r"[0-9]{5}"),
        wrong=gettext_lazy("A postcode has 5 digits."),
    )

    def address(self) -> Address:
        """What was written, blanks squeezed."""
        return Address(**{name: " ".join(self.cleaned_data[name].split()) for name in self.fields})


class HeirForm(forms.Form):
    """One heir."""

    heir_name = _line(gettext_lazy("Full name, as on the heir's KTP or birth certificate"), most=200)
    relation = forms.ChoiceField(
        label=gettext_lazy("Who is it to you?"),
        choices=[
            ("", gettext_lazy("Choose one")),
            *((each.value, gettext_lazy(each.label)) for each in Heir.Relation),
        ],
    )
    heir_born = BirthDateField(
        label=gettext_lazy("Birth date of the heir"),
        help_text=gettext_lazy("Leave it empty if you don't know it."),
        widget=DateBoxes(),
        required=False,
    )
    rank = forms.TypedChoiceField(
        label=gettext_lazy("In which place?"),
        help_text=gettext_lazy("1 comes first. Give the same place to those who stand side by side."),
        choices=[(number, str(number)) for number in range(1, MOST_HEIRS + 1)],
        coerce=int,
    )

    def heir(self) -> NewHeir:
        """The heir that was written down."""
        cleaned = self.cleaned_data
        name = " ".join(cleaned["heir_name"].split())
        return NewHeir(name, cleaned["relation"], cleaned["rank"], cleaned["heir_born"])

    @staticmethod
    def facts(heir: Heir) -> dict[str, Any]:
        """An heir as the form shows him."""
        return {
            "heir_name": heir.name,
            "relation": heir.relation,
            "heir_born": heir.birth_date,
            "rank": heir.rank,
        }


class BankAccountForm(forms.Form):
    """Where benefits are to be paid."""

    bank = forms.ChoiceField(
        label=gettext_lazy("Bank"),
        choices=lambda: [("", gettext_lazy("Choose one")), *((each.code, each.name) for each in banks().values())],
    )
    account_number = forms.CharField(
        label=gettext_lazy("Account number"),
        help_text=gettext_lazy("As on your bank card, bank book or app. Blanks and dashes don't matter."),
        max_length=40,
        widget=DigitsInput(),
    )
    holder = _line(
        gettext_lazy("Name of the account's holder"),
        help_text=gettext_lazy("As the bank writes it. It must be your own account."),
        most=200,
    )

    def clean_account_number(self) -> str:
        return re.sub(r"[\s.\-–/]", "", self.cleaned_data["account_number"])


class LanguageForm(forms.Form):
    """In which language the fund writes."""

    writes = forms.ChoiceField(
        label=gettext_lazy("Language of letters, texts and e-mails"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
