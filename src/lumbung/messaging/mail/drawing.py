"""The two parts of a mail, drawn from its plain words: one small template, nothing from elsewhere, no tracking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from lumbung.colours import OWN_BRAND, OWN_PAPER, colour

OWN_COLOURS = {
    "brand": OWN_BRAND,
    "on-brand": "#fff6e6",
    "accent": "#f0b02f",
    "link": "#1d4c7c",
    "paper": OWN_PAPER,
}
_CODE = re.compile(r"(?<![\w-])(?<!\d[.,])\d{6}(?![\w-]|[.,]\d)")


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """A mail's words as plain text and as HTML."""

    plain: str
    html: str


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """A run of words: a code, an address of ours, or neither."""

    words: str
    is_code: bool = False
    is_address: bool = False


def draw(subject: str, body: str, *, language: str) -> Drawn:
    """Both parts of a mail, in one language."""
    context = {
        "language": language,
        "subject": subject,
        "paragraphs": paragraphs(body),
        "name": settings.LUMBUNG_NAME,
        "colours": {name.replace("-", "_"): value for name, value in _colours(settings.LUMBUNG_BRAND).items()},
        "phone": settings.LUMBUNG_HELP_PHONE,
    }
    with override(language):
        foot = " ".join(render_to_string("messaging/mail_foot.txt", context).split())
        html = render_to_string("messaging/mail.html", {**context, "foot": foot})
    return Drawn(f"{body.strip()}\n\n-- \n{foot}\n", html)


def paragraphs(body: str) -> Sequence[Sequence[Sequence[Piece]]]:
    """The body as paragraphs of lines of pieces. Only our own addresses are links, and none beside a code."""
    text = body.replace("\r\n", "\n").strip()
    splitter = (
        _CODE if len(_CODE.findall(text)) == 1 else re.compile(rf"{re.escape(_home())}(?=[/?#\s]|$)[^\s<>\"]*")
    )
    return [
        [_pieces(line, splitter) for line in block.split("\n")]
        for block in re.split(r"\n[ \t]*\n\s*", text)
        if block.strip()
    ]


def _pieces(line: str, splitter: re.Pattern[str]) -> Sequence[Piece]:
    found, at = [], 0
    for match in splitter.finditer(line):
        found += [Piece(line[at : match.start()]), _marked(match[0], is_code=splitter is _CODE)]
        at = match.end()
    return [piece for piece in (*found, Piece(line[at:])) if piece.words]


def _marked(words: str, *, is_code: bool) -> Piece:
    return Piece(words, is_code=is_code, is_address=not is_code)


def _home() -> str:
    return settings.LUMBUNG_PUBLIC_URL.rstrip("/")


@lru_cache(maxsize=8)
def _colours(folder: str) -> dict[str, str]:
    stylesheet = Path(folder) / "brand.css" if folder else None
    return {name: colour(stylesheet, name, own) for name, own in OWN_COLOURS.items()}
