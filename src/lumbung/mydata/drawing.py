"""A member's data as a PDF to read: typst makes it from data; no member's text becomes part of a source."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from django.utils.translation import gettext, override

from lumbung.mydata.queries import Section
from lumbung.mydata.saying import Told, told
from lumbung.mydata.words import MONEY
from lumbung.papers.drawing import turn
from lumbung.wording import clock_short

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
            "sections": [_section(told(each)) for each in sections],
        }
    return _compiled(data)


def _section(told: Told) -> dict[str, Any]:
    return {
        "title": told.title,
        "columns": told.columns,
        "numbers": [key in MONEY or key.endswith(("months", "_total")) for key in told.keys],
        "rows": [[_LONG.sub("\\1\u200b", cell) for cell in row] for row in told.rows],
        "is_table": len(told.rows) > FEW_ROWS or len(told.keys) <= FEW_COLUMNS,
    }


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
