"""What the templates of papers need."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def percent(rate: str) -> str:
    """A rate in percent as the reader's language writes it: 5,60, in English 5.60."""
    return rate if get_language() == "en" else rate.replace(".", ",")
