"""Flaws of an XLSX sheet: cells of the kind *error*, formulas without a value, noughts never calculated."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO
from xml.etree import ElementTree  # in a process that may fall

from lumbung.tables.flaws.found import ERROR, UNCALCULATED, Found, Unplaced

# A formula whose text is the empty text was calculated (t="str", <v></v>).
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(\s[^<>]*[^<>/]|)>(.*?)</(?:[\w.-]+:)?c\s*>", re.DOTALL)
_IS_ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_IS_TEXT = re.compile(rb"\st\s*=\s*[\"']str[\"']")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?(?<!/)>[^<]|<(?:[\w.-]+:)?is[\s>]")
_VALUE_OR_NONE = re.compile(rb"<(?:[\w.-]+:)?v[\s/>]")
_NOUGHT = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>\s*0(?:\.0*)?\s*</")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_PIECE = 1 << 20
_LONGEST_ROW = 50_000_000  # bytes
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


def look_through(content: bytes, sheet: str, found: Found) -> None:
    """Add the flaws of the sheet of this name. Raises Unplaced for one that doesn't say its place."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        book = ElementTree.fromstring(archive.read(parts["xl/workbook.xml"]))  # noqa: S314
        relations = archive.read(parts["xl/_rels/workbook.xml.rels"])
        known = next(
            value
            for element in book.iter()
            if _bare(element.tag) == "sheet" and element.get("name") == sheet
            for name, value in element.items()
            if name.endswith("}id")
        )
        never_calculated = any(
            _bare(element.tag) == "calcPr" and element.get("fullCalcOnLoad") in ("1", "true")
            for element in book.iter()
        )
        with archive.open(parts[part_of(relations, known)]) as stream:
            for piece in _pieces(stream):
                if any(sign in piece for sign in (b"<f", b":f", b'"e"', b"'e'")):
                    _look_through(piece, found, never_calculated=never_calculated)


def _bare(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def part_of(relations: bytes, known: str) -> str:
    """The name, in small letters, of the part that the workbook's relations know by this id."""
    each = ElementTree.fromstring(relations)  # noqa: S314
    target = next(one.get("Target", "") for one in each if one.get("Id") == known).replace("\\", "/").lower()
    return target.lstrip("/") if target.startswith(("/", "xl/")) else posixpath.normpath(f"xl/{target}")


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A part piece by piece, cut only behind the end of a row.

    Raises ValueError for two bytes a letter, and for a row without end.
    """
    rest = b""
    first = True
    while more := stream.read(_PIECE):
        if first and more.startswith(_WIDE):
            raise ValueError
        first = False
        rest += more
        if len(rest) > _LONGEST_ROW:
            raise ValueError
        cut = rest.rfind(b"row>") + 4
        if cut > 3:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _look_through(piece: bytes, found: Found, *, never_calculated: bool) -> None:
    """Add the flaws in a piece of a sheet."""
    for start, inside in _CELL.findall(piece):
        if not (flaw := _flaw(start, inside, never_calculated=never_calculated)):
            continue
        place = _PLACE.search(start)
        if place is None:
            raise Unplaced
        column = 0
        for letter in place[1].upper():
            column = column * 26 + letter - 64
        found.add(int(place[2]), column - 1, flaw)


def _flaw(start: bytes, inside: bytes, *, never_calculated: bool) -> str | None:
    """Why a cell has no value, by its attributes and what is inside it; None if it has one or is blank.

    Writers that don't calculate leave the value out or write 0, and ask the spreadsheet to calculate on loading.
    """
    if _IS_ERROR.search(start):
        return ERROR
    if b"f" not in inside or not _FORMULA.search(inside):
        return None
    if _VALUE.search(inside):
        return UNCALCULATED if never_calculated and _NOUGHT.search(inside) else None
    return None if _IS_TEXT.search(start) and _VALUE_OR_NONE.search(inside) else UNCALCULATED
