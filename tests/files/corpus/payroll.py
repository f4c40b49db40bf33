"""Text files as payroll programs, spreadsheets and people write them."""
# ruff: noqa: E501 (one file a line)

from collections.abc import Iterable, Sequence

from ..making import BUDI, HEADING, LIST, RINA, SITI, csv_of
from .example import Example, Member, Place, people, wages

TITLE = ("DAFTAR UPAH TENAGA KERJA",)
SHORT = ("KPJ", "Nama", "Upah")


def text(
    name: str, content: str | bytes, members: Sequence[Member] = (), problems: Sequence[Place] = ()
) -> Example:
    """An example of delimited text."""
    made = content.encode() if isinstance(content, str) else content
    return Example(f"{name}.csv", lambda: made, tuple(members), tuple(problems))


def one(name: str, row: str, wage: int = 0, *, problem: tuple[str | None, str] | None = None) -> Example:
    """A semicolon file with one member (12345678901, Budi) whose cells are given, and a good one below him."""
    content = f"KPJ;NIK;Nama;Tgl Lahir;Upah;Rapel;BLTH\r\n{row}\r\n12345678903;;Rina Wati;;7000000;;\r\n"
    rina = wages((3, "12345678903", "Rina Wati", 7_000_000))
    if problem:
        return text(name, content, rina, [(2, *problem)])
    return text(name, content, wages((2, "12345678901", "Budi", wage)) + rina)


def _lines(rows: Iterable[Sequence[str]], end: str = "\r\n") -> str:
    return end.join(";".join(row) for row in rows) + end


LONG_HEADING = ("No", "Nomor", "", "Nama", "Tanggal Lahir", "Penghasilan", "", "BLTH")
LOWER_HEADING = ("", "KPJ", "NIK", "", "", "Upah", "Rapel", "")
REPEATED = _lines([HEADING, BUDI, HEADING, SITI, RINA])
HEADING_AGAIN = [
    (3, "KPJ", "not_a_member_number"),
    (3, "NIK", "not_a_nik"),
    (3, "Tgl Lahir", "not_a_date"),
    (3, "Upah", "not_an_amount"),
    (3, "Rapel", "not_an_amount"),
    (3, "BLTH", "not_a_month"),
]

LAYOUTS = [
    text("comma", csv_of(LIST), people(2, 3, 4)),
    text("semicolon-marked", csv_of(LIST, ";", "utf-8-sig"), people(2, 3, 4)),
    text("tab", csv_of(LIST, "\t"), people(2, 3, 4)),
    text("windows-1252", csv_of([("Café – José",), *LIST], ";", "cp1252"), people(3, 4, 5)),
    text("letters-of-windows-1252", "KPJ;Nama;Upah\n12345678901;José Müller – Ö;1\n".encode("cp1252"), wages((2, "12345678901", "José Müller – Ö", 1))),
    text("letters-of-utf-8", "KPJ;Nama;Upah\n12345678901;José Müller – Ö;1\n".encode(), wages((2, "12345678901", "José Müller – Ö", 1))),
    *[
        text(f"utf-16{order}{'-marked' * marked}", mark * marked + csv_of(LIST, "\t", f"utf-16{order}"), people(2, 3, 4))
        for order, mark in (("-le", b"\xff\xfe"), ("-be", b"\xfe\xff"))
        for marked in (True, False)
    ],
    text("old-mac-line-ends", csv_of(LIST, ";", end="\r"), people(2, 3, 4)),
    text("no-line-end-at-the-end", csv_of(LIST, ";").rstrip(), people(2, 3, 4)),
    text("end-of-file-of-dos", csv_of(LIST, ";") + b"\x1a", people(2, 3, 4)),
    text("separator-named-first", b"sep=;\r\n" + csv_of(LIST, ";"), people(3, 4, 5)),
    text("titles-and-totals", csv_of([TITLE, ("PT Padi Makmur",), ("Bulan", "Oktober 2025"), (), *LIST, (), ("", "", "TOTAL", "", "18.500.000"), ("", "", "", "", "", "Jakarta, 31-10-2025")], ";"), people(6, 7, 8)),
    text("blank-lines-between", csv_of([HEADING, (), BUDI, ("",) * 7, SITI, (), (), RINA, (" ", " ")], ";"), people(3, 5, 8)),
    text("trailing-blank-columns", _lines([(*row, "", "", "") for row in LIST]), people(2, 3, 4)),
    text("every-cell-in-quotes", _lines([[f'"{cell}"' for cell in row] for row in LIST]), people(2, 3, 4)),
    text("blanks-around-cells", _lines([[f"  {cell}\xa0" for cell in row] for row in LIST]), people(2, 3, 4)),
    text("heading-in-two-lines", _lines([TITLE, LONG_HEADING, LOWER_HEADING, *[("1", *row) for row in (BUDI, SITI, RINA)]]), people(4, 5, 6)),
    text("heading-broken-inside-its-cells", b'"No.\nKPJ";"Nama\r\nTenaga Kerja";"Upah Pokok +\nTunjangan Tetap"\r\n12345678901;Budi;1\r\n', wages((2, "12345678901", "Budi", 1))),
    text("line-end-inside-a-name", b'KPJ,Nama,Upah\r\n12345678901,"Budi\r\nSantoso","5,000,000"\r\n12345678902,Siti,1\r\n', wages((2, "12345678901", "Budi Santoso", 5_000_000), (3, "12345678902", "Siti", 1))),
    text("heading-printed-on-each-page", REPEATED, people(2, 4, 5), HEADING_AGAIN),
    text("columns-in-another-order", "Upah\tBulan\tketerangan\tNAMA LENGKAP\tno_kpj\n5000000\t202510\t-\tBudi\t12345678901\n", wages((2, "12345678901", "Budi", 5_000_000))),
    text("english", "Member number,Name,Wage,Month\n12345678901,Budi,\"5,000,000.00\",Oct 2025\n", wages((2, "12345678901", "Budi", 5_000_000))),
]  # fmt: skip

