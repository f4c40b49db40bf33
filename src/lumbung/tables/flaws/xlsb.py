"""Flaws of an XLSB sheet: cells that hold an error. (Only Excel writes XLSB, and it calculates.)"""

import zipfile
from collections.abc import Iterator
from io import BufferedReader, BytesIO, RawIOBase
from typing import IO, cast

from lumbung.tables.flaws.found import ERROR, Found
from lumbung.tables.flaws.xlsx import part_of

# MS-XLSB 2.3: the records that matter here.
_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_KEPT = 1_000  # bytes of a record that are looked at: a sheet's relation id and name are shorter
_CHUNK = 1 << 16


def look_through(content: bytes, sheet: str, found: Found) -> None:
    """Add the flaws of the sheet of this name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
        with archive.open(parts["xl/workbook.bin"]) as book:
            known = next(_relation(body, sheet) for kind, body in _records(book) if _names(kind, body, sheet))
        part = part_of(archive.read(parts["xl/_rels/workbook.bin.rels"]), known)
        with archive.open(parts[part]) as stream:
            line = 0
            for kind, body in _records(stream):
                if kind == _ROW:
                    line = int.from_bytes(body[:4], "little") + 1
                elif kind in (_CELL_ERROR, _FORMULA_ERROR):
                    found.add(line, int.from_bytes(body[:4], "little"), ERROR)


def _records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The records of a part: each its kind and the beginning of its body. Raises EOFError in the midst of one."""
    reader = BufferedReader(cast(RawIOBase, stream), _CHUNK)
    while first := reader.read(1):
        kind = first[0]
        if kind & 0x80:
            kind = (kind & 0x7F) | (_byte(reader) & 0x7F) << 7
        size = shift = 0
        more = 0x80
        while more & 0x80 and shift < 28:
            more = _byte(reader)
            size |= (more & 0x7F) << shift
            shift += 7
        body = reader.read(min(size, _KEPT))
        left = size - len(body)
        while left:
            skipped = len(reader.read(min(left, _CHUNK)))
            if not skipped:
                raise EOFError
            left -= skipped
        yield kind, body


def _byte(reader: IO[bytes]) -> int:
    one = reader.read(1)
    if not one:
        raise EOFError
    return one[0]


def _names(kind: int, body: bytes, sheet: str) -> bool:
    """Whether a record declares the sheet of this name."""
    return kind == _SHEET and _texts(body)[1] == sheet


def _relation(body: bytes, sheet: str) -> str:
    """The relation's id in a record that declares a sheet."""
    return _texts(body)[0]


def _texts(body: bytes) -> list[str]:
    """The two texts of a sheet's declaration: its relation's id and its name."""
    at, texts = 8, []
    for _ in range(2):
        end = at + 4 + 2 * int.from_bytes(body[at : at + 4], "little")
        texts.append(body[at + 4 : end].decode("utf-16-le"))
        at = end
    return texts
