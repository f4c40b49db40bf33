"""A member's data as a file for programs: values as they are held, and what each name and code of it means."""

import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import override

from lumbung.mydata import saying
from lumbung.mydata.queries import Section

FORMAT = "lumbung-my-data-2"


def as_json(sections: Sequence[Section], *, made_at: datetime, about: Sequence[str], language: str) -> bytes:
    """The sections by the names of `held`; pictures in base64. `meanings` says names and codes in the language."""
    with override(language):
        told = {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "language": language,
            "left_out": list(about),
            "meanings": {each.held.name: saying.meanings(each) for each in sections},
            "sections": {each.held.name: _rows(each) for each in sections},
        }
    return json.dumps(told, ensure_ascii=False, indent=1, default=_plain).encode()


def _rows(section: Section) -> list[dict[str, Any]]:
    rows = [dict(zip(section.keys, row, strict=True)) for row in section.rows]
    if section.held.name != "inbox":
        return rows
    read = [saying.message(row) for row in rows]
    return [{**row, "title": each.title, "text": each.text} for row, each in zip(rows, read, strict=True)]


def _plain(value: Any) -> str:
    if isinstance(value, date):  # instants too
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    return str(value)
