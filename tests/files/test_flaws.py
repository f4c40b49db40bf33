"""Cells that would pass for less than was meant: shifted amounts, errors, formulas without value, lost signs."""

import pytest

from lumbung.payments import bankfile

from .making import HEADING, LIST, codes, csv_of, parts_of, read, text_cell, wages, xlsx_of, zip_of

BACK_PAY_HEADING = ("KPJ", "Nama", "Upah", "Rapel")


@pytest.mark.parametrize("rapel", ["", ",Rapel", ",,,"])
def test_an_amount_cut_up_by_its_commas_is_a_problem_and_no_tiny_wage(rapel: str) -> None:
    found = read(f"KPJ,Nama,Upah{rapel}\n82665062382,Ade Maryati,5,000,000\n82665062383,Budi,7000000\n".encode())
    assert codes(found) == [(2, None, "cell_beyond_heading")]
    assert [(row.line, row.wage) for row in found.rows] == [(3, 7_000_000)]
    assert "quotation marks" in found.problems[0].say()


def test_blank_cells_beyond_the_heading_and_what_stands_beside_no_row_of_a_member_are_passed_over() -> None:
    content = b"KPJ;Nama;Upah;;\n12345678901;Budi;5000000;; ;\n;;;;Mengetahui, HRD\n;Total;5000000;;x\n"
    assert wages(read(content)) == [(2, "12345678901", 5_000_000, 0)]


def test_notes_to_the_right_of_a_sheet_are_passed_over() -> None:
    rows = [("KPJ", "Nama", "Upah"), ("12345678901", "Budi", 5_000_000, "", "baru")]
    assert wages(read(xlsx_of(rows))) == [(2, "12345678901", 5_000_000, 0)]


def test_a_missing_column_is_the_only_problem_and_no_row_comes_with_it() -> None:
    found = read(b"KPJ;Upah\n12345678901;5000000\n")
    assert [problem.code for problem in found.problems if problem.code == "missing_column"] == ["missing_column"]
    assert len(found.problems) == 1
    assert found.rows == []


def sheet_of(*rows: str) -> bytes:
    """A workbook with a heading of four columns and the XML of rows below it."""
    heading = "".join(
        text_cell(f"{letter}1", title) for letter, title in zip("ABCD", BACK_PAY_HEADING, strict=True)
    )
    return zip_of(parts_of(f'<sheetData><row r="1">{heading}</row>{"".join(rows)}</sheetData>'))


def member(line: int, *cells: str) -> str:
    """The XML of a row that begins with a member number and a name."""
    known = text_cell(f"A{line}", f"123456789{line:02}") + text_cell(f"B{line}", "Siti Aminah")
    return f'<row r="{line}">{known}{"".join(cells)}</row>'


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<c r="D2" t="e"><v>#REF!</v></c>', "cell_error"),
        ("<c t='e' s='1' r='D2'><f>VLOOKUP(A2,x!A:B,2)</f><v>#N/A</v></c>", "cell_error"),
        ('<c r="D2"><f>C2*0.1</f></c>', "formula_without_value"),
        ('<c r="D2"><f>C2*0.1</f><v/></c>', "formula_without_value"),
        ('<c r="D2" s="3"><f aca="false">IF(C2&gt;1,2,3)</f><v></v></c>', "formula_without_value"),
        ('<c r="D2"><f t="shared" si="0"/></c>', "formula_without_value"),
        ('<c r="D2" t="str"><f>A1</f></c>', "formula_without_value"),
    ],
)
def test_an_error_or_a_formula_without_value_is_a_problem_where_it_stands(cell: str, code: str) -> None:
    wage = '<c r="C2"><v>5000000</v></c>'
    found = read(sheet_of(member(2, wage, cell), member(3, '<c r="C3"><v>6000000</v></c>')))
    assert codes(found) == [(2, "Rapel", code)]
    assert "spreadsheet" in found.problems[0].say()
    assert [row.line for row in found.rows] == [3]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        '<c r="D2" s="1"/>',
        '<c r="D2" t="str"><f>IF(C2=0,1,"")</f><v></v></c>',  # a formula that was calculated: nothing
        '<c r="E2" t="e"><v>#REF!</v></c>',  # in no column of ours
        '<c r="D2"><f>1-1</f><v>0</v></c>',
    ],
)
def test_blank_cells_and_what_was_calculated_stay_fine(cell: str) -> None:
    content = sheet_of(member(2, '<c r="C2"><f>2*2500000</f><v>5000000</v></c>', cell))
    assert wages(read(content)) == [(2, "12345678902", 5_000_000, 0)]


