"""The wages on a year's payslips, one box for each month at work."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lumbung.contributions.gaps.facts import PU, Verdict
from lumbung.contributions.gaps.queries import Record
from lumbung.law.month import Month
from lumbung.portal.amounts import MOST_WAGE, AmountField
from lumbung.wording import month_name

Wages = dict[tuple[str, int, Month], int]


class WagesForm(forms.Form):
    """A box for each month in which the member works; what is left empty is not asked about."""

    why = forms.CharField(
        label=gettext_lazy("What else should we know?"),
        help_text=gettext_lazy(
            "Only for a dispute. For example: allowances are on the payslip, but not reported."
        ),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        record: Record,
        numbers: Sequence[str],
        kept: Mapping[tuple[str, int, Month], int],
    ) -> None:
        super().__init__(data)
        self.verdicts: dict[str, Verdict] = {}
        for verdict in record.verdicts:
            if verdict.segment != PU or not verdict.covers:
                continue
            # The place of the number among the member's own: a whole number is shown nowhere.
            name = f"wage-{numbers.index(verdict.member_number)}-{verdict.payer}-{verdict.month}"
            self.verdicts[name] = verdict
            label = gettext("Wage on the payslip, {month}").format(month=month_name(verdict.month))
            key = (verdict.member_number, verdict.payer, verdict.month)
            self.fields[name] = AmountField(label=label, required=False, initial=kept.get(key), most=MOST_WAGE)

    @property
    def months(self) -> list[tuple[Verdict, forms.BoundField]]:
        """Each month with its box, the newest first."""
        return [(verdict, self[name]) for name, verdict in self.verdicts.items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in self.verdicts):
            raise forms.ValidationError(gettext("Write the wage of at least one month."))
        return cleaned

    @property
    def typed(self) -> list[tuple[Verdict, int]]:
        """The months with a wage, and the wage."""
        asked = [(verdict, self.cleaned_data.get(name)) for name, verdict in self.verdicts.items()]
        return [(verdict, wage) for verdict, wage in asked if wage]

    @property
    def wages(self) -> Wages:
        """The same, by member number, employer and month."""
        return {(one.member_number, one.payer, one.month): wage for one, wage in self.typed}
