"""What everybody's pages and the error pages need: the text of announcements, sizes, the number for texts."""

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from lumbung import wording
from lumbung.messaging.simulator import SHORT_NUMBER
from lumbung.publications import text

register = template.Library()


@register.filter
def as_page(source: str) -> SafeString:
    """The Markdown of an announcement as HTML. `publications.text` lets no HTML of its author through."""
    return mark_safe(text.html(source))  # noqa: S308


register.filter("day_of", wording.day_short)


@register.filter
def kilobytes(count: int) -> str:
    """A size as people compare it: at least 1 kB, whole kB, from 1,000 kB on in MB."""
    if count >= 1_000_000:
        return f"{number_format(count / 1_000_000, 1)} MB"
    return f"{max(1, round(count / 1000))} kB"


@register.simple_tag
def short_number() -> str:
    """The number that texts go to. A tag, so that it holds on error pages too, which have no context."""
    return SHORT_NUMBER
