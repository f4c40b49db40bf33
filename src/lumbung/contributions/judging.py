"""Whether the rows of a return fit the registry, and what each of them owes by law."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lumbung.contributions.returnfile import Row
from lumbung.errors import Problem, marked
from lumbung.law.contributions import Assessment, assess
from lumbung.law.month import Month
from lumbung.registry import names

NOT_A_WORKER = marked(
    "No worker of this employer has this number in this month. Check the digits, or register the worker first."
)
NIK_DIFFERS = marked(
    "The member number and the identity number (NIK) belong to different persons. Correct one of them."
)
SEVERAL_NUMBERS = marked(
    "The person with this identity number (NIK) works here under several member numbers. Write the member number."
)
NAME_DIFFERS = marked(
    "The name differs clearly from the registered one. Check the number, or have the name corrected."
)
BIRTH_DATE_DIFFERS = marked(
    "The birth date differs from the registered one. Check the number, or have the birth date corrected."
)
TWICE = marked("This member stands in line {other} already. Keep one line for each member.")
ALREADY_PAID = marked(
    "This employer has already paid this member's contributions for the month. Leave the line out; a wrong wage is"
    " corrected by the fund."
)
NOTHING_OWED = marked("No contribution follows from this file: every wage is 0. Check the wage column.")


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the employer's workers in the month, as registered."""

    member_number: str
    person_id: int
    name: str
    nik_index: bytes | None = field(repr=False)
    birth_date: date | None = field(repr=False)
    job_loss: bool = False


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A row that fits, and what it owes."""

    row: Row
    member_number: str
    assessment: Assessment
    job_loss: bool = False


class Workers:
    """An employer's workers in a month, found by member number or by the blind index of the NIK."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._by_number = {worker.member_number: worker for worker in workers}
        self._by_nik: dict[bytes, list[Worker]] = {}
        for worker in workers:
            if worker.nik_index is not None:
                self._by_nik.setdefault(worker.nik_index, []).append(worker)

    def find(self, row: Row, nik_index: bytes | None) -> Worker | tuple[str, str, str]:
        """The worker a row speaks of, or (code, sentence, field) of what is wrong."""
        if row.member_number is None:
            found = self._by_nik.get(nik_index or b"", [])
            if len(found) == 1:
                return found[0]
            if found:
                return "several_numbers", SEVERAL_NUMBERS, "nik"
            return "not_a_worker", NOT_A_WORKER, "nik"
        worker = self._by_number.get(row.member_number)
        if worker is None:
            return "not_a_worker", NOT_A_WORKER, "member_number"
        if nik_index is not None and nik_index != worker.nik_index:
            return "nik_differs", NIK_DIFFERS, "nik"
        return worker


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law needs to know of the employer for one month.

    A return keeps them (`kept`), so that it can be explained, and corrected, as it was assessed.
    """

    month: Month
    risk_class: str
    size: str
    programmes: frozenset[str]
    labour_intensive: bool = False
    relief_covid: bool = False

    def assess(self, wage: int) -> Assessment:
        """What is owed for one worker of the employer on this wage, back-pay included."""
        return assess(
            wage=wage,
            month=self.month,
            risk_class=self.risk_class,
            programmes=self.programmes,
            labour_intensive=self.labour_intensive,
            relief_covid=self.relief_covid,
        )

    @property
    def kept(self) -> dict[str, object]:
        """The terms without their month, as JSON can hold them."""
        return {
            "risk_class": self.risk_class,
            "size": self.size,
            "programmes": sorted(self.programmes),
            "labour_intensive": self.labour_intensive,
            "relief_covid": self.relief_covid,
        }

    @classmethod
    def of(cls, month: Month, kept: Mapping[str, Any]) -> "Terms":
        """The terms that were kept, for this month."""
        return cls(month=month, **{**kept, "programmes": frozenset(kept["programmes"])})


def judge(
    rows: Sequence[Row],
    *,
    workers: Workers,
    nik_indexes: Mapping[str, bytes],
    already_paid: Set[str],
    terms: Terms,
    titles: Mapping[str, str],
) -> tuple[list[JudgedLine], list[Problem]]:
    """The lines that fit with what each owes, and every problem found.

    `nik_indexes` gives the blind index of each NIK in the rows; `already_paid` the member numbers for which this
    employer's contributions of the month are settled; `titles` the file's own heading of each field. Back-pay
    counts with the month's wage (docs/decisions/0008).
    """
    lines: list[JudgedLine] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    assessed: dict[int, Assessment] = {}
    for row in rows:
        worker = workers.find(row, None if row.nik is None else nik_indexes[row.nik])
        if not isinstance(worker, Worker):
            code, sentence, column = worker
            problems.append(_problem(row, code, sentence, column, titles))
            continue
        wrong = _differences(row, worker, seen, already_paid, titles)
        seen.setdefault(worker.member_number, row.line)
        if wrong:
            problems.extend(wrong)
            continue
        base = row.wage + row.back_pay
        if base not in assessed:
            assessed[base] = terms.assess(base)
        lines.append(JudgedLine(row, worker.member_number, assessed[base], worker.job_loss))
    return lines, problems


def _differences(
    row: Row, worker: Worker, seen: Mapping[str, int], already_paid: Set[str], titles: Mapping[str, str]
) -> list[Problem]:
    number = worker.member_number
    found = []
    if number in seen:
        found.append(_problem(row, "twice", TWICE, "member_number", titles, other=seen[number]))
    if number in already_paid:
        found.append(_problem(row, "already_paid", ALREADY_PAID, "member_number", titles))
    if not names.same_name(row.name, worker.name):
        found.append(_problem(row, "name_differs", NAME_DIFFERS, "name", titles))
    if row.birth_date is not None and worker.birth_date is not None and row.birth_date != worker.birth_date:
        found.append(_problem(row, "birth_date_differs", BIRTH_DATE_DIFFERS, "birth_date", titles))
    return found


def _problem(
    row: Row, code: str, sentence: str, column: str, titles: Mapping[str, str], **facts: object
) -> Problem:
    value = getattr(row, column)
    written = value.strftime("%d-%m-%Y") if isinstance(value, date) else value
    return Problem(code, sentence, row.line, titles.get(column, column), written, facts)