def test_a_formula_as_openpyxl_writes_it_is_a_problem_in_any_column() -> None:
    rows = [HEADING, ("=A9", "=A9", "=A9", "=A9", "=A9", "=A9", "=A9")]
    expected = [(2, title, "formula_without_value") for title in HEADING]
    assert codes(read(xlsx_of(rows))) == expected
    assert codes(read(xlsx_of([*LIST, (), rows[1]]))) == [(6, title, code) for _, title, code in expected]


def test_a_total_that_was_never_calculated_is_still_a_total() -> None:
    found = read(xlsx_of([*LIST, ("", "", "Total", "", "=SUM(E2:E4)")]))
    assert codes(found) == []
    assert found.skipped.totals == 1


def test_flaws_are_found_in_the_sheet_that_is_taken_and_far_below() -> None:
    rows = [*LIST, *[()] * 20_000, ("12345678909", "", "Dewi", "", "=1", "", "")]
    found = read(xlsx_of([("Laporan", "=1")], upah=rows))
    assert codes(found) == [(20_005, "Upah", "formula_without_value")]


def test_a_flaw_that_says_no_place_refuses_the_sheet() -> None:
    found = read(sheet_of(member(2, '<c r="C2"><v>5</v></c>', '<c t="e"><v>#N/A</v></c>')))
    assert codes(found) == [(None, None, "cell_error")]
    assert found.rows == []


def test_a_sheet_whose_elements_have_a_prefix_hides_nothing() -> None:
    cell = '<x:c r="D2" t="e"><x:v>#REF!</x:v></x:c>'
    content = sheet_of(member(2, '<c r="C2"><v>5000000</v></c>', cell))
    assert [code for _, _, code in codes(read(content))] in (["cell_error"], ["damaged"])


def test_a_cell_too_long_is_called_so_and_not_an_open_quotation_mark() -> None:
    content = csv_of([HEADING, ("x" * 140_000, *LIST[1][1:])])
    found = read(content)
    assert codes(found) == [(2, None, "cell_too_long")]
    assert "131072" in found.problems[0].say()
    bank = bankfile.read(csv_of([bankfile.COLUMNS, ("x" * 140_000, "1", "2025-11-02", "B")]))
    assert [problem.code for problem in bank.problems] == ["cell_too_long"]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("26\x0000,1000,2025-11-02,B1", "payment_code", "not_a_payment_code"),
        ("26,10\x0000,2025-11-02,B1", "amount", "not_an_amount"),
        ("26,1000,2025-11-\x0002,B1", "received_on", "not_a_day"),
        ("26,1000,2025-11-02,B\x001", "bank_reference", "not_a_bank_reference"),
    ],
)
def test_a_nul_in_a_bank_file_is_a_problem_and_never_left_out(line: str, column: str, code: str) -> None:
    found = bankfile.read(f"{','.join(bankfile.COLUMNS)}\n{line}\n".encode())
    assert [(problem.line, problem.column, problem.code) for problem in found.problems] == [(2, column, code)]
    assert found.lines == []
    assert "\x00" not in (found.problems[0].value or "")  # no database keeps one


def test_a_nul_in_the_header_of_a_bank_file_is_a_problem() -> None:
    found = bankfile.read(b"payment_\x00code,amount,received_on,bank_reference\n26,1,2025-11-02,B\n")
    assert found.lines == []
    assert [problem.code for problem in found.problems] == ["wrong_header", "no_header"]
    assert "\x00" not in repr([(problem.column, problem.value) for problem in found.problems])