ROWS = [
    one("amount-in-rupiah", "12345678901;;Budi;;Rp 5.000.000,00;;", 5_000_000),
    one("amount-in-rupiah-close", "12345678901;;Budi;;Rp5.000.000,-;0;", 5_000_000),
    one("amount-in-english", '12345678901;;Budi;;"IDR 5,000,000.00";;', 5_000_000),
    one("amount-with-decimals", "12345678901;;Budi;;5000000,00;;", 5_000_000),
    one("amount-in-accounts", "12345678901;;Budi;; Rp5.000.000 ; Rp- ;", 5_000_000),
    one("no-back-pay-as-a-dash", "12345678901;;Budi;;5000000;-;", 5_000_000),
    one("a-dash-for-a-wage", "12345678901;;Budi;;-;;", problem=("Upah", "amount_dash")),
    one("amount-two-ways", "12345678901;;Budi;;5.000;;", problem=("Upah", "amount_two_ways")),
    one("amount-mixed", "12345678901;;Budi;;5.000,000;;", problem=("Upah", "not_an_amount")),
    one("amount-with-a-fraction", "12345678901;;Budi;;5.000.000,50;;", problem=("Upah", "not_whole_rupiah")),
    one("amount-below-zero", "12345678901;;Budi;;(5.000.000);;", problem=("Upah", "negative_amount")),
    one("amount-as-a-power", "12345678901;;Budi;;5E+06;;", problem=("Upah", "not_an_amount")),
    one("amount-an-error", "12345678901;;Budi;;#REF!;;", problem=("Upah", "cell_error")),
    one("amount-hidden-by-width", "12345678901;;Budi;;#######;;", problem=("Upah", "not_an_amount")),
    one("name-an-error", "12345678901;;#N/A;;5000000;;", problem=("Nama", "cell_error")),
    one("name-an-error-of-libreoffice", "12345678901;;Err:502;;5000000;;", problem=("Nama", "cell_error")),
    one("number-an-error", "#VALUE!;;Budi;;5000000;;", problem=("KPJ", "cell_error")),
    one("month-an-error", "12345678901;;Budi;;5000000;;#DIV/0!", problem=("BLTH", "cell_error")),
    one("number-with-apostrophe", "'12345678901;;Budi;;5000000;;", 5_000_000),
    one("number-in-groups", "123 4567 8901;;Budi;;5000000;;", 5_000_000),
    one("number-as-a-formula", '"=""12345678901""";;Budi;;5000000;;', problem=("KPJ", "formula")),
    one("number-as-a-power", "1,23457E+10;;Budi;;5000000;;", problem=("KPJ", "digits_lost")),
    one("nik-as-a-power", "12345678901;3,17101E+15;Budi;;5000000;;", problem=("NIK", "digits_lost")),
    one("nik-too-short", "12345678901;317101010190000;Budi;;5000000;;", problem=("NIK", "not_a_nik")),
    *[
        one(f"name-that-begins-with-{code}", f"12345678901;;{sign}Budi;;1;;", problem=("Nama", "formula"))
        for code, sign in (("equals", "="), ("plus", "+"), ("minus", "-"), ("at", "@"))
    ],
    one("name-that-runs-a-program", "12345678901;;=cmd|'/C calc'!A0;;1;;", problem=("Nama", "formula")),
    text(
        "a-member-beside-the-word-total", "KPJ;Nama;Upah;Catatan\n12345678901;;1;Total\n;;1;Total\nTOTAL;;2;\n12345678903;Rina Wati;1;\n",
        wages((5, "12345678903", "Rina Wati", 1)), [(2, "Nama", "name_missing")],
    ),
    one("name-missing", "12345678901;;;;5000000;;", problem=("Nama", "name_missing")),
    one("number-missing", ";;Budi;;5000000;;", problem=("KPJ", "number_missing")),
    one("wage-missing", "12345678901;;Budi;;;;", problem=("Upah", "wage_missing")),
    one("no-such-day", "12345678901;;Budi;31-02-1990;5000000;;", problem=("Tgl Lahir", "no_such_day")),
    one("another-month", "12345678901;;Budi;;5000000;;09-2025", problem=("BLTH", "other_month")),
    one("month-by-name", "12345678901;;Budi;;5000000;;Oktober 2025", 5_000_000),
    one("month-as-a-day", "12345678901;;Budi;;5000000;;2025-10-01", 5_000_000),
    one("a-cell-too-many", "12345678901;;Budi;;5;000;000;;000", problem=(None, "cell_beyond_heading")),
    text(
        "the-same-member-twice", "KPJ;Nama;Upah\n12345678901;Budi;1\n12345678901;Budi;1\n",
        wages((2, "12345678901", "Budi", 1)), [(3, "KPJ", "duplicate_member")],
    ),
    *[
        text(
            f"birth-date-{number}", f"KPJ;Nama;Tgl Lahir;Upah\n01234567890;Budi Santoso;{written};5000000\n",
            [(2, "01234567890", None, "Budi Santoso", people(2, 3, 4)[0][4], 5_000_000, 0)],
        )
        for number, written in enumerate(("01-01-1990", "01/01/1990", "1990-01-01", "1990-01-01 00:00:00"))
    ],
]  # fmt: skip

PAYROLL = (*LAYOUTS, *ROWS)
