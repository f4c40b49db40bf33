"""What templates need to show where a figure comes from: derivations, kinds of entries, names of shares."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lumbung.errors import Refusal, marked
from lumbung.law.derivation import Step, render
from lumbung.ledger.queries import HistoryLine
from lumbung.wording import rupiah

register = template.Library()

ENTRIES = {
    "contribution": marked("Contribution"),
    "development": marked("Development result"),
    "withdrawal": marked("Paid out to you"),
    "correction": marked("Taken back, because it was wrong"),
    "reversal": marked("Taken back"),
    "pension_months": marked("A pension month counts on"),
}
SHARES = {
    "jht_employer": marked("Old age (JHT), from your employer"),
    "jht_member": marked("Old age (JHT), from your wage"),
    "jp_employer": marked("Pension (JP), from your employer"),
    "jp_member": marked("Pension (JP), from your wage"),
    "jkk": marked("Work accident (JKK)"),
    "jkm": marked("Death (JKM)"),
    "jht": marked("Old age (JHT)"),
    "migrant": marked("JKK and JKM together"),
}


@register.filter
def derivation(step: Step) -> SafeString:
    """How a figure follows from the law, as a list to open. The renderer escapes every text in it."""
    return mark_safe(render(step, "html", gettext))  # noqa: S308


@register.filter
def entry_kind(kind: str) -> str:
    """What kind of entry it is, in words; one that has none keeps its own."""
    return gettext(ENTRIES[kind]) if kind in ENTRIES else kind


@register.filter
def share_name(name: str) -> str:
    """Which share of the contributions it is."""
    return gettext(SHARES[name])


@register.filter
def refusal_said(refusal: Refusal) -> str:
    """Why the law says nothing, in the reader's language."""
    return refusal.say(gettext)


@register.filter
def signed(amount: int) -> str:
    """Whole rupiah with what it does to a balance: + Rp 285.000, − Rp 285.000; a dash for nothing."""
    if not amount:
        return "–"
    return f"{'+' if amount > 0 else '−'} {rupiah(abs(amount))}"


@register.filter
def old_age_of(line: HistoryLine) -> int:
    """What a line adds to old-age savings, in rupiah."""
    return line.contribution + line.development - line.withdrawal
