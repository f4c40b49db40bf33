"""What an officer writes: why a case is opened, and how it is decided."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from lumbung.casework.actions import SHORTEST_REASON
from lumbung.casework.records.errors import NobodyThere
from lumbung.registry import identity

LONGEST_WORDS = 1000


class ReasonForm(forms.Form):
    """Why the officer opens somebody's case; the member reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you open this request?"),
        help_text=gettext_lazy(
            "The member will read this. Write what brings you to it, and no numbers of others."
        ),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """The officer's decision with a word to the member."""

    note = forms.CharField(
        label=gettext_lazy("What do you tell the member?"),
        help_text=gettext_lazy("Say what you decided, why, and what the member can do next."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("accept", gettext_lazy("Accept")), ("refuse", gettext_lazy("Refuse"))],
        widget=forms.RadioSelect,
    )


class CodeForm(forms.Form):
    """Why another code is given, or the code is taken back; the member reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The member will read this. For example: the code was lost on the way home."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    deed = forms.ChoiceField(choices=[("give", "give"), ("withdraw", "withdraw")], widget=forms.HiddenInput)
    code_seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RecordForm(forms.Form):
    """Whose record the officer opens, and why; the member reads it."""

    number = forms.CharField(
        label=gettext_lazy("Member number (KPJ)"),
        help_text=gettext_lazy("10 to 12 digits."),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "digits"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why do you open this record?"),
        help_text=gettext_lazy(
            "The member will read this. Write what brings you to it, and no numbers of others."
        ),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_number(self) -> str:
        """The digits alone. What can't be one is like one that is not there."""
        typed = "".join(sign for sign in self.cleaned_data["number"] if sign not in " -.")
        if not identity.MEMBER_NUMBER.fullmatch(typed):
            raise forms.ValidationError(NobodyThere().say(gettext))
        return typed


class PartForm(forms.Form):
    """Why a joined number is parted; the member reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you part it?"),
        help_text=gettext_lazy("The member will read this. Say what showed that the number is another person's."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LockForm(forms.Form):
    """Why a member is locked or unlocked; the member reads it. `deed` is what the page offered."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The member will read this. For unlocking, say what you compared."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    deed = forms.ChoiceField(choices=[("lock", "lock"), ("unlock", "unlock")], widget=forms.HiddenInput)
