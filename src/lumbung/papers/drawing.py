"""Draws papers: typst makes PDF and PNG from data, segno the code. No member's text becomes part of a source."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from threading import BoundedSemaphore
from typing import Any

import segno
from django.utils import timezone
from django.utils.translation import gettext, override

from lumbung.errors import marked
from lumbung.papers.contents import Card
from lumbung.papers.errors import TooBusy
from lumbung.wording import day_name

PICTURE_DOTS = 300  # an inch
AT_ONCE = 2  # papers that one process draws at the same time, so that its pages stay quick
MOST_WAITING = 4  # for their turn; each holds a thread that could serve pages
WAIT_SECONDS = 15
_turns, _places = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + MOST_WAITING)
PROGRAMMES = {
    "JHT": marked("Old age"),
    "JP": marked("Pension"),
    "JKK": marked("Work accident"),
    "JKM": marked("Death"),
    "JKP": marked("Job loss"),
}


@dataclass(frozen=True, slots=True)
class House:
    """Who issues: the operator's name and colour (#rrggbb), where papers are checked, whether it is a demo."""

    name: str
    colour: str
    check_address: str
    is_demo: bool


def code(text: str) -> str:
    """The signed text as a QR in SVG, to stand in a page; error correction M, so a worn print is still read."""
    made = segno.make_qr(text, error="m", boost_error=False)
    drawn: str = made.svg_inline(svgclass=None, lineclass=None, border=4, light="#fff", omitsize=True)
    return drawn


def card_pdf(card: Card, text: str, house: House, *, language: str) -> bytes:
    """The card on a sheet to print; the same card makes the same bytes."""
    data = _card(card, text, house, language) | {"layout": "sheet"}
    return compiled("card.typ", data, format="pdf", pdf_standards="ua-1")


def card_png(card: Card, text: str, house: House, *, language: str) -> bytes:
    """The card as a picture for a phone."""
    data = _card(card, text, house, language) | {"layout": "picture"}
    return compiled("card.typ", data, format="png", ppi=PICTURE_DOTS)


def _card(card: Card, text: str, house: House, language: str) -> dict[str, Any]:
    with override(language):
        until = timezone.make_naive(card.expires_at - timedelta(seconds=1)).date()
        state = gettext("Active on %(day)s") if card.is_active else gettext("Not active on %(day)s")
        return {
            **common(house, language, text, card.issue.reference),
            "title": gettext("Membership card"),
            "name": card.name,
            "numbers_words": gettext("Member number"),
            "numbers": [f"••••••{ending}" for ending in card.numbers],
            "state_words": gettext("State"),
            "state": state % {"day": day_name(card.valid_on)},
            "programmes_words": gettext("Covered for"),
            "programmes": [(each, gettext(PROGRAMMES[each])) for each in card.programmes],
            "until": gettext("Good until %(day)s.") % {"day": day_name(until)},
            "sheet_words": gettext("Cut it out along the line and fold it in the middle."),
            "notes": [
                gettext(
                    "The card says how things stood on that day. Whoever needs it newer makes a new one, free."
                ),
                gettext("A new card replaces this one; a check then says so."),
                gettext(
                    "Whoever checks reads the code with a phone's camera and puts its text on the page above."
                ),
            ],
        }


def common(house: House, language: str, text: str, reference: str) -> dict[str, Any]:
    return {
        "house": house.name,
        "colour": house.colour,
        "demo": gettext("Demo: all people and amounts are invented.") if house.is_demo else "",
        "language": language,
        "qr": code(text).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        "qr_words": gettext("QR code with the fund’s signature"),
        "check_words": gettext("Is it genuine? Check the code at"),
        "address": house.check_address,
        "reference_words": gettext("Paper number"),
        "reference": reference,
    }


def compiled(source: str, data: Mapping[str, Any], **options: Any) -> bytes:
    """What typst makes of a source of ours and data. Raises TooBusy when others are having too much made."""
    import typst  # as late as this: it is 40 MB  # noqa: PLC0415

    made: Callable[..., bytes] = typst.compile
    with turn():
        return made(
            resources.files("lumbung.papers").joinpath(source).read_bytes(),
            sys_inputs={"data": json.dumps(data)},
            ignore_system_fonts=True,
            **options,
        )


@contextmanager
def turn() -> Iterator[None]:
    """One's turn to have typst draw; a few may wait for theirs, and not long. Raises TooBusy."""
    if not _places.acquire(blocking=False):
        raise TooBusy
    try:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise TooBusy
        try:
            yield
        finally:
            _turns.release()
    finally:
        _places.release()
