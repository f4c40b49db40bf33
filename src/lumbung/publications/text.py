"""The safe part of Markdown that announcements are written in: paragraphs, lists, bold, links; no HTML."""

import re

from markdown_it import MarkdownIt

_RULES = ("list", "emphasis", "link", "newline", "escape")
# A page of this site, or another one behind TLS, or a way to reach somebody. `//` and `/\` would lead elsewhere.
_LINK = re.compile(r"(/(?![/\\])|https://|mailto:|tel:)", re.IGNORECASE)


def _made() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"maxNesting": 10}).enable(list(_RULES))
    markdown.validateLink = _is_safe  # type: ignore[method-assign]
    return markdown


def _is_safe(url: str) -> bool:
    return _LINK.match(url.strip()) is not None


_MARKDOWN = _made()


def html(source: str) -> str:
    """The text as HTML, safe to put into a page: what is no paragraph, list, bold or link comes out as text."""
    return str(_MARKDOWN.render(source))
