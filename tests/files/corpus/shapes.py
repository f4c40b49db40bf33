"""Workbooks as spreadsheets, payroll programs and reporting libraries write them."""
# ruff: noqa: E501 (one file a line)

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import xlwt
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from ..making import parts_of, sheet_data, xlsx_of, zip_of
from .binary import xlsb_of
from .example import Example, Member, Place, people, wages
from .opendocument import formula, number, ods_of, row_of, words

HEADING = ("KPJ", "NIK", "Nama", "Tgl Lahir", "Upah", "Rapel", "BLTH")
TYPED: tuple[tuple[Any, ...], ...] = (
    ("01234567890", "3171010101900001", "Budi Santoso", date(1990, 1, 1), 5_000_000, None, date(2025, 10, 1)),
    ("12345678902", "3171014202910002", "Siti Aminah", datetime(1991, 2, 2), 6_500_000.0, 250_000, 102025),  # noqa: DTZ001
    (12345678903, None, "Rina Wati", None, 7_000_000, None, None),
)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(rows: Sequence[Sequence[Any]]) -> Worksheet:
    """The first sheet of a new workbook."""
    sheet = Workbook().active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return sheet


def decorated() -> bytes:
    """Everything that a careful officer does to a list in Excel; the formulas are in columns of her own."""
    sheet = sheet_of([("DAFTAR UPAH PT PADI MAKMUR",), ("Bulan Oktober 2025",), (), ("No", *HEADING)])
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A2:H2")
    for number_, row in enumerate(TYPED, 1):
        sheet.append((number_, *row))
    sheet.append(("", "", "", "TOTAL", "", "=SUM(F5:F7)", "=SUM(G5:G7)"))
    sheet.merge_cells("A8:C8")
    sheet["J4"], sheet["J5"] = "Selisih", "=F5-1"
    thin = Side(style="thin")
    for cell in sheet[4]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFFF00")
        cell.border, cell.alignment = Border(thin, thin, thin, thin), Alignment("center", wrap_text=True)
    for line in range(5, 9):
        sheet[f"F{line}"].number_format = '_-"Rp"* #,##0.00_-;-"Rp"* #,##0.00_-;_-"Rp"* "-"??_-;_-@_-'
        sheet[f"E{line}"].number_format = "dd/mm/yyyy"
    sheet["H5"].number_format = "mmm-yy"
    sheet["D5"].comment = Comment("masuk 2020", "HRD")
    sheet["D6"].hyperlink = "https://example.org/"
    sheet["D6"].value = "Siti Aminah"
    sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows = "D5", "A4:H7", "4:4"
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[6].hidden = True
    sheet.protection.sheet = True
    book = sheet.parent
    assert isinstance(book, Workbook)
    old = book.create_sheet("Bulan lalu", 0)
    old.append(HEADING)
    old.append(("99999999999", "", "Lama", "", 1, "", ""))
    old.sheet_state = "hidden"
    very = book.create_sheet("Rahasia", 1)
    very.append(HEADING)
    very.sheet_state = "veryHidden"
    book.create_chartsheet("Grafik", 0)
    return saved(book)


def heading_of_merged_cells() -> bytes:
    sheet = sheet_of(
        [
            ("No", "Nomor", None, "Nama", "Tanggal Lahir", "Penghasilan", None, "BLTH"),
            (None, "KPJ", "NIK", None, None, "Upah Pokok + Tunjangan Tetap", "Rapel", None),
            *[(line, *row) for line, row in enumerate(TYPED, 1)],
        ]
    )
    for place in ("A1:A2", "B1:C1", "D1:D2", "E1:E2", "F1:G1", "H1:H2"):
        sheet.merge_cells(place)
    assert isinstance(sheet.parent, Workbook)
    return saved(sheet.parent)


def table_of_excel() -> bytes:
    sheet = sheet_of([HEADING, *TYPED])
    sheet.add_table(Table(displayName="Upah", ref="A1:G4"))
    assert isinstance(sheet.parent, Workbook)
    return saved(sheet.parent)


def days_since_1904() -> bytes:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in (HEADING, *TYPED):
        sheet.append(row)
    return saved(book)


def text_of_many_letters() -> bytes:
    """Text in pieces of different fonts, which Excel keeps as runs."""
    name = CellRichText("Budi ", TextBlock(InlineFont(b=True), "Santoso"))
    return xlsx_of([("KPJ", "Nama", "Upah"), ("12345678901", name, 1)])


SHARED = "".join(
    f"<si>{text}</si>"
    for text in (
        "<t>KPJ</t>",
        "<r><t>Na</t></r><r><rPr><b/></rPr><t>ma</t></r>",
        "<t>Upah</t>",
        "<t>12345678901</t>",
        '<t xml:space="preserve">  Budi &amp; Co  </t>',
        "<t>漢</t><rPh sb='0' eb='1'><t>かん</t></rPh>",
        "<t>Bu_x000D_di</t>",
    )
)


