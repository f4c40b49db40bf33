"""Bank files: every payment exactly as it stands, or every problem with its place."""

from datetime import date

import pytest

from lumbung.payments import bankfile
from lumbung.payments.bankfile import BankLine

from .making import LIST, csv_of, xlsx_of

HEADER = "payment_code,amount,received_on,bank_reference"


def codes(text: str | bytes) -> list[tuple[int | None, str | None, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    found = bankfile.read(content)
    assert found.lines or found.problems
    for problem in found.problems:
        assert "{" not in problem.say()
    return [(problem.line, problem.column, problem.code) for problem in found.problems]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_payments_are_read_with_their_lines(mark: str, end: str) -> None:
    text = mark + end.join(
        [HEADER, "260000000001,1000,2025-11-02,BCA-1", "", "260000000002,2500000,2025-11-03,BCA-2"]
    )
    found = bankfile.read(text.encode())
    assert found.problems == []
    assert found.lines == [
        BankLine(2, "260000000001", 1_000, date(2025, 11, 2), "BCA-1"),
        BankLine(4, "260000000002", 2_500_000, date(2025, 11, 3), "BCA-2"),
    ]


def test_the_columns_may_stand_in_any_order() -> None:
    found = bankfile.read(b"bank_reference,received_on,amount,payment_code\nB1,2025-11-02,5,26\n")
    assert found.lines == [BankLine(2, "26", 5, date(2025, 11, 2), "B1")]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",1,2025-11-02,B", "payment_code", "not_a_payment_code"),
        ("2\x076,1,2025-11-02,B", "payment_code", "not_a_payment_code"),
        ("26,0,2025-11-02,B", "amount", "not_an_amount"),
        ("26,-5,2025-11-02,B", "amount", "not_an_amount"),
        ("26,1.000,2025-11-02,B", "amount", "not_an_amount"),
        ("26,1000.00,2025-11-02,B", "amount", "not_an_amount"),
        ("26,Rp 5,2025-11-02,B", "amount", "not_an_amount"),
        ("26,٥,2025-11-02,B", "amount", "not_an_amount"),
        ("26,,2025-11-02,B", "amount", "not_an_amount"),
        ("26,99999999999999999,2025-11-02,B", "amount", "amount_too_large"),
        (f"26,{'9' * 5000},2025-11-02,B", "amount", "not_an_amount"),
        ("26,1,02-11-2025,B", "received_on", "not_a_day"),
        ("26,1,2025-02-30,B", "received_on", "not_a_day"),
        ("26,1,2025-11-02T00:00,B", "received_on", "not_a_day"),
        ("26,1,,B", "received_on", "not_a_day"),
        ("26,1,2025-11-02,", "bank_reference", "not_a_bank_reference"),
        (f"26,1,2025-11-02,{'B' * 65}", "bank_reference", "not_a_bank_reference"),
        ("26,1,2025-11-02,B\u200b", "bank_reference", "not_a_bank_reference"),
        ("26,1,2025-11-02", None, "wrong_width"),
        ("26,1,2025-11-02,B,x", None, "wrong_width"),
        ("26;1;2025-11-02;B", None, "wrong_width"),
    ],
)
def test_a_cell_that_is_not_exactly_right_is_a_problem(line: str, column: str | None, code: str) -> None:
    assert codes(f"{HEADER}\n{line}\n") == [(2, column, code)]


def test_every_problem_is_named_at_once() -> None:
    text = f"{HEADER}\n,x,y,\n26,5,2025-11-02,B1\n26,5,2025-11-02,B1\n27,5,2025-11-02,B1\n"
    assert codes(text) == [
        (2, "payment_code", "not_a_payment_code"),
        (2, "amount", "not_an_amount"),
        (2, "received_on", "not_a_day"),
        (2, "bank_reference", "not_a_bank_reference"),
        (4, "bank_reference", "same_line"),
        (5, "bank_reference", "same_reference"),
    ]
    assert "line 3" in bankfile.read(text.encode()).problems[-1].say()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.4", "not_a_table"),
        (xlsx_of(LIST), "not_csv"),
        (f"{HEADER}\n".encode(), "no_lines"),
        (f"{HEADER}\n26,1,2025-11-02,B\n".encode("utf-16"), "not_utf8"),
        (f"{HEADER}\n26,1,2025-11-02,\xe9\n".encode("cp1252"), "not_utf8"),
        (csv_of(LIST), "no_header"),
        (b"26,1,2025-11-02,B\n", "no_header"),
        (b"payment_code;amount;received_on;bank_reference\n26;1;2025-11-02;B\n", "no_header"),
        (b"payment_code,amount,received_on\n26,1,2025-11-02\n", "no_header"),
        (f"{HEADER},note\n26,1,2025-11-02,B,x\n".encode(), "wrong_header"),
        (f"{HEADER},amount\n26,1,2025-11-02,B,1\n".encode(), "wrong_header"),
        (b"Payment code,amount,received_on,bank_reference\n26,1,2025-11-02,B\n", "wrong_header"),
        (b"x" * 400_000, "line_too_long"),
        (f'{HEADER}\n"26,1,2025-11-02,B\n'.encode() + b"26,1,2025-11-02,B\n" * 200, "open_quote"),
    ],
)
def test_a_file_that_is_no_bank_file_says_why(content: bytes, code: str) -> None:
    assert code in [each for _, _, each in codes(content)]
    assert bankfile.read(content).lines == []


def test_problems_past_the_most_that_are_listed_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bankfile, "MOST_PROBLEMS", 3)
    found = bankfile.read(f"{HEADER}\n{',,,' * 1}\n{'x,0,y,B' * 1}\nx,0,y,C\n".encode())
    assert [problem.code for problem in found.problems][-1] == "more_problems"
    assert len(found.problems) == 4


def test_more_payments_than_are_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bankfile, "MOST_LINES", 1)
    assert codes(f"{HEADER}\n26,1,2025-11-02,B1\n26,1,2025-11-02,B2\n") == [(3, None, "too_many_lines")]
