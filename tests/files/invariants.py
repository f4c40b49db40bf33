"""What holds of every file that is read, whatever it is."""

import resource
import time

from lumbung.contributions.returnfile import amounts
from lumbung.errors import Problem
from lumbung.payments import bankfile

from .corpus.example import MONTH
from .making import read

MOST_SECONDS = 8  # of processor time for one small file, the reading process included


def _processor_time() -> float:
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def of_problems(problems: list[Problem]) -> None:
    """Each has a sentence, a place and a value that a page can show and a database keep."""
    for problem in problems:
        assert problem.code
        assert "{" not in problem.say()
        assert problem.line is None or problem.line >= 1
        for shown in (problem.column, problem.value):
            assert shown is None or ("\x00" not in shown and len(shown) <= 200)
            (shown or "").encode()


def of_a_return(content: bytes) -> str:
    """Read as a return; what kind of outcome it had."""
    began = _processor_time()
    found = read(content, MONTH)
    assert _processor_time() - began < MOST_SECONDS, "it goes round for ever, or nearly"
    of_problems(found.problems)
    lines = [row.line for row in found.rows]
    assert lines == sorted(set(lines)), "a line twice or out of order"
    assert not {problem.line for problem in found.problems} & set(lines), "a line is good and a problem"
    for row in found.rows:
        assert row.member_number or row.nik
        assert row.member_number is None or (
            row.member_number.isdigit() and len(row.member_number) in (10, 11, 12)
        )
        assert row.nik is None or (row.nik.isdigit() and len(row.nik) == 16)
        assert row.name
        assert row.name.isprintable()
        assert 0 <= row.wage <= amounts.LARGEST
        assert 0 <= row.back_pay <= amounts.LARGEST
    for numbers in ([row.member_number for row in found.rows], [row.nik for row in found.rows]):
        known = [number for number in numbers if number]
        assert len(known) == len(set(known)), "a member twice"
    if sum(content[:64]) % 10 == 0:
        assert read(content, MONTH) == found, "read twice, two outcomes"
    if not found.problems:
        return f"{found.format} accepted"
    return f"{found.format or 'file'} refused"


def of_a_bank_file(content: bytes) -> str:
    """Read as a bank file; what kind of outcome it had."""
    found = bankfile.read(content)
    assert found.lines or found.problems
    of_problems(found.problems)
    references = [line.bank_reference for line in found.lines]
    assert len(references) == len(set(references))
    for line in found.lines:
        assert 0 < line.amount <= bankfile.LARGEST_AMOUNT
        for text in (line.payment_code, line.bank_reference):
            assert text
            assert text.isprintable()
            assert len(text) <= bankfile.LONGEST_TEXT
    return "bank file refused" if found.problems else "bank file accepted"