def as_reports_write(wage: str, *, calculate: bool, name: int = 4) -> bytes:
    """As XlsxWriter and its like write: shared strings, and 0 for each formula, to be calculated on loading."""
    cells = "".join(f'<c r="{letter}1" t="s"><v>{index}</v></c>' for index, letter in enumerate("ABC"))
    row = f'<c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>{name}</v></c><c r="C2">{wage}</c>'
    parts = parts_of(f'<sheetData><row r="1">{cells}</row><row r="2">{row}</row></sheetData>', SHARED)
    flag = ' fullCalcOnLoad="1"' if calculate else ""
    book = parts["xl/workbook.xml"].replace("</sheets>", f'</sheets><calcPr calcId="124519"{flag}/>')
    return zip_of({**parts, "xl/workbook.xml": book})


def old_excel(fill: Callable[[Any], None], *, visible: bool = True) -> bytes:
    """An XLS file with the list, and whatever `fill` adds to its sheet."""
    book = xlwt.Workbook()
    if not visible:
        hidden = book.add_sheet("Lama")
        hidden.write(0, 0, "KPJ")
        hidden.write(0, 1, "Nama")
        hidden.visibility = 1
    sheet = book.add_sheet("Upah")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for line, row in enumerate((HEADING, *TYPED)):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(line, column, value, day) if isinstance(value, date) else sheet.write(
                    line, column, value
                )
    fill(sheet)
    out = io.BytesIO()
    book.active_sheet = 0 if visible else 1
    book.save(out)
    return out.getvalue()


def book(
    name: str, make: Callable[[], bytes], members: Sequence[Member], problems: Sequence[Place] = ()
) -> Example:
    return Example(name, make, tuple(members), tuple(problems), name.rpartition(".")[2].replace("xlsm", "xlsx"))


BUDI_ONLY = wages((2, "12345678901", "Budi & Co", 5_000_000))
WITH_MACROS = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)}
FIRST_TWO = people(2, 3, 4)[:2]

XLSX = [
    book("typed.xlsx", lambda: xlsx_of([HEADING, *TYPED]), people(2, 3, 4)),
    book("decorated.xlsx", decorated, people(5, 6, 7)),
    book("heading-of-merged-cells.xlsx", heading_of_merged_cells, people(3, 4, 5)),
    book("table.xlsx", table_of_excel, people(2, 3, 4)),
    book("days-since-1904.xlsx", days_since_1904, people(2, 3, 4)),
    book("runs-of-fonts.xlsx", text_of_many_letters, wages((2, "12345678901", "Budi Santoso", 1))),
    book("macros.xlsm", lambda: zip_of({**parts_of(sheet_data()), **WITH_MACROS}), wages((2, "12345678902", "Siti Aminah", 5_000_000))),
    book("report.xlsx", lambda: as_reports_write("<v>5000000</v>", calculate=True), BUDI_ONLY),
    book("report-calculated.xlsx", lambda: as_reports_write("<f>2*2500000</f><v>5000000</v>", calculate=True), BUDI_ONLY),
    book("report-of-noughts.xlsx", lambda: as_reports_write("<f>2*2500000</f><v>0</v>", calculate=True), (), [(2, "Upah", "formula_without_value")]),
    book("calculated-nought.xlsx", lambda: as_reports_write("<f>1-1</f><v>0</v>", calculate=False), wages((2, "12345678901", "Budi & Co", 0))),
    book("hints-how-to-speak.xlsx", lambda: as_reports_write("<v>1</v>", calculate=False, name=5), wages((2, "12345678901", "漢", 1))),
    book("line-end-as-a-code.xlsx", lambda: as_reports_write("<v>1</v>", calculate=False, name=6), wages((2, "12345678901", "Bu di", 1))),
    book("a-number-format-of-noughts.xlsx", lambda: xlsx_of([("KPJ", "Nama", "Upah"), (1234567890, "Budi", 1)]), wages((2, "1234567890", "Budi", 1))),
    book("nik-as-a-number.xlsx", lambda: xlsx_of([("NIK", "Nama", "Upah"), (3171010101900001, "Budi", 1)]), (), [(2, "NIK", "digits_lost")]),
    book("wage-as-a-date.xlsx", lambda: xlsx_of([("KPJ", "Nama", "Upah"), ("12345678901", "Budi", date(2025, 10, 1))]), (), [(2, "Upah", "not_an_amount")]),
    book("wage-with-a-fraction.xlsx", lambda: xlsx_of([("KPJ", "Nama", "Upah"), ("12345678901", "Budi", 5_000_000.5)]), (), [(2, "Upah", "not_whole_rupiah")]),
    book("wage-with-noise.xlsx", lambda: xlsx_of([("KPJ", "Nama", "Upah"), ("12345678901", "Budi", 4999999.999999999)]), wages((2, "12345678901", "Budi", 5_000_000))),
    book("wage-yes.xlsx", lambda: xlsx_of([("KPJ", "Nama", "Upah"), ("12345678901", "Budi", True)]), (), [(2, "Upah", "not_an_amount")]),
    book("right-and-below.xlsx", lambda: xlsx_of([(), (), (None, None, *HEADING), *[(None, None, *row) for row in TYPED]]), people(4, 5, 6)),
    book("a-list-in-pages.xlsx", lambda: xlsx_of([("Isi",)], dua=[("Halaman", 2)], upah=[HEADING, *TYPED]), people(2, 3, 4)),
]  # fmt: skip


