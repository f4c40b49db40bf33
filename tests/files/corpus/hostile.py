"""Files that are broken, foreign or meant to harm, each with the plain answer that it gets."""
# ruff: noqa: E501 (one file a line)

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Sequence

from ..making import LIST, csv_of, lying_zip, parts_of, sheet_data, text_cell, xlsx_of, zip_of
from .binary import compound_of, xlsb_of
from .example import Example, Member, Place, people, wages
from .opendocument import KIND, cell, formula, ods_around, ods_of, words
from .shapes import ODS_LIST, RINA_ROW, XLSB_ROWS, old_excel

MEGABYTE = 1_000_000
GOOD = parts_of(sheet_data())
SITI = wages((2, "12345678902", "Siti Aminah", 5_000_000))
CSV = csv_of(LIST, ";")


def bad(
    name: str,
    content: bytes | str | Callable[[], bytes],
    *problems: str | Place,
    members: Sequence[Member] = (),
    kind: str = "",
    bulky: bool = False,
) -> Example:
    """A file whose problems are these codes (of the file as a whole) and places."""
    made = content.encode() if isinstance(content, str) else content
    places = tuple((None, None, each) if isinstance(each, str) else each for each in problems)
    make = made if callable(made) else lambda: made
    return Example(name, make, tuple(members), places, kind, bulky)


def xlsx(**changed: str | bytes) -> Callable[[], bytes]:
    """The good little workbook with some parts given anew: sheet, book, relations, strings."""
    names = {
        "sheet": "xl/worksheets/sheet1.xml",
        "book": "xl/workbook.xml",
        "relations": "xl/_rels/workbook.xml.rels",
        "strings": "xl/sharedStrings.xml",
    }
    return lambda: zip_of({**GOOD, **{names[name]: part for name, part in changed.items()}})


def sheet(extra: str = "", before: str = "") -> Callable[[], bytes]:
    """The good little workbook with more in its sheet."""
    return lambda: zip_of(parts_of(sheet_data(extra, before)))


def third_row(*cells: str) -> Callable[[], bytes]:
    return sheet(f'<row r="3">{"".join(cells)}</row>')


def declared(entities: str, part: str) -> str:
    """A part with a document type before its root."""
    head, _, rest = part.partition("?>")
    return f"{head}?><!DOCTYPE x [{entities}]>{rest}"


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)
OUTSIDE = '<!ENTITY a SYSTEM "file:///etc/passwd">'
BAD_SHEET = parts_of(sheet_data(f'<row r="3">{text_cell("A3", "&a;")}</row>'))["xl/worksheets/sheet1.xml"]

