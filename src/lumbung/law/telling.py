"""Parameters and clauses told to others: as plain data for programs, in words for people."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lumbung.errors import marked, unchanged
from lumbung.law import writing
from lumbung.law.clauses import Clause
from lumbung.law.old_age import DOCUMENTS
from lumbung.law.parameter import CONFIDENCES, SOURCED, Parameter, Value
from lumbung.law.terms import TERMS

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
            "title": translate(value.source.title),
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
        rows = (row_in_words(key, item, unit, translate) for key, item in content.items())
        return ", ".join(f"{name}: {words}" for name, words in rows)
    if isinstance(content, tuple):
        return ", ".join(in_words(item, unit, translate) for item in content)
    return term("unknown" if content is None else str(content), translate)


def row_in_words(key: object, item: Any, unit: str, translate: Translate = unchanged) -> tuple[str, str]:
    """One row of a table: what its key is called, and what it says."""
    if isinstance(item, Mapping) and "name" in item:
        return item["name"], _disability(item, translate)
    name = writing.number(key, 0, translate) if isinstance(key, int) else term(str(key), translate)
    return name, in_words(item, unit, translate)


def term(code: str, translate: Translate = unchanged) -> str:
    """What a code of the law's tables is called; one that is the law's own in every language stays."""
    return translate(TERMS.get(code) or DOCUMENTS.get(code) or code)


def _disability(row: Mapping[str, Any], translate: Translate) -> str:
    """40 %, or 40 – 70 %, of each so much, with a word of doubt where there is some."""
    ends = (writing.number(row["least"], _PLACES, translate), writing.number(row["most"], _PLACES, translate))
    told = " – ".join(dict.fromkeys(ends)) + " %"
    if "per" in row:
        told = translate(marked("{share} for each {part}")).format(share=told, part=row["per"])
    sure = row["confidence"]
    return told if sure == SOURCED else f"{told} ({translate(CONFIDENCES[sure])})"


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
