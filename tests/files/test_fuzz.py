"""Random bytes and mutated good files: never an exception, always rows or problems."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumbung.payments import bankfile

from .making import HEADING, LIST, csv_of, parts_of, read, sheet_data, text_cell, xlsx_of, zip_of

quick = settings(deadline=None, suppress_health_check=list(HealthCheck))
few = settings(quick, max_examples=20)  # each starts a process

CSVS = [csv_of(LIST), csv_of(LIST, ";", "utf-8-sig"), csv_of(LIST, "\t", "utf-16")]
WORKBOOKS = [xlsx_of(LIST), zip_of(parts_of(sheet_data()))]
BANK_FILE = b"payment_code,amount,received_on,bank_reference\n260000000001,1000,2025-11-02,BCA-1\n"

mutations = st.lists(
    st.tuples(st.sampled_from(["set", "cut", "insert", "double"]), st.floats(0, 1), st.binary(max_size=8)),
    min_size=1,
    max_size=6,
)


def mutated(content: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    """The content with each change made at its place."""
    for kind, where, what in changes:
        at = int(where * len(content))
        head, tail = content[:at], content[at:]
        content = {
            "set": head + what + tail[len(what) :],
            "cut": head + tail[len(what) + 1 :],
            "insert": head + what + tail,
            "double": head + tail[:50] + tail,
        }[kind]
    return content


@quick
@given(st.binary(max_size=2_000))
def test_random_bytes_are_rows_or_problems(content: bytes) -> None:
    found = read(content)
    assert found.rows or found.problems


@quick
@given(st.sampled_from(CSVS), mutations)
def test_a_mutated_csv_is_rows_or_problems(content: bytes, changes: list[tuple[str, float, bytes]]) -> None:
    found = read(mutated(content, changes))
    assert found.rows or found.problems


@quick
@given(st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_any_text_below_a_heading_is_rows_or_problems(rows: list[list[str]], separator: str) -> None:
    found = read(csv_of([HEADING, *rows], separator, "utf-8-sig") if _encodes(rows) else b"")
    assert found.rows or found.problems


def _encodes(rows: list[list[str]]) -> bool:
    return not any(0xD800 <= ord(sign) < 0xE000 for row in rows for cell in row for sign in cell)


@few
@given(st.sampled_from(WORKBOOKS), mutations)
def test_a_mutated_workbook_is_rows_or_problems(content: bytes, changes: list[tuple[str, float, bytes]]) -> None:
    found = read(mutated(content, changes))
    assert found.rows or found.problems


cells = st.one_of(
    st.builds(lambda value: f"<c><v>{value}</v></c>", st.one_of(st.integers(), st.floats())),
    st.builds(
        lambda kind, value: f'<c t="{kind}"><v>{value}</v></c>',
        st.sampled_from(["s", "b", "e", "d", "n", "str", "?"]),
        st.sampled_from(
            ["0", "-1", "99999999999999999999", "2025-10-01", "2025-10-01T10:00:00", "TRUE", "", "#N/A"]
        ),
    ),
    st.builds(lambda text: text_cell("", text), st.text(st.characters(codec="ascii", exclude_characters="<&"))),
)


@few
@given(st.lists(st.lists(cells, max_size=4), max_size=5))
def test_a_workbook_of_odd_cells_is_rows_or_problems(rows: list[list[str]]) -> None:
    extra = "".join(f"<row>{''.join(row)}</row>" for row in rows)
    found = read(zip_of(parts_of(sheet_data(extra))))
    assert found.rows or found.problems


@quick
@given(st.one_of(st.binary(max_size=500), st.builds(mutated, st.just(BANK_FILE), mutations)))
def test_a_bank_file_of_any_bytes_is_lines_or_problems(content: bytes) -> None:
    found = bankfile.read(content)
    assert found.lines or found.problems
    assert all(problem.say() for problem in found.problems)


row_values: dict[str, Any] = {"min_size": 4, "max_size": 4}


@quick
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), **row_values), max_size=6))
def test_a_bank_file_of_any_cells_is_lines_or_problems(rows: list[list[str]]) -> None:
    found = bankfile.read(csv_of([bankfile.COLUMNS, *rows]))
    assert found.lines or found.problems