TEXT = [
    bad("empty.csv", b"", "empty_file"),
    bad("blank.csv", b" \r\n\t\r\n", "empty_file"),
    bad("noughts.csv", bytes(5_000), "empty_file"),
    bad("only-a-mark.csv", b"\xef\xbb\xbf", "no_heading"),
    bad("letter.csv", "Kepada Yth. BPJS,\nbersama ini kami kirim daftar upah.\n", "no_heading"),
    bad("json.csv", '[{"KPJ": "12345678901", "Nama": "Budi", "Upah": 5000000}]', "no_heading"),
    bad("heading-too-low.csv", b"\n" * 10 + CSV, "no_heading"),
    bad("heading-alone.csv", CSV.partition(b"\r\n")[0], "no_rows", kind="csv"),
    bad("no-wage.csv", "KPJ;Nama\n12345678901;Budi\n", (1, None, "missing_column"), kind="csv"),
    bad("two-wages.csv", "KPJ;Nama;Upah;Gaji\n12345678901;Budi;1;2\n", (1, "Gaji", "duplicate_column"), members=wages((2, "12345678901", "Budi", 1)), kind="csv"),
    bad("noise.csv", bytes(range(256)) * 40, "not_text"),
    bad("half-a-letter.csv", csv_of(LIST, "\t", "utf-16-le") + b"\x00", "not_text"),
    bad("half-a-letter-marked.csv", csv_of(LIST, "\t", "utf-16")[:-1], "not_text"),
    bad("half-a-pair.csv", CSV.decode().encode("utf-16-le") + b"\x00\xd8" * 2, "not_text"),
    bad("mark-that-lies.csv", b"\xef\xbb\xbf" + CSV + b"\xff\xff", "not_text"),
    bad("two-encodings.csv", b"KPJ;Nama;Upah\n12345678901;Jos\xe9;1\n12345678902;Jos\xc3\xa9;1\n", (3, None, "mixed_encodings")),
    bad("two-files-joined.csv", CSV + csv_of(LIST, ";", "utf-16"), "not_text"),
    bad("lost-letter.csv", "KPJ;Nama;Upah\n12345678901;Jos\ufffd;1\n", (2, "Nama", "sign_lost"), kind="csv"),
    bad("no-letter-of-windows.csv", b"KPJ;Nama;Upah\n12345678901;Jos\x81;1\n12345678902;Jos\xe9;1\n", (2, "Nama", "sign_lost"), members=wages((3, "12345678902", "José", 1)), kind="csv"),
    bad("nul-in-a-number.csv", b"KPJ;Nama;Upah\n12345678901;Budi;5\x00000\n", (2, "Upah", "sign_lost"), kind="csv"),
    bad("nuls-at-the-end.csv", CSV + bytes(10), (5, "KPJ", "sign_lost"), (5, "Nama", "name_missing"), (5, "Upah", "wage_missing"), members=people(2, 3, 4), kind="csv"),
    bad("unseen-signs.csv", "KPJ;Nama;Upah\n123456\u200b78901;Budi;1\n12345678902;\u202eidu\u200bB;1\n", (2, "KPJ", "not_a_member_number"), members=wages((3, "12345678902", "iduB", 1)), kind="csv"),
    bad("digits-of-arabia.csv", "KPJ;Nama;Upah\n١٢٣٤٥٦٧٨٩٠١;Budi;٥٠٠\n", (2, "KPJ", "not_a_member_number"), (2, "Upah", "not_an_amount"), kind="csv"),
    bad("quote-left-open.csv", b'KPJ;Nama;Upah\n"12345678901;Budi;1\n' + b"12345678902;Siti;1\n" * 200, (2, None, "open_quote"), kind="csv"),
    bad("one-line-of-10-mb.csv", lambda: b"x" * 10 * MEGABYTE, (1, None, "line_too_long"), bulky=True),
    bad("a-million-columns.csv", lambda: b"KPJ,Nama,Upah" + b"," * MEGABYTE, (1, None, "line_too_long"), bulky=True),
    bad("a-thousand-columns.csv", b"KPJ,Nama,Upah" + b"," * 1_000, (1, None, "too_many_columns")),
    bad("a-wide-row.csv", b"KPJ,Nama,Upah\n12345678901,Budi,1\n" + b"," * 1_000, (3, None, "too_many_columns"), kind="csv"),
    bad("a-huge-cell.csv", b"KPJ,Nama,Upah\n12345678901," + b"x" * 200_000 + b",1\n", (2, None, "cell_too_long"), kind="csv"),
    bad("a-long-cell.csv", b"KPJ,Nama,Upah\n12345678901," + b"x" * 2_000 + b",1\n", (2, "Nama", "cell_too_long"), kind="csv"),
    bad("two-million-lines.csv", lambda: b"KPJ,Nama,Upah\n" + b"\n" * 2 * MEGABYTE, "too_many_lines", kind="csv", bulky=True),
]  # fmt: skip

FOREIGN = [
    bad(name, content, "not_a_table")
    for name, content in (
        ("portable-document.xlsx", b"%PDF-1.7\n1 0 obj"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("photograph.xls", b"\xff\xd8\xff\xe0" + bytes(50)),
        ("program.csv", b"MZ\x90\x00" + bytes(50)),
        ("program-of-linux.xlsx", b"\x7fELF" + bytes(50)),
        ("packed.csv", gzip.compress(CSV)),
        ("web-page.xls", b"<html><body><table><tr><td>KPJ</td></tr></table></body></html>"),
        ("spreadsheet-of-2003.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'),
        ("rich-text.xls", b"{\\rtf1 KPJ}"),
        ("archive.xlsx", zip_of({"upah.csv": CSV})),
        ("archive-in-an-archive.xlsx", zip_of({"upah.xlsx": xlsx_of(LIST)})),
        ("letter.xlsx", zip_of({"[Content_Types].xml": "", "word/document.xml": ""})),
        ("text-document.ods", zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})),
    )
]  # fmt: skip


