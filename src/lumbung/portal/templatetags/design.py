"""What templates need for the components of docs/design/components.md."""

from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page

from lumbung.portal import brand as brands

register = template.Library()
# The levels of Django's messages, in the words of our notices.
KINDS = {"success": "good", "error": "bad", "debug": "info", "warning": "warn"}


@register.simple_tag
def brand() -> brands.Brand:
    """The operator's name and files. A tag, so that error pages have them too, which have no context."""
    return brands.brand()


@register.simple_tag
def is_app() -> bool:
    """Whether the members' pages can be installed. A tag, for the same reason."""
    return bool(settings.LUMBUNG_APP)


@register.inclusion_tag("components/notice.html")
def notice(kind: str, text: str = "", title: str = "", role: str = "") -> dict[str, str]:
    """What happened, in a word, a mark and a colour: kind is info, good, warn or bad, or a level of a message."""
    return {"kind": KINDS.get(kind, kind), "text": text, "title": title, "role": role}


@register.inclusion_tag("components/steps.html")
def steps(step: int, total: int) -> dict[str, object]:
    """Step 2 of 4, counted from 1."""
    return {"step": step, "total": total, "marks": [number <= step for number in range(1, total + 1)]}


@register.inclusion_tag("components/pages.html")
def pages(
    page: "Page[Any]", label: str, newer: str, older: str, parameter: str = "page", kept: str = ""
) -> dict[str, object]:
    """Links to the pages beside this one; nothing when there is only one. `kept` is the rest of the query."""
    return {
        "page": page, "label": label, "newer": newer, "older": older, "parameter": parameter, "kept": kept,
    }  # fmt: skip


@register.inclusion_tag("components/menu_item.html", takes_context=True)
def menu_item(
    context: template.Context, url: str, icon: str, text: str, count: int = 0, also: str = ""
) -> dict[str, object]:
    """One place of the menu with its picture and how much is new there; marked on its page and those below it.

    `also` is what else stands below it: how addresses of this door begin, "why/balance projection".
    """
    request = context.get("request")
    mark = "" if request is None or not url else _mark(request.path, url, request.door.prefix, also.split())
    return {"url": url, "icon": f"components/icons/{icon}.svg", "text": text, "mark": mark, "count": count}


def _mark(path: str, url: str, door: str, also: list[str]) -> str:
    """The value of aria-current, of which page and true say what they are; nothing elsewhere."""
    if path == url:
        return "page"
    below = [f"{door}{each}/" for each in also] + ([url] if url != door else [])
    return "true" if path.startswith(tuple(below)) else ""
