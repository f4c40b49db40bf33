"""What templates need to show money, months, numbers, programmes and cases."""

from django import template
from django.conf import settings
from django.utils.translation import gettext

from lumbung import masking, wording
from lumbung.errors import marked

register = template.Library()

PROGRAMMES = {
    "JHT": (marked("Old age"), marked("Savings that you get back when you are old.")),
    "JP": (marked("Pension"), marked("Money every month after you have stopped working.")),
    "JKK": (marked("Work accident"), marked("Care and money when work makes you hurt or ill.")),
    "JKM": (marked("Death"), marked("Money for your family when you die.")),
    "JKP": (marked("Job loss"), marked("Money and training when you lose your job.")),
}


for written in (wording.rupiah, wording.month_name, wording.day_name, wording.day_short, wording.clock):
    register.filter(written)


@register.filter
def masked(number: str) -> str:
    """A number of which only the last four characters are shown."""
    return masking.masked(number)


@register.filter
def programme_name(code: str) -> str:
    """What the programme is called in the reader's language."""
    return gettext(PROGRAMMES[code][0])


@register.filter
def programme_promise(code: str) -> str:
    """What the programme gives, in one plain sentence."""
    return gettext(PROGRAMMES[code][1])


@register.simple_tag
def is_demo() -> bool:
    """Whether this is the demo. A tag, so that it holds on error pages too, which have no context."""
    return bool(settings.LUMBUNG_DEMO)


CASES = {
    "registration": (
        marked("Confirm a registration"),
        marked(
            "Check the identity card against the person, at the counter or by video. Accepting opens the account"
            " and puts the new contacts on file."
        ),
    ),
    "recovery": (
        marked("Let a member in again"),
        marked(
            "Check the identity card against the person, at the counter or by video. Accepting makes a code that"
            " you hand over."
        ),
    ),
    "phone": (
        marked("Put a phone number on file"),
        marked("Check the identity card against the person, then the phone. Accepting puts the number on file."),
    ),
    "correction": (
        marked("Correct name, birth date or KTP number"),
        marked(
            "Compare with the identity card and the family card. Accepting changes the record. The law gives three"
            " days for it."
        ),
    ),
    "dispute": (
        marked("Another wage than was reported"),
        marked(
            "Compare the payslips with what was reported, and ask the employer. Accepting changes no books: it"
            " says that the employer must have it put right. Tell the member so, and by when."
        ),
    ),
}
CASE_STATES = {
    "open": marked("Waits for an officer"),
    "accepted": marked("Accepted"),
    "refused": marked("Refused"),
    "withdrawn": marked("Taken back"),
}


@register.filter
def case_kind(kind: str) -> str:
    """What a case is about."""
    return gettext(CASES[kind][0])


@register.filter
def case_check(kind: str) -> str:
    """What an officer checks before a case of this kind is decided, and what accepting does."""
    return gettext(CASES[kind][1])


@register.filter
def case_state(state: str) -> str:
    """How far a case is."""
    return gettext(CASE_STATES[state])