def overlapping() -> bytes:
    """A directory in which a thousand parts are the same packed bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in GOOD.items():
            archive.writestr(name, part)
        archive.writestr("xl/media/1", bytes(900_000))
        entry = archive.filelist[-1]
        for number in range(2, 1_000):
            same = zipfile.ZipInfo(f"xl/media/{number}")
            for field in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(same, field, getattr(entry, field))
            archive.filelist.append(same)
            archive.NameToInfo[same.filename] = same
        archive._didModify = True  # type: ignore[attr-defined]
    return out.getvalue()


def in_bytes(parts: dict[str, str]) -> dict[str, bytes]:
    return {name: part.encode() for name, part in parts.items()}


def locked() -> bytes:
    """An archive whose directory says that a part is encrypted."""
    made = bytearray(zip_of(GOOD))
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


ARCHIVES = [
    bad("cut-in-half.xlsx", lambda: xlsx_of(LIST)[:2_000], "damaged"),
    bad("nothing-but-a-name.xlsx", b"PK\x03\x04" + bytes(100), "damaged"),
    bad("empty-archive.xlsx", b"PK\x05\x06" + bytes(18), "damaged"),
    bad("bomb-of-density.xlsx", lambda: zip_of({**GOOD, "xl/styles.xml": bytes(20 * MEGABYTE)}), "unpacks_too_large", bulky=True),
    bad("bomb-of-parts.xlsx", lambda: zip_of({**GOOD, **{f"xl/{number}": b"" for number in range(2_100)}}), "unpacks_too_large", bulky=True),
    bad("bomb-that-lies.xlsx", lambda: lying_zip({**in_bytes(GOOD), "xl/sharedStrings.xml": b" " * MEGABYTE}, "xl/sharedStrings.xml", 100), "unpacks_too_large"),
    bad("bomb-of-overlaps.xlsx", overlapping, "unpacks_too_large", bulky=True),
    bad("promise-not-kept.xlsx", lambda: lying_zip(in_bytes(GOOD), "xl/workbook.xml", 5_000), "damaged"),
    bad("locked-parts.xlsx", locked, "password"),
    bad("parts-outside.xlsx", lambda: zip_of({**GOOD, "../../etc/passwd": "x", "/etc/passwd": "x"}), members=SITI, kind="xlsx"),
    bad("behind-other-bytes.xlsx", lambda: b"#!/bin/sh\n" + zip_of(GOOD), "not_text"),
    bad("before-other-bytes.xlsx", lambda: zip_of(GOOD) + b"\x00" * 100, members=SITI, kind="xlsx"),
]  # fmt: skip

XML = [
    bad("no-book.xlsx", lambda: zip_of({name: part for name, part in GOOD.items() if "workbook.xml" not in name}), "damaged"),
    bad("no-sheet.xlsx", lambda: zip_of({name: part for name, part in GOOD.items() if "sheet1" not in name}), "damaged"),
    bad("no-cells.xlsx", lambda: zip_of(parts_of("")), "empty_file"),
    bad("sheet-cut-off.xlsx", xlsx(sheet=GOOD["xl/worksheets/sheet1.xml"][:-60]), "damaged"),
    bad("sheet-outside.xlsx", xlsx(relations=GOOD["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", "../../../../etc/passwd")), "damaged"),
    bad("sheet-elsewhere.xlsx", xlsx(relations=GOOD["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", "http://localhost/upah.xml")), "damaged"),
    bad("laughs-in-the-sheet.xlsx", xlsx(sheet=declared(LAUGHS.replace("<!ENTITY a ", "<!ENTITY z ").replace("&a;", "&z;"), BAD_SHEET).replace("&a;", "&k;")), "damaged"),
    bad("laughs-in-the-book.xlsx", xlsx(book=declared(LAUGHS, GOOD["xl/workbook.xml"].replace("Upah", "&k;"))), "damaged"),
    bad("laughs-in-the-strings.xlsx", lambda: zip_of(parts_of(sheet_data('<row r="3"><c r="A3" t="s"><v>0</v></c></row>'), "<si><t>&k;</t></si>") | {"xl/sharedStrings.xml": declared(LAUGHS, parts_of("", "<si><t>&k;</t></si>")["xl/sharedStrings.xml"])}), "damaged"),
    bad("a-file-of-ours-in-the-sheet.xlsx", xlsx(sheet=declared(OUTSIDE, BAD_SHEET)), "damaged"),
    bad("a-file-of-ours-in-the-book.xlsx", xlsx(book=declared(OUTSIDE, GOOD["xl/workbook.xml"].replace("Upah", "&a;"))), "damaged"),
    bad("deep-sheet.xlsx", xlsx(sheet=GOOD["xl/worksheets/sheet1.xml"].replace("<sheetData>", "<a>" * 100_000 + "<sheetData>")), members=SITI, kind="xlsx"),
    bad("deep-book.xlsx", xlsx(book=GOOD["xl/workbook.xml"].replace("<sheets>", "<a>" * 100_000 + "</a>" * 100_000 + "<sheets>")), members=SITI, kind="xlsx"),
    bad("two-bytes-a-letter.xlsx", xlsx(sheet=GOOD["xl/worksheets/sheet1.xml"].replace("UTF-8", "UTF-16").encode("utf-16")), "empty_file"),
    bad("sixty-sheets.xlsx", lambda: xlsx_of([("x",)], **{f"S{number}": [("x",)] for number in range(60)}, list=LIST), "no_heading", bulky=True),
    bad("size-that-lies.xlsx", sheet(before='<dimension ref="A1:XFD1048576"/>'), members=SITI, kind="xlsx"),
    bad("far-corners.xlsx", third_row(text_cell("XFD1048576", "x")), "too_hard_to_read", bulky=True),
    bad("far-right.xlsx", third_row(text_cell("XFD3", "x")), "too_many_columns", kind="xlsx"),
    bad("a-million-columns.xlsx", third_row(text_cell("BDWGN3", "x")), "too_many_columns", kind="xlsx"),
    bad("far-below.xlsx", sheet(f'<row r="90000">{text_cell("B90000", "Budi")}</row>'), (90_000, "KPJ", "number_missing"), (90_000, "Upah", "wage_missing"), members=SITI, kind="xlsx"),
    bad("below-all.xlsx", sheet(f'<row r="4000000000">{text_cell("B4000000000", "Budi")}</row>'), "too_hard_to_read"),
    bad("place-of-no-sheet.xlsx", third_row(text_cell("A0", "x")), "damaged"),
    bad("text-of-no-number.xlsx", third_row('<c r="A3" t="s"><v>7</v></c>'), "damaged"),
    bad("numbers-of-no-size.xlsx", third_row('<c r="A3"><v>1e308</v></c>', '<c r="B3"><v>NaN</v></c>', '<c r="C3"><v>-INF</v></c>'), (3, "KPJ", "digits_lost"), (3, "Nama", "not_a_name"), (3, "Upah", "not_an_amount"), members=SITI, kind="xlsx"),
    bad("day-of-no-calendar.xlsx", lambda: xlsx_of([("KPJ", "Nama", "Tgl Lahir", "Upah"), ("12345678901", "Budi", 2958466.0, 1)]), (2, "Tgl Lahir", "not_a_date"), kind="xlsx"),
    bad("style-of-no-number.xlsx", third_row('<c r="C3" s="999"><v>1</v></c>'), (3, "KPJ", "number_missing"), (3, "Nama", "name_missing"), members=SITI, kind="xlsx"),
    bad("a-huge-cell.xlsx", third_row(text_cell("A3", "12345678903"), text_cell("B3", "x" * 900_000), '<c r="C3"><v>1</v></c>'), (3, "Nama", "cell_too_long"), members=SITI, kind="xlsx", bulky=True),
    bad("formulas-as-text.xlsx", lambda: xlsx_of([("KPJ", "Nama", "Upah"), *[(f"1234567890{line}", f"{sign}Budi", 1) for line, sign in enumerate("+-@")]]), *[(line, "Nama", "formula") for line in (2, 3, 4)], kind="xlsx"),
    bad("nul-as-a-code.xlsx", third_row(text_cell("A3", "12345678903"), text_cell("B3", "Bu_x0000_di"), '<c r="C3"><v>1</v></c>'), (3, "Nama", "sign_lost"), members=SITI, kind="xlsx"),
    bad("flaw-of-no-place.xlsx", third_row('<c t="e"><v>#N/A</v></c>'), "cell_error", kind="xlsx"),
]  # fmt: skip


def biff(*records: tuple[int, bytes]) -> bytes:
    """The stream of an XLS workbook."""
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records).ljust(4_096, b"\x00")


BOF = bytes.fromhex("00060500bb0dcc070000000006000000")
TABLE_AT = 76  # where a compound file's header names the pieces of its table


def patched(content: bytes, at: int, new: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def old() -> bytes:
    return old_excel(lambda sheet: None)


def biting_its_tail() -> bytes:
    """The chain of the workbook's sectors goes round in a circle."""
    made = old()
    table = 512 + 512 * int.from_bytes(made[TABLE_AT : TABLE_AT + 4], "little")
    return patched(made, table + 4 * 3, struct.pack("<I", 1))


