"""An invented fund of employers, reported and paid for through the same actions as real input."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lumbung.contributions import actions as contributions
from lumbung.contributions.models import Return
from lumbung.law.month import Month
from lumbung.payments import actions as payments
from lumbung.registry import actions as registry
from lumbung.registry.models import Employer

CHUNK = 20_000
BANK_COLUMNS = ("payment_code", "amount", "received_on", "bank_reference")


@dataclass(frozen=True, slots=True)
class Workforce:
    """An employer and the member numbers of its workers, ascending."""

    employer: Employer
    numbers: Sequence[str]


def hire(place: int, first: int, count: int) -> Workforce:
    """Register the employer with this place in the fund, and members from the number `first` on, all employed."""
    employer = registry.register_employer(
        full_number=f"{place:08d}-000", name=f"PT Contoh {place}", risk_class="II", size="large"
    )
    numbers = [f"{at:011d}" for at in range(first, first + count)]
    for start in range(0, count, CHUNK):
        chunk = numbers[start : start + CHUNK]
        persons = [registry.NewPerson(f"Contoh {number}", date(1990, 1, 1), (number,)) for number in chunk]
        registry.register_persons(persons)
        hired = [registry.NewEmployment(number, date(2020, 1, 1)) for number in chunk]
        registry.start_employments(employer, hired)
    return Workforce(employer, numbers)


def wage_file(numbers: Sequence[str], month: Month) -> bytes:
    """A month's payroll file. Its first name carries the month, so that no two months' files are the same."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("KPJ", "Nama", "Upah"))
    for at, number in enumerate(numbers):
        writer.writerow((number, f"Contoh {number}", 4_000_000 + 1_000 * ((at + month.month) % 5_000)))
    return stream.getvalue().encode()


def now(month: Month) -> datetime:
    """When a month is reported and paid: on the tenth of the next one, before any due date."""
    later = month + 1
    return datetime(later.year, later.month, 10, 5, tzinfo=UTC)


def report(work: Workforce, month: Month, content: bytes) -> Return:
    at = now(month)
    taken = contributions.take_in_return(
        work.employer, month, content, file_name="upah.csv", today=at.date(), now=at
    )
    return taken.returned


def pay(returns: Sequence[Return], month: Month) -> None:
    """Take in one bank file that pays all of them."""
    at = now(month)
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(BANK_COLUMNS)
    for returned in returns:
        code = returned.payment_code
        writer.writerow((code.code, code.amount, at.date(), f"BENCH-{code.code}"))
    taken = payments.take_in_bank_file(stream.getvalue().encode(), today=at.date(), now=at)
    assert len(taken.matched) == len(returns), "the bank file pays every return"
