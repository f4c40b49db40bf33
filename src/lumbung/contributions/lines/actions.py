"""Store the lines of returns, and note which of them are taken back."""

from collections.abc import Iterable

from django.db import connection

from lumbung.law.contributions import Assessment

_LINES = """
    COPY contributions_returnline (
        returned_id, member_number_id, line, wage, back_pay, jht_employer, jht_member, jp_wage, jp_employer,
        jp_member, jkk, jkm, job_loss
    ) FROM STDIN
"""


def copy(return_id: int, lines: Iterable[tuple[str, int, int, int, Assessment, bool]]) -> None:
    """Store lines by COPY: member number, line, wage, back-pay, what is owed, insured against job loss."""
    with connection.cursor() as cursor, cursor.copy(_LINES) as rows:
        for number, line, wage, back_pay, owed, job_loss in lines:
            rows.write_row(
                (
                    return_id, number, line, wage, back_pay, owed.jht_employer, owed.jht_member, owed.jp_wage,
                    owed.jp_employer, owed.jp_member, owed.jkk, owed.jkm, job_loss,
                )
            )  # fmt: skip


def copy_taken_back(return_id: int, line_ids: Iterable[int]) -> None:
    """Note the lines that a correction takes back once it is settled; the database refuses a line twice."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY contributions_takenback (line_id, by_id) FROM STDIN") as rows,
    ):
        for line_id in line_ids:
            rows.write_row((line_id, return_id))