COMPOUND = [
    bad("password.xlsx", lambda: compound_of(b"x" * 5_000, "EncryptedPackage"), "password"),
    bad("password.xls", lambda: compound_of(biff((0x809, BOF), (0x2F, bytes(6)), (0x0A, b""))), "password"),
    bad("password-of-2002.xls", lambda: compound_of(biff((0x809, BOF), (0x86, b""), (0x2F, b"\x01" + bytes(53)), (0x0A, b""))), "password"),
    bad("letter.xls", lambda: compound_of(b"x" * 5_000, "WordDocument"), "damaged"),
    bad("cut-in-half.xls", lambda: old()[:3_000], "damaged"),
    bad("header-alone.xls", lambda: old()[:512], "damaged"),
    bad("noughts.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000), "damaged"),
    bad("biting-its-tail.xls", biting_its_tail, "damaged"),
    bad("table-far-away.xls", lambda: patched(old(), TABLE_AT, b"\x00\xff\xff\x7f"), "damaged"),
    bad("sectors-too-large.xls", lambda: patched(old(), 30, b"\x1f\x00"), "damaged"),
    bad("sheet-far-away.xls", lambda: compound_of(biff((0x809, BOF), (0x85, struct.pack("<IHBB", 1 << 31, 0, 4, 0) + b"Upah"), (0x0A, b""))), "damaged"),
    bad("no-sheets.xls", lambda: compound_of(biff((0x809, BOF), (0x0A, b""))), "empty_file"),
    bad("records-cut-off.xls", lambda: compound_of(biff((0x809, BOF)) [:4_090] + struct.pack("<HHH", 6, 60_000, 0)), "damaged"),
]  # fmt: skip

BINARY = [
    bad("record-too-long.xlsb", lambda: xlsb_of(XLSB_ROWS, tail=b"\x05\xff\xff\xff\x7f" + bytes(100)), "damaged"),
    bad("record-without-end.xlsb", lambda: xlsb_of(XLSB_ROWS, tail=b"\x05\xff"), "damaged"),
    bad("cut-in-half.xlsb", lambda: xlsb_of(XLSB_ROWS)[:900], "damaged"),
]  # fmt: skip


def repeated(rows: int, columns: int, inside: str) -> Callable[[], bytes]:
    """A list, and below it one row and cell so many times."""
    many = cell(f'table:number-columns-repeated="{columns}" office:value-type="string"', inside)
    return lambda: ods_of([*ODS_LIST, [many]], repeated={4: rows})


# Three problems a row, up to the most that are listed; the rest is counted.
MANY = [(line, *what) for line in range(5, 4_000) for what in (("KPJ", "not_a_member_number"), ("Nama", "name_missing"), ("Upah", "wage_missing"))]  # fmt: skip
WITHOUT_END = [*MANY[:10_000], (250_002, None, "too_many_rows"), (None, None, "more_problems")]
ENCRYPTED = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
    ' manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
)

