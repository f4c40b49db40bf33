"""Writes XLSB files (MS-XLSB) and compound files (MS-CFB), as far as tests need them."""

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from xlwt.CompoundDoc import XlsDoc

from ..making import PACKAGE, RELATIONS, zip_of


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of XLSB: kind and size in groups of seven bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(body), b""
    while True:
        size, group = size >> 7, size & 0x7F
        sizes += bytes([group | (0x80 if size else 0)])
        if not size:
            return head + sizes + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column: int, value: Any) -> bytes:
    place = struct.pack("<II", column, 0)
    if value is None:
        return record(1, place)
    if isinstance(value, str):
        return record(6, place + _text(value))
    return record(5, place + struct.pack("<d", value))


def xlsb_of(
    rows: Sequence[Sequence[Any]], errors: Mapping[tuple[int, int], int] | None = None, tail: bytes = b""
) -> bytes:
    """Rows as an XLSB file; `errors` puts records of an error's kind at (row, column), both from 0.

    `tail` stands instead of the end of the sheet.
    """
    wrong = errors or {}
    sheet = bytearray(record(129) + record(148, bytes(16)) + record(145))
    for line, row in enumerate(rows):
        sheet += record(0, struct.pack("<III", line, 0, 0) + bytes(13))
        for column, value in enumerate(row):
            if kind := wrong.get((line, column)):
                more = struct.pack("<HI", 0, 0) + bytes(4) if kind == 11 else b""
                sheet += record(kind, struct.pack("<IIB", column, 0, 0x2A) + more)
            else:
                sheet += _cell(column, value)
    sheet += tail or record(146) + record(130)
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text("Upah")
    book = record(131) + record(143) + record(156, bundle) + record(144) + record(132)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return zip_of(
        {
            "[Content_Types].xml": f'{head}<Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
            f' Type="{RELATIONS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship'
            f' Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": bytes(sheet),
        }
    )


def compound_of(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file that holds one stream."""
    out = io.BytesIO()
    XlsDoc().save(out, stream)
    made, old = out.getvalue(), "Workbook".encode("utf-16-le") + bytes(48)
    new = name.encode("utf-16-le")
    at = made.index(old)
    return made[:at] + new.ljust(64, b"\x00") + struct.pack("<H", len(new) + 2) + made[at + 66 :]
