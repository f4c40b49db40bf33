"""Which months the member wants to see: a year, a state, an employer."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lumbung.contributions.gaps.queries import Record, employers
from lumbung.portal.history import rows


class FilterForm(forms.Form):
    """What to show of a year. Its choices are those of the record; what is not among them is passed over."""

    use_required_attribute = False
    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    employer = forms.ChoiceField(label=gettext_lazy("Employer"), required=False)

    def __init__(self, asked: Mapping[str, str], record: Record) -> None:
        super().__init__({**{name: asked.get(name, "") for name in self.base_fields}, "year": str(record.year)})
        self._choose("year", [(str(year), str(year)) for year in record.years])
        told = [(rows.ATTENTION, gettext("Those that need attention")), *rows.states(record.verdicts)]
        self._choose("state", [("", gettext("All")), *told])
        found = [(str(payer), name) for payer, name in employers(record.verdicts)]
        self._choose("employer", [("", gettext("All")), *found])
        self.has_several_employers = len(found) > 1
        self.is_valid()

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    @property
    def state_asked(self) -> str:
        """A state or `attention`; nothing for all."""
        return str(self.cleaned_data.get("state", ""))

    @property
    def payer_asked(self) -> int | None:
        """An employer's id; None for all."""
        found = self.cleaned_data.get("employer", "")
        return int(found) if found else None


def year_asked(written: str | None) -> int | None:
    """The year of an address; None when there is none."""
    return int(written) if written and written.isascii() and written.isdigit() and len(written) <= 4 else None
