"""Files that are broken, foreign or meant to harm: one plain problem, in bounded time and memory."""

import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lumbung import tables
from lumbung.tables import delimited, kinds, workbook

from .making import (
    HEADING,
    LIST,
    RINA,
    codes,
    csv_of,
    lying_zip,
    only_code,
    parts_of,
    read,
    sheet_data,
    text_cell,
    wages,
    xlsx_of,
    zip_of,
)

MEGABYTE = 1_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(autouse=True)
def _soon_and_small() -> object:
    """Nothing hostile takes long, or much memory of this process."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    yield
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\r\n  \r\n\t", "empty_file"),
        (b"\x00" * 1_000, "empty_file"),
        (b"\xef\xbb\xbf", "no_heading"),
        (b"\xff\xfe", "no_heading"),
        (b"%PDF-1.7\n...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n...", "not_a_table"),
        (b"MZ\x90\x00...", "not_a_table"),
        (b"<html><table><tr><td>KPJ</td></tr></table></html>", "not_a_table"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "not_a_table"),
        (bytes(range(256)) * 100, "not_text"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "not_text"),
        (b"\xef\xbb\xbf\xff\xff\xff", "not_text"),
        (b"Dear fund,\nplease find our wages below.\n", "no_heading"),
        (b"PK\x03\x04 and then nothing of a zip archive", "damaged"),
        (b"PK\x05\x06" + bytes(18), "damaged"),
        (OLE + bytes(5_000), "damaged"),
        (OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "password"),
        (b'KPJ,Nama,Upah\n"12345678901,Budi,5000000\n' + b"12345678901,Budi,5000000\n" * 200, "open_quote"),
        (b'KPJ,Nama,Upah\n"' + b"x" * 200_000, "cell_too_long"),
        (b"KPJ,Nama,Upah\n" + b"x" * 400_000, "line_too_long"),
        (b"," * 1_000_000, "line_too_long"),
        (b"KPJ,Nama,Upah" + b"," * 250 + b"\n", "too_many_columns"),
        (b"KPJ,Nama,Upah\n1" + b"," * 250 + b"\n", "too_many_columns"),
        (zip_of({"letter.txt": "hello"}), "not_a_table"),
        (zip_of({"[Content_Types].xml": "", "word/document.xml": ""}), "not_a_table"),
        (zip_of({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook"}), "damaged"),
        (zip_of({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a"}), "damaged"),
        (zip_of(parts_of("<sheetData><row><c r='A1'><v>1")), "damaged"),
        (zip_of(parts_of("")), "empty_file"),
        (zip_of({name: part for name, part in parts_of(sheet_data()).items() if "sheet1" not in name}), "damaged"),
    ],
)
def test_what_is_no_list_gets_one_plain_answer(content: bytes, code: str) -> None:
    assert only_code(content) == code


def test_the_answer_comes_in_the_words_of_the_file_kind() -> None:
    assert "PDF" in read(b"%PDF-1.7").problems[0].say()


def test_the_minimal_workbook_of_these_tests_is_good() -> None:
    assert wages(read(zip_of(parts_of(sheet_data())))) == [(2, "12345678902", 5_000_000, 0)]


def test_a_workbook_cut_short_anywhere_is_damaged() -> None:
    whole = xlsx_of(LIST)
    for length in range(10, len(whole), len(whole) // 25):
        assert only_code(whole[:length]) == "damaged"


def test_a_file_larger_than_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_BYTES", 1_000)
    assert only_code(csv_of([HEADING, *[RINA] * 100])) == "file_too_large"
    assert tables.MOST_BYTES == 50 * MEGABYTE


def test_a_locked_archive_asks_for_one_without_password() -> None:
    content = bytearray(zip_of(parts_of(sheet_data())))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    assert only_code(bytes(content)) == "password"


def bomb_of_one_part() -> bytes:
    parts = {name: part.encode() for name, part in parts_of(sheet_data()).items()}
    return lying_zip(parts, "xl/workbook.xml", 600 * MEGABYTE)


def bomb_of_density() -> bytes:
    return zip_of({**parts_of(sheet_data()), "xl/styles.xml": bytes(20 * MEGABYTE)})


def bomb_of_many_parts() -> bytes:
    return zip_of({**parts_of(sheet_data()), **{f"xl/{number}": b"" for number in range(2_100)}})


def bomb_that_lies() -> bytes:
    """The directory says 100 bytes; 20 MB come out, with the checksum of the first 100."""
    parts = {name: part.encode() for name, part in parts_of(sheet_data()).items()}
    return lying_zip({**parts, "xl/sharedStrings.xml": b" " * 20 * MEGABYTE}, "xl/sharedStrings.xml", 100)


@pytest.mark.parametrize("bomb", [bomb_of_one_part, bomb_of_density, bomb_of_many_parts, bomb_that_lies])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(bomb: Callable[[], bytes]) -> None:
    assert only_code(bomb()) == "unpacks_too_large"


def test_an_archive_that_promises_more_than_it_holds_is_damaged() -> None:
    parts = {name: part.encode() for name, part in parts_of(sheet_data()).items()}
    assert only_code(lying_zip(parts, "xl/workbook.xml", 5_000)) == "damaged"


def test_a_part_packed_in_an_unknown_way_is_damaged() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        for name, part in parts_of(sheet_data()).items():
            archive.writestr(name, part)
    assert only_code(out.getvalue()) == "damaged"


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is() -> None:
    content = zip_of(parts_of(sheet_data(before='<dimension ref="A1:XFD1048576"/>')))
    assert wages(read(content)) == [(2, "12345678902", 5_000_000, 0)]


def test_two_cells_in_far_corners_do_not_take_the_memory_of_all_between() -> None:
    far = f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    assert only_code(zip_of(parts_of(sheet_data(far)))) == "too_hard_to_read"


def test_a_cell_far_to_the_right_is_too_many_columns() -> None:
    far = f'<row r="3">{text_cell("XFD3", "x")}</row>'
    assert only_code(zip_of(parts_of(sheet_data(far)))) == "too_many_columns"


def test_a_cell_far_below_is_read_over_the_blank_lines() -> None:
    far = f'<row r="300000">{text_cell("A300000", "x")}</row>'
    found = read(zip_of(parts_of(sheet_data(far))))
    assert codes(found)[0] == (300_000, "KPJ", "not_a_member_number")


@pytest.mark.parametrize("place", ["A99999999999", "ZZZZZZZZZZ1", "A0", "1", "A1A"])
def test_coordinates_that_no_sheet_has_are_a_problem(place: str) -> None:
    found = read(zip_of(parts_of(sheet_data(f"<row>{text_cell(place, 'x')}</row>"))))
    assert found.problems
    assert found.problems[0].code in ("damaged", "too_hard_to_read", "too_many_columns", "too_many_lines")


def test_one_long_string_in_very_many_cells_is_too_hard_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_MEMORY", 300 * MEGABYTE)
    rows = (f'<row r="{line}"><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' for line in range(3, 10_000))
    strings = f"<si><t>{'x' * 100_000}</t></si>"
    assert only_code(zip_of(parts_of(sheet_data("".join(rows)), strings))) == "too_hard_to_read"


def test_entities_of_a_document_type_are_never_expanded() -> None:
    entities = (
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    )
    parts = parts_of(sheet_data(f'<row r="3">{text_cell("A3", "&c;")}</row>'))
    sheet = parts["xl/worksheets/sheet1.xml"].replace("?><worksheet", f"?>{entities}<worksheet")
    found = read(zip_of({**parts, "xl/worksheets/sheet1.xml": sheet}))
    assert found.problems
    assert all(len(problem.value or "") < 50 for problem in found.problems)


def test_a_repeated_cell_of_an_ods_does_not_fill_the_memory() -> None:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell>"
    )
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0"'
        f' xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="a">'
        f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    manifest = {"META-INF/manifest.xml": "<manifest/>"}
    assert only_code(zip_of({**parts, **manifest})) in ("too_hard_to_read", "damaged")


def test_a_process_that_has_too_little_memory_is_a_plain_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_MEMORY", 60 * MEGABYTE)
    far = f'<row r="1048000">{text_cell("A1048000", "x")}</row>'
    assert only_code(zip_of(parts_of(sheet_data(far)))) == "too_hard_to_read"


OFFER = '{"top": [["KPJ", "Nama", "Upah"]]}'


@pytest.mark.parametrize(
    "program",
    [
        "",
        "import os; os.abort()",
        "while True: pass",
        f"print('{OFFER}'); print('[[', end='')",
        f"print('{OFFER}', flush=True); input(); print('[[1, 2, 3]]')",
    ],
)
def test_a_process_that_falls_is_a_plain_problem(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
    (tmp_path / "falls.py").write_text(limit + program)
    monkeypatch.setattr(workbook, "_PROGRAM", tmp_path / "falls.py")
    found = read(xlsx_of(LIST))
    assert found.rows == []
    assert found.problems[-1].code == "too_hard_to_read"


def test_a_cell_of_any_length_is_cut_in_what_is_shown() -> None:
    for content in (csv_of([HEADING, ("x" * 50_000, *RINA[1:])]), xlsx_of([HEADING, ("x" * 30_000, *RINA[1:])])):
        found = read(content)
        assert codes(found) == [(2, "KPJ", "cell_too_long")]
        assert len(found.problems[0].value or "") == 100


def test_more_lines_than_a_spreadsheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MOST_LINES", 100)
    assert codes(read(csv_of([HEADING, RINA, *[()] * 200]))) == [(None, None, "too_many_lines")]


def test_problems_found_before_a_file_breaks_are_told_with_it() -> None:
    found = read(b"KPJ,Nama,Upah\n1,Budi,5000000\n2" + b"," * 300 + b"\n")
    assert codes(found) == [(2, "KPJ", "not_a_member_number"), (3, None, "too_many_columns")]
    assert found.rows == []
