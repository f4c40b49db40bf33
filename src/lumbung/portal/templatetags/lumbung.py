"""What templates need to show money, months, numbers, programmes and cases."""

from django import template
from django.conf import settings
from django.utils.translation import gettext

from lumbung import masking, wording
from lumbung.casework.words import CHECKS, KINDS, STATES
from lumbung.errors import marked
from lumbung.registry.identity import phone_as_written

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
register.filter(phone_as_written)


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


@register.filter
def case_kind(kind: str) -> str:
    """What a case is about."""
    return gettext(KINDS[kind])


@register.filter
def case_check(kind: str) -> str:
    """What an officer checks before a case of this kind is decided, and what accepting does."""
    return gettext(CHECKS[kind])


@register.filter
def case_state(state: str) -> str:
    """How far a case is."""
    return gettext(STATES[state])
