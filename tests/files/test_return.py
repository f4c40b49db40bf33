"""Returns of many shapes: which rows come out, and which problems with their places."""

from datetime import date, datetime

import pytest

from lumbung.contributions.returnfile import judging
from lumbung.contributions.returnfile.headings import HEADINGS, Field, field_of

from .making import BUDI, EXPECTED, HEADING, LIST, RINA, SITI, codes, contents, csv_of, read, wages, xlsx_of

SITI_BORN = datetime(1991, 2, 2)  # as a spreadsheet has it, of no zone  # noqa: DTZ001


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_csv_is_read_whatever_its_separator_encoding_and_line_ends(
    separator: str, encoding: str, end: str
) -> None:
    found = read(csv_of(LIST, separator, encoding, end))
    assert contents(found) == EXPECTED
    assert [row.line for row in found.rows] == [2, 3, 4]
    assert found.format == "csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-be", "utf-16-le", "cp1252"])
def test_letters_beyond_ascii_survive(encoding: str) -> None:
    rows = [("KPJ", "Nama", "Upah"), ("12345678901", "José Müller – é", "5000000")]
    mark = "\ufeff".encode(encoding) if encoding.startswith("utf-16") else b""
    assert [row.name for row in read(mark + csv_of(rows, ";", encoding)).rows] == ["José Müller – é"]


def test_a_workbook_is_read_with_its_own_kinds_of_cells() -> None:
    rows = [
        ("NO_PEGAWAI", "no. kpj", "No.KTP", "NAMA_LENGKAP", "TANGGAL_LAHIR", "UPAH", "Rapel  Upah", "Bulan"),
        (
            1,
            "01234567890",
            "3171010101900001",
            "Budi Santoso",
            date(1990, 1, 1),
            5_000_000,
            None,
            date(2025, 10, 1),
        ),
        (2, 12345678902, "3171014202910002", "Siti Aminah", SITI_BORN, 6500000.0, 250_000, 102025),
        (3, "12345678903", None, "Rina Wati", None, "7.000.000", None, None),
    ]
    found = read(xlsx_of(rows))
    assert contents(found) == EXPECTED
    assert found.format == "xlsx"
    assert found.titles["name"] == "NAMA_LENGKAP"


def test_title_lines_blank_lines_and_totals_stand_around_the_list() -> None:
    rows = [
        ("PT Padi Makmur",),
        ("Nama", "NPP 00000001-000"),
        (),
        ("Bulan", "Oktober 2025"),
        ("No", "Name", "Wage", "Member number", "Keterangan"),
        (1, "Budi Santoso", "5000000", "01234567890", ""),
        ("", "", "", "", ""),
        ("", "SUB TOTAL:", "5000000", "", ""),
        (2, "Siti Aminah", "6000000", "12345678902", "baru"),
        ("", "Jumlah", "6000000", "", ""),
        ("TOTAL", "", "11000000", "", ""),
        ("Grand Total", "", "11000000", "", ""),
        ("", "", "", "", "Mengetahui, HRD"),
    ]
    for content in (csv_of(rows), xlsx_of(rows)):
        found = read(content)
        assert wages(found) == [(6, "01234567890", 5_000_000, 0), (9, "12345678902", 6_000_000, 0)]
        assert (found.skipped.totals, found.skipped.blank) == (4, 2)


def test_a_member_whose_name_only_contains_the_word_total_is_no_total() -> None:
    rows = [("KPJ", "Nama", "Upah"), ("12345678901", "Totalia Jumlahwati", "1000000")]
    assert len(read(csv_of(rows)).rows) == 1


@pytest.mark.parametrize(
    ("field", "heading"), [(field, heading) for field, headings in HEADINGS.items() for heading in headings]
)
def test_a_heading_is_known_without_regard_to_case_blanks_dots_and_underscores(field: Field, heading: str) -> None:
    for spelling in (
        heading,
        heading.upper(),
        heading.replace(" ", "_"),
        f" {heading}. ",
        heading.replace(" ", ""),
    ):
        assert field_of(spelling) is field
    assert field_of(f"{heading} x") is None


