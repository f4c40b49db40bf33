"""In which windows and languages a flow runs in a browser: in some in the suite, in all four in `make audit`.

`LUMBUNG_PAIRINGS=all` asks for the four. The colours of the system alternate: both are seen in both languages.
"""

import os
from typing import Any

import pytest
from django.utils.translation import gettext, override

PHONE, DESK = (360, 740), (1280, 800)
LOCALES = {"id": "id-ID", "en": "en-GB"}
ALL = {
    "phone-id": (PHONE, "id", "light"),
    "desk-en": (DESK, "en", "dark"),
    "phone-en": (PHONE, "en", "dark"),
    "desk-id": (DESK, "id", "light"),
}
# The smallest phone, and large text on a usual one; the narrow one in English, which has the longest words.
NARROW = pytest.mark.parametrize(
    ("larger", "locale"), [(False, "en-GB"), (True, "id-ID")], ids=["320 px", "text twice as large"]
)


def pairings(*usual: str, colours: bool = False) -> list[Any]:
    """Size and language of each window (and its colours); the usual ones are those of the suite."""
    wanted = ALL if os.environ.get("LUMBUNG_PAIRINGS") == "all" else usual
    return [pytest.param(*ALL[name][: 3 if colours else 2], id=name) for name in wanted]


def in_language(language: str, sentence: str) -> str:
    """A sentence of the source as a page in that language says it."""
    with override(language):
        return gettext(sentence)