def errors_of_old_excel(sheet: Any) -> None:
    """#N/A for the first back-pay, #REF! for the third wage."""
    sheet.row(1).set_cell_error(5, 0x2A)
    sheet._cell_overwrite_ok = True
    sheet.row(3).set_cell_error(4, 0x17)


def with_formula(sheet: Any) -> None:
    """A formula for the third back-pay, as xlwt writes it: never calculated."""
    sheet.write(3, 5, xlwt.Formula("1+1"))


def large(sheet: Any) -> None:
    """Notes of 9 MB: the table of sectors no longer fits into the header. And an error behind them."""
    for line in range(10, 310):
        sheet.write(line, 8, f"{line}" + "x" * 30_000)
    errors_of_old_excel(sheet)


XLS = [
    Example("large.xls", lambda: old_excel(large), people(2, 3, 4)[1:2], ((2, "Rapel", "cell_error"), (4, "Upah", "cell_error")), "xls", bulky=True),
    book("typed.xls", lambda: old_excel(lambda sheet: None), people(2, 3, 4)),
    book("hidden-first.xls", lambda: old_excel(lambda sheet: None, visible=False), people(2, 3, 4)),
    book("merged-total.xls", lambda: old_excel(lambda sheet: sheet.write_merge(5, 6, 0, 3, "TOTAL")), people(2, 3, 4)),
    book("errors.xls", lambda: old_excel(errors_of_old_excel), people(2, 3, 4)[1:2], [(2, "Rapel", "cell_error"), (4, "Upah", "cell_error")]),
    book("formula-never-calculated.xls", lambda: old_excel(with_formula), FIRST_TWO, [(4, "Rapel", "formula_without_value")]),
    book("error-far-from-the-list.xls", lambda: old_excel(lambda sheet: sheet.row(60_000).set_cell_error(100, 0x2A)), people(2, 3, 4)),
]  # fmt: skip

XLSB_ROWS = [
    HEADING,
    *[[each if not isinstance(each, date) else f"{each:%d-%m-%Y}" for each in row] for row in TYPED],
]
XLSB = [
    book("typed.xlsb", lambda: xlsb_of(XLSB_ROWS), people(2, 3, 4)),
    book("errors.xlsb", lambda: xlsb_of(XLSB_ROWS, errors={(2, 4): 3, (3, 5): 11}), people(2, 3, 4)[:1], [(3, "Upah", "cell_error"), (4, "Rapel", "cell_error")]),
]  # fmt: skip

ODS_LIST = [[words(title) for title in HEADING], *[row_of(row) for row in TYPED]]
RINA_ROW = [words("12345678903"), "", words("Rina Wati"), ""]


def ods_with(*cells: str) -> Callable[[], bytes]:
    """The list, and in its last row these cells for wage and back-pay."""
    return lambda: ods_of([*ODS_LIST[:3], [*RINA_ROW, *cells]])


ODS = [
    book("typed.ods", lambda: ods_of(ODS_LIST), people(2, 3, 4)),
    book("hidden-first.ods", lambda: ods_of(ODS_LIST, hidden=[ODS_LIST[0]]), people(2, 3, 4)),
    book("heading-rows.ods", lambda: ods_of(ODS_LIST, header_rows=1), people(2, 3, 4)),
    book("repeated-blank-rows.ods", lambda: ods_of([[], *ODS_LIST], repeated={0: 5}), people(7, 8, 9)),
    book("calculated.ods", ods_with(formula("1+1", 'office:value-type="float" office:value="7000000"', "7000000")), people(2, 3, 4)),
    book("calculated-empty.ods", ods_with(number(7_000_000), formula('""', "", "")), people(2, 3, 4)),
    book("never-calculated.ods", ods_with(formula("1+1")), FIRST_TWO, [(4, "Upah", "formula_without_value")]),
    book("error.ods", ods_with(formula("NA()", 'office:value-type="string" office:string-value="" calcext:value-type="error"', "#N/A")), FIRST_TWO, [(4, "Upah", "cell_error")]),
    book("error-as-a-nought.ods", ods_with(number(7_000_000), formula("1/0", 'office:value-type="float" office:value="0"', "#DIV/0!")), FIRST_TWO, [(4, "Rapel", "cell_error")]),
    book("error-in-repeated-rows.ods", lambda: ods_of([*ODS_LIST, [], [*RINA_ROW[:3], "", formula("1")]], repeated={4: 3, 5: 2}), people(2, 3, 4), [(line, *what) for line in (8, 9) for what in (("Upah", "formula_without_value"), ("KPJ", "duplicate_member"))]),
    book("formula-with-signs.ods", ods_with(number(7_000_000), formula('IF("a>b"<>"/>";1;\'x\'.A1)')), FIRST_TWO, [(4, "Rapel", "formula_without_value")]),
    book("error-beside-the-list.ods", ods_with(number(7_000_000), "", "", "", formula("NA()")), people(2, 3, 4)),
]  # fmt: skip

SHAPES = (*XLSX, *XLS, *XLSB, *ODS)
