"""Makes files as payroll programs and banks write them, and as nobody should."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from lumbung.contributions import returnfile
from lumbung.contributions.returnfile import ReturnFile
from lumbung.law.month import Month

OCTOBER = Month(2025, 10)
HEADING = ("KPJ", "NIK", "Nama", "Tgl Lahir", "Upah", "Rapel", "BLTH")
BUDI = ("01234567890", "3171010101900001", "Budi Santoso", "01-01-1990", "5.000.000", "", "10-2025")
SITI = ("12345678902", "3171014202910002", "Siti Aminah", "02/02/1991", "Rp 6.500.000,00", "250000", "10-2025")
RINA = ("12345678903", "", "Rina Wati", "", "7000000", "", "")
LIST = (HEADING, BUDI, SITI, RINA)

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def csv_of(
    rows: Iterable[Sequence[Any]], separator: str = ",", encoding: str = "utf-8", end: str = "\r\n"
) -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_of(rows: Iterable[Sequence[Any]], **others: Iterable[Sequence[Any]]) -> bytes:
    """Rows as the first sheet of an XLSX file; other sheets by their names, hidden if the name begins with _."""
    book = Workbook()
    first = book.active
    assert first is not None
    for row in rows:
        first.append(row)
    for name, more in others.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("_") else "visible"
        for row in more:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts_of(sheet: str, strings: str = "") -> dict[str, str]:
    """The parts of a minimal workbook around the XML of one sheet's data."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    kind = f"{RELATIONS}/worksheet"
    more = (
        f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    )
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Upah" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="worksheets/sheet1.xml"/>{more}</Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{NAMESPACE}">{sheet}</worksheet>',
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'{head}<sst xmlns="{NAMESPACE}">{strings}</sst>'
    return parts


def zip_of(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def text_cell(place: str, text: str) -> str:
    """The XML of a cell that holds text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_data(extra: str = "", before: str = "") -> str:
    """The XML of a sheet with a heading and a row, and whatever else."""
    heading = text_cell("A1", "KPJ") + text_cell("B1", "Nama") + text_cell("C1", "Upah")
    row = text_cell("A2", "12345678902") + text_cell("B2", "Siti Aminah") + '<c r="C2"><v>5000000</v></c>'
    return f'{before}<sheetData><row r="1">{heading}</row><row r="2">{row}</row>{extra}</sheetData>'


def lying_zip(parts: Mapping[str, bytes], lying: str, size: int) -> bytes:
    """An archive whose directory gives a wrong size (and a fitting checksum) for one part."""
    out = bytearray(zip_of(parts))
    content = parts[lying]
    for signature, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        at = out.find(signature)
        while at >= 0:
            name_at = at + (30 if signature == b"PK\x03\x04" else 46)
            if out[name_at : name_at + len(lying)] == lying.encode():
                out[at + offset : at + offset + 4] = zlib.crc32(content[:size]).to_bytes(4, "little")
                out[at + offset + 8 : at + offset + 12] = size.to_bytes(4, "little")
            at = out.find(signature, at + 4)
    return bytes(out)


def read(content: bytes, month: Month | None = OCTOBER) -> ReturnFile:
    """Read a return and check what holds for each: rows or problems, and nothing personal in what is printed."""
    found = returnfile.read(content, month=month, file_name="upah.xlsx")
    assert found.rows or found.problems
    for problem in found.problems:
        said = problem.say()
        assert said
        assert "{" not in said
    shown = repr(found)
    for row in found.rows:
        assert row.nik is None or row.nik not in shown
        assert row.birth_date is None or str(row.birth_date) not in shown
    return found


def codes(found: ReturnFile) -> list[tuple[int | None, str | None, str]]:
    """Where the problems are and what they are."""
    return [(problem.line, problem.column, problem.code) for problem in found.problems]


def only_code(content: bytes) -> str:
    """The code of the one problem of a file that can't be read at all."""
    found = read(content)
    assert found.rows == []
    assert len(found.problems) == 1, codes(found)
    assert found.problems[0].line is None or found.problems[0].code in (
        "open_quote",
        "cell_too_long",
        "line_too_long",
        "too_many_columns",
    )
    return found.problems[0].code


def wages(found: ReturnFile) -> list[tuple[int, str | None, int, int]]:
    """What was read of each row."""
    assert found.problems == [], codes(found)
    return [(row.line, row.member_number, row.wage, row.back_pay) for row in found.rows]


EXPECTED = [
    ("01234567890", "3171010101900001", "Budi Santoso", date(1990, 1, 1), 5_000_000, 0),
    ("12345678902", "3171014202910002", "Siti Aminah", date(1991, 2, 2), 6_500_000, 250_000),
    ("12345678903", None, "Rina Wati", None, 7_000_000, 0),
]


def contents(found: ReturnFile) -> list[tuple[Any, ...]]:
    """All that was read, without the lines."""
    assert found.problems == [], codes(found)
    return [(row.member_number, row.nik, row.name, row.birth_date, row.wage, row.back_pay) for row in found.rows]