def test_every_problem_is_named_at_once_with_its_place_and_value() -> None:
    rows = [
        (),
        HEADING,
        BUDI,
        ("1234", "3.17101E+15", "=CMD()", "31-02-1990", "5.000", "-1", "09-2025"),
        ("", "", "Siti Aminah", "", "", "", ""),
        ("", "", "", "", "5000000", "", ""),
        ("12345678902", "", "", "", "5000000", "", "x"),
        ("01234567890", "3171010101900001", "Budi Santoso", "", "0", "", ""),
    ]
    found = read(csv_of(rows, ";"))
    assert codes(found) == [
        (4, "KPJ", "not_a_member_number"),
        (4, "NIK", "digits_lost"),
        (4, "Nama", "formula"),
        (4, "Tgl Lahir", "no_such_day"),
        (4, "Upah", "amount_two_ways"),
        (4, "Rapel", "negative_amount"),
        (4, "BLTH", "other_month"),
        (5, "KPJ", "number_missing"),
        (5, "Upah", "wage_missing"),
        (6, "KPJ", "number_missing"),
        (6, "Nama", "name_missing"),
        (7, "Nama", "name_missing"),
        (7, "BLTH", "not_a_month"),
        (8, "KPJ", "duplicate_member"),
        (8, "NIK", "duplicate_member"),
    ]
    assert [row.line for row in found.rows] == [3]
    by_place = {(problem.line, problem.column): problem for problem in found.problems}
    assert by_place[4, "NIK"].value == "3.17101E+15"
    assert "text" in by_place[4, "NIK"].say()
    assert by_place[4, "BLTH"].facts == {"found": "2025-09", "month": "2025-10"}
    assert "line 3" in by_place[8, "KPJ"].say()
    assert "3.17101E+15" not in repr(found)


def test_number_cells_that_may_have_lost_digits_are_a_problem_that_tells_the_way_out() -> None:
    rows = [("KPJ", "NIK", "Nama", "Upah"), (12345678901, 3171010101010001, "Budi Santoso", 5_000_000)]
    found = read(xlsx_of(rows))
    assert codes(found) == [(2, "NIK", "digits_lost")]
    assert found.problems[0].value == "3171010101010001"
    assert "Format the whole column as text" in found.problems[0].say()


def test_text_that_looks_like_a_formula_is_a_problem_in_a_workbook_too() -> None:
    rows = [("KPJ", "Nama", "Upah"), ("12345678901", "@Budi", 5_000_000), ("-", "Siti", 5_000_000)]
    assert codes(read(xlsx_of(rows))) == [(2, "Nama", "formula"), (3, "KPJ", "formula")]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (("KPJ", "Nama", "Wage", "Gaji"), [(1, "Gaji", "duplicate_column")]),
        (("Nama", "Upah"), [(1, None, "missing_column")]),
        (("KPJ", "Nama"), [(1, None, "missing_column")]),
        (("KPJ", "NIK"), [(1, None, "missing_column"), (1, None, "missing_column")]),
    ],
)
def test_a_heading_that_lacks_or_doubles_a_column_is_a_problem_of_the_file(
    heading: tuple[str, ...], expected: list[tuple[int, str | None, str]]
) -> None:
    assert codes(read(csv_of([heading])))[: len(expected)] == expected


def test_the_heading_must_stand_in_the_first_ten_lines() -> None:
    blank = [()] * 9
    assert len(read(csv_of([*blank, HEADING, RINA])).rows) == 1
    assert len(read(xlsx_of([*blank, HEADING, RINA])).rows) == 1
    assert codes(read(csv_of([*blank, (), HEADING, RINA]))) == [(None, None, "no_heading")]
    assert codes(read(xlsx_of([*blank, (), HEADING, RINA]))) == [(None, None, "no_heading")]


def test_a_heading_without_rows_is_a_problem() -> None:
    assert codes(read(csv_of([HEADING]))) == [(None, None, "no_rows")]
    assert codes(read(xlsx_of([HEADING, ("", "", "Total", "", 0)]))) == [(None, None, "no_rows")]


