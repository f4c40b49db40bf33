"""What the pages about contributions need to say of a line."""

from django import template

from lumbung.contributions.gaps.facts import Line
from lumbung.portal.history import rows

register = template.Library()


@register.filter
def put_right(line: Line | None) -> str:
    """What a correction's line stands for, and why; nothing for other lines."""
    return rows.put_right(line)
