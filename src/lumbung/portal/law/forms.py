"""What the calculators ask: few things, in everyday words, forgiving about how they are written."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext, gettext_lazy

from lumbung.errors import Refusal, marked
from lumbung.law import calculators
from lumbung.law.month import Month
from lumbung.law.parameter import parameter
from lumbung.law.telling import in_words
from lumbung.portal.amounts import MOST_WAGE, AmountField, PercentField
from lumbung.portal.forms import BirthDateField

MOST_SAVED = 1_000_000_000_000
RISKS = {
    "I": marked("Very low"),
    "II": marked("Low"),
    "III": marked("Middle"),
    "IV": marked("High"),
    "V": marked("Very high"),
}
SCENARIOS = {
    "low": marked("Carefully: lower wages, dearer things"),
    "middle": marked("In the middle"),
    "high": marked("Hopefully: higher wages"),
}
SECTORS = {"transport": marked("I drive or deliver for an app"), "other": marked("Other work")}


class Calculator(forms.Form):
    """A form whose facts are the arguments of one of the law's calculators. `today` is the day it is."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the day and the law."""

    def result(self) -> calculators.Result | None:
        """The law's answer; None when something is wrong with what was typed, which the form then says."""
        if not self.is_valid():
            return None
        try:
            return self.ask()
        except Refusal as refusal:
            self.add_error(None, refusal.say(gettext))
            return None

    def ask(self) -> calculators.Result:
        """Ask the law. Raises its refusals."""
        raise NotImplementedError


class _OfAMonth(Calculator):
    month = forms.TypedChoiceField(
        label=gettext_lazy("Month"), choices=list(MONTHS.items()), coerce=int, widget=forms.Select
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, widget=forms.Select)

    def prepare(self) -> None:
        first = parameter("jht_employer_rate").values[0].start.year
        years = [(year, str(year)) for year in range(self.today.year + 1, first - 1, -1)]
        self._choices("year", years)
        self.initial = {"month": self.today.month, "year": self.today.year}

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def chosen_month(self) -> Month:
        """The month that was chosen."""
        return Month(self.cleaned_data["year"], self.cleaned_data["month"])


class EmployedForm(_OfAMonth):
    """A worker's contribution: wage, the risk of the work, the month."""

    wage = AmountField(
        label=gettext_lazy("Wage a month"),
        help_text=gettext_lazy("Base pay and fixed allowances in rupiah, as on your payslip. Like 5.000.000."),
        most=MOST_WAGE,
    )
    risk_class = forms.ChoiceField(
        label=gettext_lazy("How dangerous is the work?"),
        help_text=gettext_lazy(
            "The fund puts each firm into one of five classes; your employer knows it. Only your employer's part "
            "for accidents depends on it."
        ),
        widget=forms.RadioSelect,
    )
    field_order = ("wage", "risk_class", "month", "year")

    def prepare(self) -> None:
        super().prepare()
        rates = parameter("jkk_rate").latest()
        words = {name: in_words(rates.content[name], "percent", gettext) for name in RISKS}
        self._choices("risk_class", [(name, f"{gettext(told)}: {words[name]}") for name, told in RISKS.items()])
        self.initial["risk_class"] = "I"

    def ask(self) -> calculators.Result:
        return calculators.contribution(
            segment="PU",
            month=self.chosen_month,
            wage=self.cleaned_data["wage"],
            risk_class=self.cleaned_data["risk_class"],
        )


class OwnWorkForm(_OfAMonth):
    """The contribution of who works for himself: income, kind of work, the month."""

    income = AmountField(
        label=gettext_lazy("Income a month"),
        help_text=gettext_lazy("What you usually earn in a month, in rupiah. Like 2.000.000."),
        most=MOST_WAGE,
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Your work"), choices=[], widget=forms.RadioSelect, initial="other"
    )
    field_order = ("income", "sector", "month", "year")

    def prepare(self) -> None:
        super().prepare()
        self._choices("sector", [(name, gettext(told)) for name, told in SECTORS.items()])
        self.initial["sector"] = "other"

    def ask(self) -> calculators.Result:
        return calculators.contribution(
            segment="BPU",
            month=self.chosen_month,
            income=self.cleaned_data["income"],
            sector=self.cleaned_data["sector"],
        )


class OldAgeForm(Calculator):
    """Old-age savings: wage, years, what is there already, what it earns."""

    wage = AmountField(
        label=gettext_lazy("Wage a month"),
        help_text=gettext_lazy("Base pay and fixed allowances in rupiah, as on your payslip. Like 5.000.000."),
        most=MOST_WAGE,
    )
    years = forms.IntegerField(
        label=gettext_lazy("Years of work from now on"),
        min_value=1,
        max_value=calculators.MOST_YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "min_value": gettext_lazy("Write a number of years from 1 to 50."),
            "max_value": gettext_lazy("Write a number of years from 1 to 50."),
        },
    )
    opening = AmountField(
        label=gettext_lazy("What is saved already"),
        help_text=gettext_lazy("Your old-age balance (JHT) today, if there is one."),
        most=MOST_SAVED,
        required=False,
    )
    rate = PercentField(
        label=gettext_lazy("Earns in a year, in percent"),
        help_text=gettext_lazy("The fund names it after each year. Leave it as it is if you do not know."),
        most=20,
        required=False,
    )

    def prepare(self) -> None:
        self.initial = {"rate": in_words(calculators.usual_rate().normalize(), "")}

    def ask(self) -> calculators.Result:
        asked = self.cleaned_data
        return calculators.old_age(
            wage=asked["wage"], years=asked["years"], opening=asked["opening"] or 0, rate=asked["rate"]
        )


class PensionForm(Calculator):
    """A pension: birth date, wage, the year of the first contribution, how things go."""

    born = BirthDateField(label=gettext_lazy("Birth date"), help_text=gettext_lazy("For example 17 8 1990"))
    wage = AmountField(
        label=gettext_lazy("Wage a month"),
        help_text=gettext_lazy("Base pay and fixed allowances in rupiah, as on your payslip. Like 5.000.000."),
        most=MOST_WAGE,
    )
    since = forms.TypedChoiceField(
        label=gettext_lazy("First year in the pension programme"),
        help_text=gettext_lazy("The programme began in July 2015."),
        coerce=int,
        widget=forms.Select,
    )
    scenario = forms.ChoiceField(label=gettext_lazy("How do we reckon?"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        since, scenario = self.fields["since"], self.fields["scenario"]
        assert isinstance(since, forms.ChoiceField)
        assert isinstance(scenario, forms.ChoiceField)
        years = range(self.today.year, calculators.first_pension_year() - 1, -1)
        since.choices = [(year, str(year)) for year in years]
        scenario.choices = [(name, gettext(told)) for name, told in SCENARIOS.items()]
        self.initial = {"since": self.today.year, "scenario": "middle"}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "born" in cleaned and "since" in cleaned and cleaned["since"] <= cleaned["born"].year:
            sentence = gettext("You were not born yet. Check the year and the birth date.")
            self.add_error("since", ValidationError(sentence))
        return cleaned

    def ask(self) -> calculators.Result:
        asked = self.cleaned_data
        return calculators.pension_at(
            born=asked["born"],
            wage=asked["wage"],
            since=asked["since"],
            scenario=asked["scenario"],
            today=self.today,
        )