def test_rows_shorter_than_the_heading_are_read_as_far_as_they_go_and_longer_ones_are_a_problem() -> None:
    content = b"KPJ;Nama;Upah;Rapel\n12345678901;Budi;5000000\n12345678902;Siti;5000000;1;2;3\n12345678903;Rina\n"
    assert codes(read(content)) == [(3, None, "cell_beyond_heading"), (4, "Upah", "wage_missing")]


def test_quotes_separators_and_line_ends_inside_a_cell_belong_to_it() -> None:
    content = b'KPJ,"Nama",Upah\n12345678901,"Budi, S.E.","5,000,000"\n12345678902,"Siti\nAminah",5000000\n'
    content += b"1234567890,X,1"
    found = read(content)
    assert [(row.line, row.name) for row in found.rows] == [(2, "Budi, S.E."), (3, "Siti Aminah"), (4, "X")]


@pytest.mark.parametrize(
    "row", ["1234567890\0{};Budi;5000000", "12345678901;Bu\0di;5000000", "12345678901;Budi;5\0{}"]
)
def test_a_nul_in_a_cell_is_a_problem_and_never_left_out(row: str) -> None:
    found = read(f"KPJ;Nama;Upah\n{row.replace('{}', '000000')}\n12345678902;Siti;5000000\n".encode())
    assert [(problem.line, problem.code) for problem in found.problems] == [(2, "sign_lost")]
    assert "\x00" not in (found.problems[0].value or "")
    assert [row.line for row in found.rows] == [3]


def test_a_nul_in_a_column_that_is_not_ours_loses_nothing() -> None:
    content = b"No;KPJ;Nama;Upah\n\x001;12345678902;Siti;5000000\n"
    assert wages(read(content)) == [(2, "12345678902", 5_000_000, 0)]


def test_a_file_that_ends_in_nuls_was_not_written_to_its_end() -> None:
    content = b"No;KPJ;Nama;Upah\n1;12345678902;Siti;5000000\n" + bytes(8)
    assert codes(read(content)) == [(3, None, "sign_lost")]


def test_the_first_visible_sheet_with_a_heading_is_the_list() -> None:
    cover = [("Laporan upah",), ("PT Padi Makmur",)]
    found = read(xlsx_of(cover, _lama=[HEADING, BUDI], kosong=[], upah=[HEADING, SITI], lain=[HEADING, RINA]))
    assert [row.name for row in found.rows] == ["Siti Aminah"]


def test_a_workbook_whose_sheets_have_no_heading_says_so() -> None:
    assert codes(read(xlsx_of([("a", "b")], dua=[("c",)]))) == [(None, None, "no_heading")]
    assert codes(read(xlsx_of([]))) == [(None, None, "empty_file")]


def test_the_lines_of_a_sheet_that_begins_below_the_top_are_counted_as_the_spreadsheet_does() -> None:
    found = read(xlsx_of([(), (), (None, *HEADING), (), (None, *BUDI)]))
    assert [row.line for row in found.rows] == [5]


def test_without_a_month_the_month_column_is_only_read() -> None:
    rows = [HEADING, BUDI, (*RINA[:6], "09-2025"), (*SITI[:6], "?")]
    assert codes(read(csv_of(rows), month=None)) == [(4, "BLTH", "not_a_month")]


def test_problems_past_the_most_that_are_listed_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_PROBLEMS", 10)
    found = read(csv_of([("KPJ", "Nama", "Upah"), *[("1", "", "x")] * 5]))
    assert len(found.problems) == 11
    assert found.problems[-1].code == "more_problems"
    assert found.problems[-1].facts == {"more": 5}


def test_more_rows_than_are_taken_are_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST_ROWS", 2)
    assert codes(read(csv_of(LIST))) == [(4, None, "too_many_rows")]
    assert codes(read(xlsx_of(LIST))) == [(4, None, "too_many_rows")]
