"""Parameters and clauses told to others: as plain data for programs, in words for people."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lumbung.errors import marked, unchanged
from lumbung.law import writing
from lumbung.law.clauses import Clause
from lumbung.law.parameter import Parameter, Value

Translate = Callable[[str], str]
_PLACES = 12  # more than any value of the law has
_COUNTED = {
    "months": (marked("{number} month"), marked("{number} months")),
    "months of wage": (marked("{number} month of wage"), marked("{number} months of wage")),
    "years": (marked("{number} year"), marked("{number} years")),
    "working days": (marked("{number} working day"), marked("{number} working days")),
    "children": (marked("{number} child"), marked("{number} children")),
    "times": (marked("{number} time"), marked("{number} times")),
}


def clause_as_data(clause: Clause) -> dict[str, str | None]:
    """A clause with its source, flat."""
    return {
        "parameter": clause.parameter,
        "value": clause.value,
        "unit": clause.unit,
        "from": clause.start.isoformat(),
        "title": clause.source.title,
        "url": clause.source.url,
        "confidence": clause.source.confidence,
    }


def parameter_as_data(each: Parameter, translate: Translate = unchanged) -> dict[str, Any]:
    """A parameter with all of its values and their sources."""
    values = [
        {
            "from": value.start.isoformat(),
            "value": written(value),
            "title": value.source.title,
            "url": value.source.url,
            "confidence": value.source.confidence,
        }
        for value in each.values
    ]
    return {"name": each.name, "label": translate(each.label), "unit": translate(each.unit), "values": values}


def written(value: Value) -> Any:
    """A value as plain data: whole numbers as numbers, decimals as the text they were written in."""
    return "unknown" if value.content is None else _plain(value.content)


def _plain(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {str(key): _plain(item) for key, item in content.items()}
    if isinstance(content, tuple):
        return [_plain(item) for item in content]
    return content if isinstance(content, int) else str(content)


def in_words(content: Any, unit: str, translate: Translate = unchanged) -> str:
    """One number or list of words of a parameter as people read it: 3.7 %, Rp 10,547,400, 36 months."""
    if isinstance(content, (int, Decimal)):
        return _number_in_words(content, unit, translate)
    if isinstance(content, Mapping):
        return ", ".join(f"{key}: {in_words(item, unit, translate)}" for key, item in content.items())
    if isinstance(content, tuple):
        return ", ".join(in_words(item, unit, translate) for item in content)
    return translate(marked("unknown")) if content in {None, "unknown"} else str(content)


def _number_in_words(number: int | Decimal, unit: str, translate: Translate) -> str:
    shown = writing.number(Decimal(number), _PLACES, translate)
    if unit.startswith("percent"):
        return f"{shown} %"
    if unit.startswith("rupiah"):
        return f"Rp {shown}"
    if unit not in _COUNTED:
        return shown
    one, many = _COUNTED[unit]
    return translate(one if number == 1 else many).format(number=shown)
