"""What an officer writes: why a case is opened, and how it is decided."""

from django import forms
from django.utils.translation import gettext_lazy

from lumbung.casework.actions import SHORTEST_REASON

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