ODS = [
    bad("password.ods", lambda: ods_of(ODS_LIST, ENCRYPTED), "password"),
    bad("rows-without-end.ods", repeated(1_000_000, 1, "x"), *WITHOUT_END, members=people(2, 3, 4), kind="ods", bulky=True),
    bad("cells-without-end.ods", repeated(1_000_000, 16_384, "x"), "damaged", bulky=True),
    bad("columns-without-end.ods", repeated(1, 1_000_000, "x"), "too_many_columns", kind="ods", bulky=True),
    bad("blank-rows-without-end.ods", lambda: ods_of([*ODS_LIST, []], repeated={4: 1_000_000}), members=people(2, 3, 4), kind="ods"),
    bad("rows-of-a-trillion.ods", repeated(10**12, 150, "x"), "damaged"),
    bad("rows-less-than-none.ods", repeated(-1, 1, "x"), "damaged"),
    bad("flaws-without-end.ods", lambda: ods_of([*ODS_LIST, [*RINA_ROW, formula("1")]], repeated={4: 1_000_000}), "cell_error", kind="ods", bulky=True),
    bad("laughs.ods", lambda: ods_around("<office:body><office:spreadsheet><table:table table:name='Upah'><table:table-row><table:table-cell office:value-type='string'><text:p>&k;</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>", before=f"<!DOCTYPE x [{LAUGHS}]>"), "damaged"),
    bad("a-file-of-ours.ods", lambda: ods_around("<office:body><office:spreadsheet><table:table table:name='Upah'><table:table-row><table:table-cell office:value-type='string'><text:p>&a;</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>", before=f"<!DOCTYPE x [{OUTSIDE}]>"), "damaged"),
    bad("tables-in-tables.ods", lambda: ods_of([*ODS_LIST, [cell(more="<table:table><table:table-row><table:table-cell>" * 2_000 + "</table:table-cell></table:table-row></table:table>" * 2_000)]]), members=people(2, 3, 4), kind="ods"),
    bad("cut-off.ods", lambda: ods_around("<office:body><office:spreadsheet>")[:300], "damaged"),
    # calamine 0.9 goes round for ever at the end of a table that is not closed.
    bad("table-cut-off.ods", lambda: ods_around("<office:body><office:spreadsheet><table:table table:name='Upah'>" + "<table:table-row><table:table-cell/></table:table-row>" * 5 + "<!--").replace(b"</office:document-content>", b""), "damaged"),
    bad("table-not-closed.ods", lambda: ods_around("<office:body><office:spreadsheet><table:table table:name='Upah'><table:table-row><table:table-cell/></table:table-row></office:spreadsheet></office:body>"), "damaged"),
    bad("note-not-closed.ods", lambda: ods_of([*ODS_LIST, [cell('office:value-type="string"', "x", more="<office:annotation>")]]), "damaged"),
    bad("no-content.ods", lambda: zip_of({"mimetype": KIND}), "not_a_table"),
    bad("note-with-an-error.ods", lambda: ods_of([*ODS_LIST, [words("12345678904"), "", words("Dewi"), "", cell('table:formula="of:=1+1" office:value-type="float" office:value="2"', "2", more="<office:annotation><text:p>#N/A</text:p></office:annotation>")]]), members=(*people(2, 3, 4), *wages((5, "12345678904", "Dewi", 2))), kind="ods"),
]  # fmt: skip

HEADER = b"payment_code,amount,received_on,bank_reference\n"
BANK_FILES = (
    HEADER + b"250000000001,1000,2025-11-02,BCA-1\n250000000002,2500000,2025-11-03,BCA-2\n",
    b"\xef\xbb\xbf" + HEADER.replace(b"\n", b"\r\n") + b'"250000000001","1000","2025-11-02","BCA, 1"\r\n',
)
HOSTILE = (*TEXT, *FOREIGN, *ARCHIVES, *XML, *COMPOUND, *BINARY, *ODS)
