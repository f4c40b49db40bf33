"""A member's data as a PDF to read: typst makes it from data; no member's text becomes part of a source."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib import resources
from typing import Any

from django.utils.translation import gettext, override

from lumbung.accounts.access_events import DOORS, ROLES, UNKNOWN, WORDS
from lumbung.mydata.queries import Section
from lumbung.mydata.words import LABELS, MONEY
from lumbung.papers.drawing import turn
from lumbung.profiles.banks import banks
from lumbung.profiles.models import Heir
from lumbung.wording import clock_short, day_short, number

FEW_ROWS, FEW_COLUMNS = 2, 4
_LONG = re.compile(r"(\S{24})(?=\S)")  # what may break where no word ends: a browser's name, a signed text


def as_pdf(
    sections: Sequence[Section],
    *,
    made_at: datetime,
    about: Sequence[str],
    house: str,
    is_demo: bool,
    language: str,
) -> bytes:
    """The sections as a document in the member's language. Raises TooBusy."""
    with override(language):
        data = {
            "language": language,
            "house": house,
            "demo": gettext("Demo: all people and amounts are invented.") if is_demo else "",
            "title": gettext("Everything that is held about me"),
            "made": gettext("Made on %(at)s.") % {"at": clock_short(made_at)},
            "nothing": gettext("Nothing."),
            "left_out_title": gettext("What is not in here, and why"),
            "left_out": list(about),
            "sections": [_section(each) for each in sections],
        }
    return _compiled(data)


def _section(section: Section) -> dict[str, Any]:
    keys = [key for key in section.keys if key != "image"]
    rows = [
        [
            _LONG.sub("\\1\u200b", _said(key, value))
            for key, value in zip(section.keys, row, strict=True)
            if key != "image"
        ]
        for row in section.rows
    ]
    return {
        "title": gettext(section.held.title),
        "columns": [gettext(LABELS[key]) for key in keys],
        "numbers": [key in MONEY or key.endswith(("months", "_total")) for key in keys],
        "rows": rows,
        "is_table": len(rows) > FEW_ROWS or len(keys) <= FEW_COLUMNS,
    }


def _said(key: str, value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return clock_short(value) if isinstance(value, datetime) else day_short(value)
    if isinstance(value, int) and key in MONEY:
        return number(value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {each}" for name, each in value.items() if each not in ("", None))
    return "–" if value in ("", None) else _word(key, str(value))


def _word(key: str, value: str) -> str:
    """What a code of ours means."""
    if key == "what" and value in WORDS:
        return gettext(WORDS[value])
    if key.endswith("place") and value in DOORS:
        return gettext(DOORS[value])
    if key == "who":
        return gettext(ROLES.get(value, UNKNOWN))
    if key == "relation" and value in Heir.Relation.values:
        return gettext(str(Heir.Relation(value).label))
    if key == "bank" and value in banks():
        return banks()[value].name
    return value


def _compiled(data: Mapping[str, Any]) -> bytes:
    import typst  # as late as this: it is 40 MB  # noqa: PLC0415

    made: Callable[..., bytes] = typst.compile
    with turn():  # forty years take a second of processor time
        return made(
            resources.files("lumbung.mydata").joinpath("mydata.typ").read_bytes(),
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            ignore_system_fonts=True,
            pdf_standards="ua-1",
        )
